"""The shipped tables of `data/`: read once, as text cells. Meaning is given by the module that owns the table."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of `data/<name>.csv`, in order, each a mapping of heading to cell text ("" for a blank cell)."""
    text = (files("sync.dunning.law") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def table_country(country: str) -> str:
    """The country code the tables use for an ISO 3166 code: "UK" for GB, "GR" for the European "EL"."""
    return {"GB": "UK", "EL": "GR"}.get(country, country)
