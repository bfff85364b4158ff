"""Somebody nominated for several posts receives votes for each of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("candidates", "0007_objection_offices"),)

    operations = (
        migrations.AddField(
            model_name="candidacy",
            name="votes_by_post",
            field=models.JSONField(blank=True, default=dict),
        ),
    )
