"""Puts in place what the office needs before Django can start.

Runs with the machine's own Python, before .venv exists: it imports nothing but
the standard library, and not election_admin, whose package imports Celery.
Every step looks first, and does and says nothing when all is there.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from ctypes.util import find_library
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
LOCALE = ROOT / "locale"
RUN_SET = "requirements.txt"
DEV_SET = "requirements-dev.txt"

SYSTEM_PACKAGES = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-noto-cjk",
    "fontconfig",
    "gettext",
)
DEV_PACKAGES = ("chromium", "poppler-utils")
# What the packages above bring, for systems that dpkg does not know.
SYSTEM_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
SYSTEM_PROGRAMS = ("fc-list", "msgfmt")
DEV_PROGRAMS = ("chromium", "pdftoppm")

FANDOL_PACKAGE = "texlive-lang-chinese"
FANDOL_FOLDER = "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
FANDOL_FILES = (
    "FandolFang-Regular.otf",
    "FandolKai-Regular.otf",
    "FandolHei-Regular.otf",
    "FandolSong-Regular.otf",
    "FandolSong-Bold.otf",
)
TRY_AGAIN_AFTER = 24 * 60 * 60

FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <cachedir>{cache}</cachedir>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <!-- Fandol's bold Song says of itself that it is regular. -->
  <match target="scan">
    <test name="family"><string>FandolSong</string></test>
    <test name="style"><string>Bold</string></test>
    <edit name="weight" mode="assign"><const>bold</const></edit>
  </match>
</fontconfig>
"""


def say(what: str) -> None:
    print(what, flush=True)


def run(command: Sequence[str], **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command without a terminal, keeping what it prints."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options
    )


def complaint(result: subprocess.CompletedProcess[str]) -> str:
    """Return the last lines of what a failed command said."""
    return "\n".join((result.stderr.strip() or result.stdout.strip()).splitlines()[-5:])


# --- the machine ----------------------------------------------------------
def python_objection(version: tuple[int, int], executable: str) -> str | None:
    if version == (3, 11):
        return None
    found = ".".join(str(part) for part in version)
    return (
        f"Python 3.11 is needed and {executable} is {found}: install python3.11, "
        "or name yours, as in: make run PYTHON=/path/to/python3.11"
    )


def wanted_packages(*, dev: bool, can_make_venv: bool) -> tuple[str, ...]:
    """Return the Debian packages this installation stands on."""
    packages = SYSTEM_PACKAGES + (DEV_PACKAGES if dev else ())
    return packages if can_make_venv else (*packages, "python3.11-venv")


def missing_packages(wanted: Iterable[str], listed: str) -> list[str]:
    """Return the wanted packages which dpkg-query's list does not call installed."""
    installed = {
        name for name, status in (line.split() for line in listed.splitlines()) if status == "installed"
    }
    return [name for name in wanted if name not in installed]


def missing_parts(*, dev: bool) -> list[str]:
    """Return what a system without dpkg lacks, by library and program."""
    programs = SYSTEM_PROGRAMS + (DEV_PROGRAMS if dev else ())
    return [name for name in SYSTEM_LIBRARIES if find_library(name) is None] + [
        name for name in programs if shutil.which(name) is None
    ]


def install_system_packages(*, dev: bool) -> None:
    if shutil.which("dpkg-query") is None:
        if parts := missing_parts(dev=dev):
            sys.exit(f"Install these with this system's package manager, then try again: {', '.join(parts)}")
        return
    can_make_venv = venv_is_sound() or importlib.util.find_spec("ensurepip") is not None
    wanted = wanted_packages(dev=dev, can_make_venv=can_make_venv)
    listed = run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\\n", *wanted])
    missing = missing_packages(wanted, listed.stdout)
    if not missing:
        return
    by_hand = f"apt-get install --no-install-recommends {' '.join(missing)}"
    root = as_root()
    if root is None:
        sys.exit(f"System packages are missing and need an administrator; install them with: {by_hand}")
    say(f"system packages: {' '.join(missing)}")
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-o", "DPkg::Lock::Timeout=300"]
    update = run([*apt, "update"])
    result = run([*apt, "install", "--no-install-recommends", *missing])
    if result.returncode != 0:
        said = [complaint(step) for step in (update, result) if step.returncode != 0]
        sys.exit("\n".join([*said, f"apt-get could not install them; install them with: {by_hand}"]))


