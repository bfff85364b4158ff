"""Chance that falls the same way every time, and the texts it chooses from."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

SEED = "demo-county-1"


def dice(*about: object) -> Random:
    """Dice of their own for each village and matter: one village's story never shifts another's."""
    return Random("/".join([SEED, *map(str, about)]))  # noqa: S311  # invents people, guards nothing


@cache
def texts(subject: str) -> Any:
    """The sentences of one subject."""
    path = Path(__file__).parent / "texts" / f"{subject}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))
