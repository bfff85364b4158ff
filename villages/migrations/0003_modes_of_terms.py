"""Terms opened before they chose their modes: those their elections are held in."""

from django.db import migrations


def fill_in(apps, schema_editor):
    Term = apps.get_model("villages", "Term")
    Election = apps.get_model("villages", "Election")
    for term in Term.objects.all():
        held = set(Election.objects.filter(term=term).values_list("mode", flat=True))
        term.modes = [mode for mode in ("nominated", "self_nominated") if mode in held | {"nominated"}]
        term.save(update_fields=["modes"])


class Migration(migrations.Migration):
    dependencies = [("villages", "0002_courses")]

    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