def as_root() -> list[str] | None:
    """Return the words that make a command run as root, or None when that needs a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


# --- fonts ----------------------------------------------------------------
def install_fonts(fonts: Path) -> None:
    fonts.mkdir(parents=True, exist_ok=True)
    write_fonts_conf(fonts)
    if all((fonts / name).exists() for name in FANDOL_FILES):
        return
    put_off = fonts / "fandol-not-available"
    if put_off.exists() and time.time() - put_off.stat().st_mtime < TRY_AGAIN_AFTER:
        return
    installed = Path(FANDOL_FOLDER)
    if all((installed / name).exists() for name in FANDOL_FILES):
        for name in FANDOL_FILES:
            replace_file(fonts / name, (installed / name).read_bytes())
        return
    say("fonts: FangSong, KaiTi, HeiTi and SongTi (Fandol)")
    if objection := fetch_fandol(fonts):
        put_off.write_text(objection + "\n", encoding="utf-8")
        say(f"warning: documents will use the Noto fonts instead, because {objection}")
    else:
        put_off.unlink(missing_ok=True)


def write_fonts_conf(fonts: Path) -> None:
    # Beside the fonts: a cache among them would itself be scanned for fonts, at every start.
    cache = fonts.with_name("font-cache")
    text = FONTS_CONF.format(fonts=escape(str(fonts)), cache=escape(str(cache)))
    conf = fonts / "fonts.conf"
    if not conf.exists() or conf.read_text(encoding="utf-8") != text:
        # What was scanned under the old rules must be scanned again.
        shutil.rmtree(cache, ignore_errors=True)
        replace_file(conf, text.encode())
    cache.mkdir(exist_ok=True)


def fetch_fandol(fonts: Path) -> str | None:
    """Unpack five files of the Debian package (installing it brings 374 MB); say why it did not work."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return "this system has no apt-get to download Fandol with"
    with tempfile.TemporaryDirectory(prefix="fandol-") as folder:
        download = ["apt-get", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]
        result = run([*download, "download", FANDOL_PACKAGE], cwd=folder)
        if result.returncode != 0 and (root := as_root()) is not None:
            run([*root, "apt-get", "update"])
            result = run([*download, "download", FANDOL_PACKAGE], cwd=folder)
        packages = list(Path(folder).glob("*.deb"))
        if result.returncode != 0 or not packages:
            return f"apt-get could not download {FANDOL_PACKAGE}: {complaint(result)}"
        return unpack_fandol(packages[0], fonts)


def unpack_fandol(package: Path, fonts: Path) -> str | None:
    found = set()
    with (
        subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE) as unpacking,
        tarfile.open(fileobj=unpacking.stdout, mode="r|") as archive,
    ):
        for member in archive:
            path = Path("/", member.name)
            if path.parent == Path(FANDOL_FOLDER) and path.name in FANDOL_FILES and member.isfile():
                with archive.extractfile(member) as content:  # type: ignore[union-attr]
                    replace_file(fonts / path.name, content.read())
                found.add(path.name)
    lacking = sorted(set(FANDOL_FILES) - found)
    return f"{FANDOL_PACKAGE} lacks {', '.join(lacking)}" if lacking else None


