"""What is asked of whoever imports a file."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.forms import OfficeForm
from election_admin.imports.workbooks import ACCEPT


class UploadForm(OfficeForm):
    """The Excel file."""

    file = forms.FileField(
        label=_lazy("Excel文件"),
        widget=forms.FileInput({"accept": ACCEPT}),
        # An empty file is refused by name, with a sentence of its own.
        allow_empty_file=True,
        error_messages={"required": _lazy("请选择填好的Excel文件。")},
    )
    submit_label: ClassVar[Any] = _lazy("上传并核对")

    def __init__(self, *args: Any, most_rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("Excel工作簿（.xlsx），不超过%(size)s、%(rows)d行。") % {
            "size": filesizeformat(settings.UPLOAD_FILE_BYTES),
            "rows": most_rows,
        }


class ConfirmForm(forms.Form):
    """Which reading of the file is confirmed."""

    reading = forms.IntegerField(min_value=0, max_value=32_767)
