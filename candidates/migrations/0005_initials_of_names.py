"""People entered so far are found by the first letters of their pinyin too."""

from itertools import islice

from django.db import migrations

from election_admin.pinyin import initials

BATCH = 500


def work_out_initials(apps, schema_editor):
    people = apps.get_model("candidates", "Person").objects.only("name")
    waiting = people.iterator(chunk_size=BATCH)
    while batch := list(islice(waiting, BATCH)):
        for person in batch:
            person.initials = initials(person.name)
        people.model.objects.bulk_update(batch, ["initials"])


class Migration(migrations.Migration):
    dependencies = (("candidates", "0004_person_initials"),)

    operations = (migrations.RunPython(work_out_initials, migrations.RunPython.noop),)