def replace_file(path: Path, content: bytes) -> None:
    """Write a file that is either wholly there or not."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


# --- Python packages ------------------------------------------------------
def venv_is_sound() -> bool:
    return (VENV / "bin" / "python3.11").exists()


def set_to_install(stamp: Mapping[str, str], hashes: Mapping[str, str], *, dev: bool) -> str | None:
    """Return the requirements file to install, or None when what is there will do.

    The dev set holds all of the run set: once it is there, a plain start keeps it.
    """
    has_dev = DEV_SET in stamp
    wanted = DEV_SET if dev or has_dev else RUN_SET
    unchanged = stamp.get(RUN_SET) == hashes[RUN_SET]
    if unchanged and (not dev or stamp.get(DEV_SET) == hashes[DEV_SET]):
        return None
    return wanted


def read_stamp() -> dict[str, str]:
    if not venv_is_sound() or not STAMP.exists():
        return {}
    stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    # Scripts in a virtual environment name its folder: a moved one is made anew.
    return stamp if stamp.get("folder") == str(VENV) else {"moved": "yes"}


def install_python_packages(*, dev: bool) -> None:
    hashes = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in (RUN_SET, DEV_SET)}
    stamp = read_stamp()
    wanted = set_to_install(stamp, hashes, dev=dev)
    if wanted is None:
        return
    say(f"python packages: {wanted}")
    if "moved" in stamp or (VENV.exists() and not venv_is_sound()):
        shutil.rmtree(VENV)
    uv = find_uv()
    command = [uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"]
    STAMP.unlink(missing_ok=True)
    result = run(
        [*command, "--python", str(VENV / "bin" / "python"), str(ROOT / wanted)], env=uv_environment()
    )
    if result.returncode != 0:
        sys.exit(f"{result.stderr}The Python packages of {wanted} could not be installed.")
    done = {name: hashes[name] for name in ([RUN_SET, DEV_SET] if wanted == DEV_SET else [RUN_SET])}
    replace_file(STAMP, json.dumps({"folder": str(VENV), **done}).encode())


def find_uv() -> str:
    """Return a uv that runs, and make .venv on the way."""
    on_path = shutil.which("uv")
    if on_path and run([on_path, "--version"]).returncode == 0:
        if not venv_is_sound():
            must([on_path, "venv", "--quiet", "--python", sys.executable, str(VENV)], "make .venv")
        return on_path
    own = VENV / "bin" / "uv"
    if not (venv_is_sound() and own.exists()):
        # pip goes into .venv, never into the system's Python, which Debian guards.
        must([sys.executable, "-m", "venv", str(VENV)], "make .venv")
        must([str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv"], "install uv")
    return str(own)


def must(command: Sequence[str], purpose: str) -> None:
    result = run(command)
    if result.returncode != 0:
        sys.exit(f"{complaint(result)}\nCould not {purpose} with: {' '.join(command)}")


def uv_environment() -> dict[str, str]:
    """Return the environment for uv, with the mirror this machine gives pip, if any."""
    environment = dict(os.environ)
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & environment.keys():
        mirror = environment.get("PIP_INDEX_URL")
        if mirror is None:
            mirror = run([sys.executable, "-m", "pip", "config", "get", "global.index-url"]).stdout.strip()
        if mirror:
            environment["UV_DEFAULT_INDEX"] = mirror
    return environment


# --- the office's own files -----------------------------------------------
def new_secrets() -> str:
    field_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return (
        "# Made at the first start. Keep a copy elsewhere: without FIELD_KEYS what is encrypted is lost.\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        f"FIELD_KEYS={field_key}\n"
        f"INDEX_KEY={secrets.token_urlsafe(32)}\n"
    )


def make_secrets(data: Path, environment: Mapping[str, str]) -> bool:
    """Write the office's own keys unless it has some; tell whether they were written.

    The settings ask for it too, so that a command run before any start finds keys: nothing may
    be printed here, where it would end up in the command's answer.
    """
    path = data / "secrets.env"
    if environment.get("SECRET_KEY") or path.exists():
        return False
    if (data / "office.sqlite3").exists():
        sys.exit(
            f"{path} is missing although {data / 'office.sqlite3'} is there: restore it from the backup, "
            "because new keys cannot read what the old ones encrypted."
        )
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=data, prefix=".secrets.", encoding="utf-8") as file:
        file.write(new_secrets())
        file.flush()
        os.fsync(file.fileno())
        # A link fails when the name is taken, so keys are never overwritten; the file is 0600 from birth.
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)
    return True


def stale_catalogues(locale: Path) -> list[Path]:
    """Return the .po files whose .mo is missing or older."""
    stale = []
    for po in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            stale.append(po)
    return stale


def compile_translations() -> None:
    for po in stale_catalogues(LOCALE):
        say(f"translations: {po.relative_to(ROOT)}")
        with tempfile.TemporaryDirectory(dir=po.parent, prefix=".") as folder:
            fresh = Path(folder, "fresh.mo")
            must(["msgfmt", "--check-format", "-o", str(fresh), str(po)], f"compile {po}")
            fresh.replace(po.with_suffix(".mo"))


@contextlib.contextmanager
def one_at_a_time(data: Path) -> Iterator[None]:
    """Let a second installation of the same folder wait for the first."""
    with (data / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Put in place what the office needs.")
    parser.add_argument("--dev", action="store_true", help="also what the tests and the linters need")
    dev = parser.parse_args(arguments).dev
    if objection := python_objection(sys.version_info[:2], sys.executable):
        sys.exit(objection)
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with one_at_a_time(data):
        install_system_packages(dev=dev)
        install_fonts(data / "fonts")
        install_python_packages(dev=dev)
        if make_secrets(data, os.environ):
            say(f"secrets: {data / 'secrets.env'}")
        compile_translations()


if __name__ == "__main__":
    main()
