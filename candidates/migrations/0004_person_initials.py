"""People are found by the first letters of their pinyin."""

from django.db import migrations

from election_admin.pinyin import InitialsField


class Migration(migrations.Migration):
    dependencies = (("candidates", "0003_nominations_of_candidacies"),)

    operations = (
        migrations.AddField(
            model_name="person",
            name="initials",
            field=InitialsField(blank=True, editable=False, max_length=400, name_field="name"),
        ),
    )
