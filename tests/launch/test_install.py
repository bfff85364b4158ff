"""What the installer decides. Nothing here reaches the network or the package manager."""

import os
import stat
import subprocess
import time
from pathlib import Path
from typing import ClassVar
from xml.etree import ElementTree

import environ
import pytest
from cryptography.fernet import Fernet

from election_admin.launch import install

ROOT = Path(__file__).resolve().parents[2]
HASHES = {"requirements.txt": "a", "requirements-dev.txt": "b"}


@pytest.mark.parametrize(("version", "refused"), [((3, 11), False), ((3, 10), True), ((3, 13), True)])
def test_python_objection(version, refused):
    objection = install.python_objection(version, "/usr/bin/python3")
    assert (objection is not None) == refused


def test_python_objection_says_what_to_do():
    assert "install python3.11" in str(install.python_objection((3, 9), "/usr/bin/python3"))


def test_wanted_packages_for_running():
    assert install.wanted_packages(dev=False, can_make_venv=True) == install.SYSTEM_PACKAGES


def test_wanted_packages_for_tests_hold_those_for_running():
    wanted = install.wanted_packages(dev=True, can_make_venv=True)
    assert set(install.SYSTEM_PACKAGES) < set(wanted)
    assert {"chromium", "poppler-utils"} < set(wanted)


def test_wanted_packages_where_debian_left_out_venv():
    assert "python3.11-venv" in install.wanted_packages(dev=False, can_make_venv=False)


@pytest.mark.parametrize(
    ("listed", "missing"),
    [
        ("gettext installed\nchromium installed\n", []),
        ("gettext installed\n", ["chromium"]),
        ("gettext installed\nchromium config-files\n", ["chromium"]),
        ("gettext half-installed\nchromium not-installed\n", ["gettext", "chromium"]),
        ("", ["gettext", "chromium"]),
    ],
)
def test_missing_packages(listed, missing):
    assert install.missing_packages(["gettext", "chromium"], listed) == missing


RUN = {"requirements.txt": "a"}
DEV = {"requirements.txt": "a", "requirements-dev.txt": "b"}


@pytest.mark.parametrize(
    ("stamp", "dev", "expected"),
    [
        ({}, False, "requirements.txt"),
        ({}, True, "requirements-dev.txt"),
        (RUN, False, None),
        (RUN, True, "requirements-dev.txt"),
        (DEV, False, None),
        (DEV, True, None),
        ({"requirements.txt": "old"}, False, "requirements.txt"),
        ({**DEV, "requirements.txt": "old"}, False, "requirements-dev.txt"),
        ({**DEV, "requirements-dev.txt": "old"}, True, "requirements-dev.txt"),
        ({**DEV, "requirements-dev.txt": "old"}, False, None),
    ],
)
def test_set_to_install_never_takes_the_tests_packages_away(stamp, dev, expected):
    assert install.set_to_install(stamp, HASHES, dev=dev) == expected


