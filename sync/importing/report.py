"""What an import did, as sentences for people and as keys for machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.importing.export import LineProblem
from sync.importing.headings import Kind
from sync.importing.messages import say
from sync.ledger.money import format_number
from sync.ledger.words import Language

_SHOWN = 8  # keys named in one sentence; the others are counted
_NOUNS: dict[Kind, tuple[tuple[str, str], tuple[str, str]]] = {
    "invoices": (("invoice", "invoices"), ("facture", "factures")),
    "contacts": (("customer", "customers"), ("client", "clients")),
    "payments": (("payment", "payments"), ("règlement", "règlements")),
}
_DISAGREEMENTS = ("known_without_invoice", "doubtful_payment", "overpaid", "balance")
_DELIMITERS = {"\t": ("tab", "tabulation"), ";": ("“;”", "« ; »"), ",": ("“,”", "« , »"), "|": ("“|”", "« | »")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Keys are invoice numbers or customers. `updated` is key -> cells written; `kept` names cells ("F-1 Échéance")."""

    kind: Kind
    file: str
    encoding: str
    delimiter: str
    lines: int
    columns: Sequence[tuple[str, str]]
    ignored: Sequence[str]
    added: Sequence[str]
    updated: Mapping[str, int]
    unchanged: int
    kept: Sequence[str]
    contacts: Sequence[str]
    absent: Sequence[str]
    back: Sequence[str]
    settled: Sequence[str]
    credits_used: Sequence[str]
    owed_more: Sequence[str]
    problems: Sequence[LineProblem]

    def sentences(self, language: Language, *, names: bool = True) -> list[str]:
        """One line each. `names=False` (in CI) counts customers and leaves the values of bad lines out."""
        delimiter = _DELIMITERS[self.delimiter][language == "fr"]
        lines = [
            say(
                "read" if self.kind == "invoices" else "read_masculine",
                language,
                file=self.file,
                count=self.lines,
                lines=self._rows(self.lines, language),
                encoding=self.encoding,
                delimiter=delimiter,
            ),
            say("used", language, pairs=", ".join(f"{heading} → {target}" for heading, target in self.columns)),
        ]
        if self.ignored:
            lines.append(say("ignored", language, headings=_some(self.ignored, language)))
        may_name = names or self.kind == "invoices"
        told = {
            "added": self.added,
            "absent": self.absent,
            "back": self.back,
            "settled": self.settled,
            "credits_used": self.credits_used,
            "owed_more": self.owed_more,
        }
        for code, keys in told.items():
            if keys:
                lines.append(self._told(code, keys, language, may_name))
        if self.updated:
            cells = sum(self.updated.values())
            lines.append(self._told("updated", list(self.updated), language, may_name, cells=cells))
        if self.unchanged:
            lines.append(say("unchanged", language, rows=self._rows(self.unchanged, language), count=self.unchanged))
        if self.kept:
            shown = _some(self.kept, language) if may_name else "…"
            lines.append(say("kept", language, rows=len(self.kept), cells=shown))
        if self.contacts:
            shown = _some(self.contacts, language) if names else "…"
            lines.append(say("contacts", language, rows=len(self.contacts), keys=shown))
        if self.is_nothing and not self.disagrees:
            lines.append(say("dry", language))
        lines += [problem.text(language) for problem in self.problems] if names else self._counted(language)
        return lines

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.updated or self.contacts or self.absent or self.back or self.settled or self.credits_used)

    @property
    def disagrees(self) -> bool:
        """Whether the sheet was left saying something else than the export does."""
        return bool(self.kept or self.owed_more) or any(problem.code in _DISAGREEMENTS for problem in self.problems)

    def as_json(self) -> dict[str, object]:
        """Stable keys; no name and no value of a cell."""
        return {
            "kind": self.kind, "lines": self.lines, "encoding": self.encoding, "delimiter": self.delimiter,
            "columns": dict(self.columns), "ignored": list(self.ignored),
            "added": list(self.added), "updated": dict(self.updated), "unchanged": self.unchanged, "kept": list(self.kept),
            "contacts": list(self.contacts), "absent": list(self.absent), "back": list(self.back),
            "settled": list(self.settled), "credits_used": list(self.credits_used), "owed_more": list(self.owed_more),
            "problems": [{"line": problem.line, "code": problem.code} for problem in self.problems],
        }  # fmt: skip

    def _told(self, code: str, keys: Sequence[str], language: Language, may_name: bool, **more: object) -> str:
        shown = _some(keys, language) if may_name else "…"
        return say(code, language, rows=self._rows(len(keys), language), count=len(keys), keys=shown, **more)

    def _rows(self, count: int, language: Language) -> str:
        one, many = _NOUNS[self.kind][language == "fr"]
        is_one = count < 2 if language == "fr" else count == 1
        return f"{format_number(count, language)} {one if is_one else many}"

    def _counted(self, language: Language) -> list[str]:
        lines = [str(problem.line) for problem in self.problems if problem.line]
        return [say("lines", language, lines=_some(lines, language))] if lines else []


def _some(keys: Sequence[str], language: Language) -> str:
    if len(keys) <= _SHOWN:
        return ", ".join(keys)
    return say("and_more", language, shown=", ".join(keys[:_SHOWN]), count=len(keys) - _SHOWN)
