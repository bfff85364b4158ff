"""What attaching and withdrawing are asked for."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.evidence.actions import REASON_LENGTH
from election_admin.evidence.checks import ACCEPT
from election_admin.forms import OfficeForm


def limits() -> str:
    """What may be uploaded, in a sentence."""
    return _("照片（JPG、PNG、WebP）或PDF，每个不超过%(size)s，最多%(most)d个。") % {
        "size": filesizeformat(settings.UPLOAD_FILE_BYTES),
        "most": settings.EVIDENCE_FILES_PER_ROW,
    }


class SeveralFilesInput(forms.FileInput):
    """A file input that takes several files; on a phone it offers the camera."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__({"accept": ACCEPT})


class SeveralFilesField(forms.FileField):
    """The files chosen, as a list; what they hold is checked by the action, one by one."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(one, initial) for one in chosen or [None]]


class AttachForm(OfficeForm):
    """The photos and scans to attach."""

    chosen = SeveralFilesField(
        label=_lazy("照片或扫描件"),
        # An empty file is refused by name, with the others.
        allow_empty_file=True,
        error_messages={"required": _lazy("请选择要上传的照片或扫描件。")},
    )
    submit_label: ClassVar[Any] = _lazy("上传")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].help_text = limits()


class WithdrawForm(OfficeForm):
    """Why evidence is withdrawn."""

    reason = forms.CharField(
        label=_lazy("撤下原因"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("例如：照片传错了，是另一个村的。撤下后不再显示，上传和撤下都留在操作日志中。"),
        error_messages={"required": _lazy("请写明撤下的原因。")},
    )
    submit_label: ClassVar[Any] = _lazy("撤下")
