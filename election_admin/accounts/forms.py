"""Forms of the accounts pages."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordMixin
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from election_admin.accounts.models import Role, User
from election_admin.forms import OfficeForm
from election_admin.places.models import Place
from election_admin.rulebooks.departments import load_departments


class LogInForm(AuthenticationForm):
    """Login and password."""

    error_messages = {
        "invalid_login": _("工号（手机号）或密码不对，请重新输入。注意字母大小写。"),
        "inactive": _("此账号已停用，请与系统管理员联系。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("工号或手机号")
        self.helper = FormHelper()
        self.helper.add_input(Submit("log_in", _("登录"), css_class="w-100"))


class PasswordForm(SetPasswordMixin, forms.Form):  # type: ignore[type-arg]  # generic in its stubs only
    """A new password, asked for together with the old one."""

    old_password = forms.CharField(
        label=_("原密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password1, new_password2 = SetPasswordMixin.create_password_fields(
        label1=_("新密码"), label2=_("再输一次新密码")
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("修改密码")))

    def clean_old_password(self) -> str:
        old_password: str = self.cleaned_data["old_password"]
        if not self.user.check_password(old_password):
            raise forms.ValidationError(_("原密码不对。"))
        return old_password

    def clean(self) -> dict[str, Any]:
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.user, "new_password2")
        return self.cleaned_data


class RemindersForm(OfficeForm):
    """The morning's list by mail."""

    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        max_length=120,
        error_messages={"invalid": _("电子邮箱的写法不对，应像 name@example.com 这样。")},
    )
    wants_digest = forms.BooleanField(
        label=_("每天早上把需要我办理的事项发到我的邮箱"),
        required=False,
        help_text=_(
            "乡镇、村和县：逾期和七天内到期的步骤。联审部门：还没有答复的联审征询。没有时不发，信里没有人名。"
        ),
    )


class AccountForm(forms.ModelForm[User]):
    """A new account with its first membership."""

    role = forms.ChoiceField(label=_("角色"), choices=Role)
    place_code = forms.CharField(
        label=_("所属地区的区划代码"),
        max_length=12,
        help_text=_("县6位、乡镇9位、村12位，可在地区列表中查到。"),
    )
    department = forms.ChoiceField(label=_("联审部门"), required=False)
    password = forms.CharField(
        label=_("初始密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少10位。请当面告知本人，并请其首次登录后修改。"),
    )

    class Meta:
        model = User
        fields = ("login", "name")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        language = "zh"
        self.fields["department"].choices = [("", "—")] + [  # type: ignore[attr-defined]
            (one.code, one.title.in_(language)) for one in load_departments()
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout("name", "login", "role", "place_code", "department", "password")
        self.helper.add_input(Submit("save", _("建立账号")))

    def clean_place_code(self) -> str:
        code: str = self.cleaned_data["place_code"]
        if not Place.objects.visible_to(self.user).filter(code=code).exists():
            raise forms.ValidationError(_("您管理的范围内没有区划代码为 %s 的地区。") % code)
        return code

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(login=self.data.get("login", ""), name=self.data.get("name", "")))
        return password
