"""The map under the demo: a real county, whose villages the stories are told of."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from election_admin.places.models import Kind
from villages.actions.places import kind_of_name

FILE = Path(__file__).with_name("divisions-330604.csv")
COUNTY_CODE = "330604"


@dataclass(frozen=True)
class Village:
    """What the map says of a village."""

    code: str
    name: str
    township: str

    @property
    def spoken(self) -> str:
        """The village as people say it: 桃园村, not 桃园村委会."""
        return self.name.removesuffix("委会")


@cache
def villages() -> tuple[Village, ...]:
    """Every village of the county, by code; communities elect under another law."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["code"])
    return tuple(
        Village(row["code"], row["name"], row["township_name"])
        for row in rows
        if kind_of_name(row["name"]) == Kind.VILLAGE
    )
