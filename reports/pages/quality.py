"""How far the figures can be trusted: what was left out, what is missing, and where to mend it."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from reports.pages.model import Column, Figure, Kind, Raw, Tile, table
from reports.pages.page import Page
from reports.pages.report import Reader, part
from sync.ledger.problems import PROBLEMS
from sync.ledger.words import Language

COUNTS = ("rows_rejected", "unmatched_payments", "no_due_date", "customers_without_contact")


def pages(reader: Reader) -> Sequence[Page]:
    words, quality = reader.words, part(reader.facts.document, "quality")
    tiles = [
        Tile(
            key=key,
            label=words(f"quality.{key}"),
            value=reader.numbers.decimal(_count(quality.get(key))),
            note=words(f"quality_note.{key}"),
        )
        for key in COUNTS
    ]
    figures = {"codes": by_code(reader)}
    if reader.facts.is_internal:
        figures["rows"] = by_row(reader)
    fresh = quality.get("payments_as_of")
    facts = {
        "problems": len(reader.facts.problems),
        "rows": len(reader.facts.ledger.invoices) if reader.facts.is_internal else None,
        "fresh": date.fromisoformat(str(fresh)) if fresh else None,
        "rejected": _count(quality.get("rows_rejected")),
    }
    return [Page(name="quality", tiles=tiles, figures=figures, facts=facts)]


def _count(found: object) -> int:
    return found if isinstance(found, int) else 0


def by_code(reader: Reader) -> Figure:
    """Each kind of anomaly and how often it was met; the sentence is that of the sheet's Problems tab, without its values."""
    words = reader.words
    counts = Counter((problem.tab, problem.code) for problem in reader.facts.problems)
    columns = [
        Column(key="tab", label=words("column.tab")),
        Column(key="what", label=words("column.what")),
        Column(key="n", label=words("column.number"), kind=Kind.COUNT),
    ]
    rows: list[list[Raw]] = [
        [words(f"tab.{tab}") if words.has(f"tab.{tab}") else tab, kind_of(code, reader.language), n]
        for (tab, code), n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    made = table("problems", words("figure.problems"), columns, rows)
    return Figure(key=made.key, table=made)


_FILLED = re.compile(r"\{\w+\}")


def kind_of(code: str, language: Language) -> str:
    """The sentence of an anomaly with "…" for what the row would fill in: nothing of the sheet is in it."""
    return _FILLED.sub("…", PROBLEMS[code].what(language)) if code in PROBLEMS else code


def by_row(reader: Reader) -> Figure:
    """Each anomaly with its cell and what to do."""
    words = reader.words
    columns = [
        Column(key="tab", label=words("column.tab"), filter=True),
        Column(key="row", label=words("column.row"), kind=Kind.COUNT),
        Column(key="what", label=words("column.what")),
        Column(key="fix", label=words("column.fix")),
    ]
    rows: list[list[Raw]] = [
        [
            words(f"tab.{one.tab}") if words.has(f"tab.{one.tab}") else one.tab, one.row or None,
            one.what(reader.language) if one.code in PROBLEMS else one.code, one.fix(reader.language) if one.code in PROBLEMS else "",
        ]
        for one in reader.facts.problems
    ]  # fmt: skip
    made = table("problem-rows", words("figure.problem_rows"), columns, rows, filters=True)
    return Figure(key=made.key, table=made)
