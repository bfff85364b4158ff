"""What is asked of whoever asks for a document."""

from django import forms
from django.utils.translation import gettext_lazy as _

from election_admin.documents.models import Language


class RequestForm(forms.Form):
    """The document's language; Chinese unless somebody says otherwise."""

    language = forms.ChoiceField(
        label=_("语言"),
        choices=Language.choices,
        required=False,
        error_messages={"invalid_choice": _("文件只有中文和英文两种，请重新选择语言。")},
    )

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or Language.CHINESE
