"""Each candidacy entered so far keeps its nomination as a row of its own."""

from datetime import UTC, datetime, time

from django.db import migrations

BATCH = 500


def keep_nominations(apps, schema_editor):
    candidacies = apps.get_model("candidates", "Candidacy").objects.filter(nominations__isnull=True)
    nomination = apps.get_model("candidates", "Nomination")
    nomination.objects.bulk_create(
        (
            nomination(
                candidacy_id=one.pk,
                post=one.post,
                how=one.how,
                nominated_on=one.nominated_on,
                supporters=one.supporters,
                # Nobody kept the hour: noon in China of the day of the nomination.
                recorded_at=datetime.combine(one.nominated_on, time(4), tzinfo=UTC),
            )
            for one in candidacies.iterator()
        ),
        batch_size=BATCH,
    )


class Migration(migrations.Migration):
    dependencies = (("candidates", "0002_joint_review"),)

    operations = (migrations.RunPython(keep_nominations, migrations.RunPython.noop),)