def test_uv_environment_uses_the_mirror_of_pip(monkeypatch):
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    assert install.uv_environment()["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


def test_uv_environment_leaves_the_mirror_of_uv(monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example/simple")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    assert install.uv_environment()["UV_DEFAULT_INDEX"] == "https://own.example/simple"


# --- secrets --------------------------------------------------------------
def test_make_secrets(tmp_path):
    install.make_secrets(tmp_path, {})
    path = tmp_path / "secrets.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made = read_secrets(path)
    assert set(made) == {"SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"}
    assert len(made["SECRET_KEY"]) >= 50
    Fernet(made["FIELD_KEYS"])
    assert [file.name for file in tmp_path.iterdir()] == ["secrets.env"]


def test_make_secrets_never_overwrites(tmp_path):
    install.make_secrets(tmp_path, {})
    first = (tmp_path / "secrets.env").read_bytes()
    install.make_secrets(tmp_path, {})
    assert (tmp_path / "secrets.env").read_bytes() == first


def test_make_secrets_loses_a_race_quietly(tmp_path, monkeypatch):
    def somebody_is_faster() -> str:
        (tmp_path / "secrets.env").write_text("SECRET_KEY=theirs\n")
        return "SECRET_KEY=ours\n"

    monkeypatch.setattr(install, "new_secrets", somebody_is_faster)
    install.make_secrets(tmp_path, {})
    assert (tmp_path / "secrets.env").read_text() == "SECRET_KEY=theirs\n"


def test_make_secrets_leaves_a_served_office_alone(tmp_path):
    install.make_secrets(tmp_path, {"SECRET_KEY": "given"})
    assert list(tmp_path.iterdir()) == []


def test_make_secrets_refuses_when_the_data_had_other_keys(tmp_path):
    (tmp_path / "office.sqlite3").touch()
    with pytest.raises(SystemExit, match=r"secrets\.env is missing"):
        install.make_secrets(tmp_path, {})
    assert not (tmp_path / "secrets.env").exists()


def test_two_sets_of_secrets_differ():
    assert install.new_secrets() != install.new_secrets()


def read_secrets(path: Path) -> dict[str, str]:
    """Read the file as the settings do, without touching the tests' environment."""

    class Reader(environ.Env):
        ENVIRON: ClassVar[dict[str, str]] = {}

    Reader.read_env(str(path))
    return Reader.ENVIRON


# --- fonts ----------------------------------------------------------------
def test_write_fonts_conf(tmp_path):
    fonts = tmp_path / "var & more" / "fonts"
    fonts.mkdir(parents=True)
    install.write_fonts_conf(fonts)
    root = ElementTree.parse(fonts / "fonts.conf").getroot()  # noqa: S314 - written a line above
    assert root.findtext("dir") == str(fonts)
    assert root.findtext("cachedir") == str(fonts.parent / "font-cache")
    assert root.findtext("include") == "/etc/fonts/fonts.conf"
    assert root.findtext("match/edit/const") == "bold"


def test_write_fonts_conf_forgets_the_cache_only_when_the_rules_change(tmp_path):
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    install.write_fonts_conf(fonts)
    scanned = tmp_path / "font-cache" / "scanned"
    scanned.touch()
    install.write_fonts_conf(fonts)
    assert scanned.exists()
    (fonts / "fonts.conf").write_text("<fontconfig/>")
    install.write_fonts_conf(fonts)
    assert not scanned.exists()


@pytest.fixture
def without_fandol(monkeypatch, tmp_path):
    monkeypatch.setattr(install, "FANDOL_FOLDER", str(tmp_path / "not-installed"))
    return tmp_path / "fonts"


def test_install_fonts_goes_on_without_fandol(without_fandol, monkeypatch, capsys):
    monkeypatch.setattr(install, "fetch_fandol", lambda fonts: "the machine is offline")
    install.install_fonts(without_fandol)
    assert "Noto fonts instead, because the machine is offline" in capsys.readouterr().out
    assert (without_fandol / "fonts.conf").exists()


def test_install_fonts_does_not_try_again_at_every_start(without_fandol, monkeypatch):
    tried = []

    def fetch(fonts: Path) -> str:
        tried.append(fonts)
        return "offline"

    monkeypatch.setattr(install, "fetch_fandol", fetch)
    install.install_fonts(without_fandol)
    install.install_fonts(without_fandol)
    assert len(tried) == 1
    long_ago = time.time() - install.TRY_AGAIN_AFTER - 1
    os.utime(without_fandol / "fandol-not-available", (long_ago, long_ago))
    install.install_fonts(without_fandol)
    assert len(tried) == 2


def test_install_fonts_takes_those_the_system_has(without_fandol, monkeypatch, tmp_path):
    system = tmp_path / "not-installed"
    system.mkdir()
    for name in install.FANDOL_FILES:
        (system / name).write_text(name)
    monkeypatch.setattr(install, "fetch_fandol", lambda fonts: pytest.fail("nothing is to be fetched"))
    install.install_fonts(without_fandol)
    assert {name: (without_fandol / name).read_text() for name in install.FANDOL_FILES} == {
        name: name for name in install.FANDOL_FILES
    }


def debian_package(folder: Path, names: tuple[str, ...]) -> Path:
    content = folder / "package"
    (content / "DEBIAN").mkdir(parents=True)
    (content / "DEBIAN" / "control").write_text(
        "Package: fonts\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n"
    )
    fandol = content / install.FANDOL_FOLDER.lstrip("/")
    fandol.mkdir(parents=True)
    for name in (*names, "FandolBraille-Regular.otf"):
        (fandol / name).write_text(name)
    package = folder / "fonts.deb"
    subprocess.run(["dpkg-deb", "--build", str(content), str(package)], check=True, capture_output=True)
    return package


def test_unpack_fandol_takes_only_what_is_needed(tmp_path):
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    assert install.unpack_fandol(debian_package(tmp_path, install.FANDOL_FILES), fonts) is None
    assert {path.name for path in fonts.iterdir()} == set(install.FANDOL_FILES)


def test_unpack_fandol_names_what_lacks(tmp_path):
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    package = debian_package(tmp_path, install.FANDOL_FILES[1:])
    assert install.unpack_fandol(package, fonts) == "texlive-lang-chinese lacks FandolFang-Regular.otf"


# --- translations ---------------------------------------------------------
def test_stale_catalogues(tmp_path):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po, mo = folder / "django.po", folder / "django.mo"
    po.touch()
    assert install.stale_catalogues(tmp_path) == [po]
    mo.touch()
    os.utime(po, (1_000, 1_000))
    assert install.stale_catalogues(tmp_path) == []
    os.utime(mo, (999, 999))
    assert install.stale_catalogues(tmp_path) == [po]


# --- what is written down -------------------------------------------------
HOSTS = (
    b"pypi.org/simple",
    b"files.pythonhosted",
    b"registry.npmjs",
    b"deb.debian.org",
    b"unpkg",
    b"jsdelivr",
    b"cdnjs",
    b"googleapis",
)


def test_no_registry_is_named_in_any_file():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    named = {
        f"{path.relative_to(ROOT)}: {host.decode()}"
        for path in files
        if path.is_file() and path != Path(__file__)
        for host in HOSTS
        if host in path.read_bytes()
    }
    assert named == set()
