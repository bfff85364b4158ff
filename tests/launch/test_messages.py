"""What the check of the translations says."""

import pytest

from election_admin.launch import messages

# Django puts its working copies beside the templates: two at once take each other's away.
pytestmark = pytest.mark.xdist_group("messages")

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#: ballots/views.py
msgid "{sentence}"
msgstr "{english}"
"""


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    path = tmp_path / "office.po"
    monkeypatch.setattr(messages, "CATALOGUE", path)
    return path


@pytest.fixture
def code_says(monkeypatch):
    def say(sentence):
        def gather(locale, *, ignore=()):
            fresh = locale / "en" / "LC_MESSAGES"
            fresh.mkdir(parents=True)
            (fresh / "django.po").write_text(PO.format(sentence=sentence, english=""), encoding="utf-8")

        monkeypatch.setattr(messages, "gather", gather)

    return say


def test_objections_to_none(catalogue, code_says):
    code_says("选举日")
    catalogue.write_text(PO.format(sentence="选举日", english="Election day"), encoding="utf-8")
    assert messages.objections() == []


def test_objections_to_a_new_sentence(catalogue, code_says):
    code_says("村民代表会议")
    catalogue.write_text(PO.format(sentence="选举日", english="Election day"), encoding="utf-8")
    (line,) = messages.objections()
    assert line.startswith('"村民代表会议": this message is used but not defined')


def test_objections_to_an_untranslated_sentence(catalogue, code_says):
    code_says("选举日")
    catalogue.write_text(PO.format(sentence="选举日", english=""), encoding="utf-8")
    assert messages.objections() == ['"选举日": this message is untranslated']


def test_objections_to_a_guess(catalogue, code_says):
    code_says("选举日")
    guessed = PO.format(sentence="选举日", english="Day of the vote").replace(
        "#: ballots", "#, fuzzy\n#: ballots"
    )
    catalogue.write_text(guessed, encoding="utf-8")
    assert messages.objections() == ['"选举日": this message needs to be reviewed by the translator']


def test_objections_to_a_sentence_no_longer_used(catalogue, code_says):
    code_says("选举日")
    old = '\nmsgid "选民证"\nmsgstr "Voter card"\n'
    catalogue.write_text(PO.format(sentence="选举日", english="Election day") + old, encoding="utf-8")
    assert messages.objections() == ['"选民证": warning: this message is not used']


def test_sentences_of_drawings_are_gathered(catalogue):
    catalogue.write_text(PO.format(sentence="不会出现的句子", english="x"), encoding="utf-8")
    bar = '"%(name)s：%(label)s%(number)s个，共%(total)s个村": this message is used but not defined'
    assert bar in "\n".join(messages.objections())


def test_the_check_changes_nothing(catalogue):
    locale = messages.ROOT / "locale"
    before = {path: path.stat().st_mtime_ns for path in locale.rglob("*")}
    catalogue.write_text(PO.format(sentence="不会出现的句子", english="x"), encoding="utf-8")
    assert '"登录": this message is used but not defined' in "\n".join(messages.objections())
    assert {path: path.stat().st_mtime_ns for path in locale.rglob("*")} == before
