"""An export read: headings matched, every line as cells of the sheet, what cannot be known asked for.

Pure from the bytes on. A value that is not understood stays in its cell as text, so that the row stands in the sheet
with a problem beside it instead of being lost; a line without a key (a total, a title) is left out and told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sync.errors import UsageError
from sync.importing.headings import EXTRA, REQUIRED, Kind, Matching, is_list, match, recognised
from sync.importing.messages import say
from sync.importing.recipe import Recipe
from sync.importing.source import Line, Source, read_source
from sync.importing.values import (
    decimal_mark,
    is_ambiguous_date,
    is_credit_note,
    is_total,
    order_shown,
    read_balance,
    read_date,
    read_money,
    read_word,
)
from sync.ledger.cells import CellError, parse_number
from sync.ledger.codes import parse_country, parse_currency
from sync.ledger.dates import AmbiguousDate, parse_date
from sync.ledger.money import sign_agrees
from sync.ledger.words import Language, fold
from sync.workbook.contract import TABS_BY_KEY, Type
from sync.workbook.tabs import Cell

_OF_EACH_PROGRAM = ("status", "reason")  # lists whose words other programs use for other things
_HEADING_LINES = 15  # titles, company, date of the list: headings stand within the first lines
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class LineProblem:
    """`line` of the file (0: a row of the sheet); `code` a sentence of `messages`, with its `params`."""

    line: int
    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        what = say(self.code, language, **self.params)
        return say("line", language, line=self.line, what=what) if self.line else what[:1].upper() + what[1:]


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One line of the export. A column that the file has not is absent; one that is empty there is None.

    `contact` holds what the line says of the customer; `balance` what is still owed in cents, None when not said.
    """

    line: int
    key: str  # invoice number or customer; "" for payments
    cells: Mapping[str, Cell]
    contact: Mapping[str, Cell] = field(default_factory=dict)
    balance: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """`columns` are (heading, target) as used, in the order of the file."""

    kind: Kind
    file: str
    encoding: str
    delimiter: str
    lines: int
    rows: Sequence[ImportedRow]
    columns: Sequence[tuple[str, str]]
    ignored: Sequence[str]
    problems: Sequence[LineProblem]


def read_export(path: Path, kind: Kind, recipe: Recipe, language: Language) -> Imported:
    """Read the file and understand it. Raises UsageError with what to add to the command."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path.name}: {error.strerror}") from error
    return understand(read_source(data), path.name, kind, recipe, language)


def understand(source: Source, file: str, kind: Kind, recipe: Recipe, language: Language) -> Imported:
    """The pure part of `read_export`."""
    at = _heading_line(source, kind, recipe)
    body = source.lines[at + 1 :]
    if not body:
        raise UsageError(say("empty", language, file=file))
    headings = source.lines[at].cells
    _check_recipe(recipe, headings, language)
    matching = match(kind, headings, recipe.columns)
    _ask(kind, file, headings, matching, language)
    matching = _without_foreign_words(kind, headings, body, matching, recipe)
    reader = _Reader(kind, file, language, recipe, matching.targets, headings, body)
    rows = list(reader.rows())
    return Imported(
        kind=kind,
        file=file,
        encoding=source.encoding,
        delimiter=source.delimiter,
        lines=len(body),
        rows=rows,
        columns=[(headings[place], target) for place, target in sorted(matching.targets.items())],
        ignored=matching.ignored,
        problems=reader.problems,
    )


def _heading_line(source: Source, kind: Kind, recipe: Recipe) -> int:
    """Position of the line with most known headings; the first line when none has any."""
    scores = [recognised(kind, line.cells, recipe.columns) for line in source.lines[:_HEADING_LINES]]
    return scores.index(max(scores)) if scores else 0


def _check_recipe(recipe: Recipe, headings: Sequence[str], language: Language) -> None:
    """A heading said now that the file has not is a slip; one remembered from another export may well be missing."""
    present = {fold(heading) for heading in headings}
    for heading in recipe.said_now:
        if heading not in present:
            shown = ", ".join(name for name in headings if name)
            raise UsageError(say("map_heading", language, heading=recipe.names.get(heading, heading), headings=shown))


def _ask(kind: Kind, file: str, headings: Sequence[str], matching: Matching, language: Language) -> None:
    shown = ", ".join(heading for heading in headings if heading)
    for target, tied in matching.questions.items():
        example = f'--map "{tied[0]}={target}"'
        names = _name(kind, target, language)
        raise UsageError(say("tie", language, file=file, target=names, headings=", ".join(tied), example=example))
    found = set(matching.targets.values())
    if {"debit", "credit"} <= found:
        found.add("amount")
    missing = [target for target in REQUIRED[kind] if target not in found]
    if kind == "payments" and not found & {"invoice", "customer"}:
        missing.append("invoice")
    if missing:
        free = [heading for heading in matching.ignored if heading]
        if missing == ["amount"] and "balance" in found:
            free = [heading for place, heading in enumerate(headings) if matching.targets.get(place) == "balance"]
        example = f'--map "{(free or [shown])[0]}={missing[0]}"'
        names = ", ".join(_name(kind, target, language) for target in missing)
        raise UsageError(say("missing", language, file=file, targets=names, headings=shown, example=example))


def _name(kind: Kind, target: str, language: Language) -> str:
    if target in EXTRA[kind]:
        return target
    return f"{TABS_BY_KEY[kind].column(target).heading(language)} ({target})"


def _without_foreign_words(
    kind: Kind, headings: Sequence[str], body: Sequence[Line], matching: Matching, recipe: Recipe
) -> Matching:
    """A column of other words than our lists' is left alone, unless asked for.

    A "Statut" is the accounting program's own as soon as one of its words is; a language or a means of payment means the
    same everywhere, and one odd word does not take the others away.
    """

    def is_foreign(place: int, target: str) -> bool:
        if not is_list(kind, target) or fold(headings[place]) in recipe.columns:
            return False
        words = TABS_BY_KEY[kind].column(target).words
        read = [read_word(words, text, "en") is not None for text in _column(body, place) if text]
        return bool(read) and not (all(read) if words in _OF_EACH_PROGRAM else any(read))

    foreign = [place for place, target in matching.targets.items() if is_foreign(place, target)]
    kept = {place: target for place, target in matching.targets.items() if place not in foreign}
    return Matching(kept, [*matching.ignored, *(headings[place] for place in foreign)], matching.questions)


def _column(body: Sequence[Line], place: int) -> Iterator[str]:
    return (line.cells[place] if place < len(line.cells) else "" for line in body)


class _Reader:
    """Reads the lines of one file; collects what is wrong with them."""

    def __init__(
        self,
        kind: Kind,
        file: str,
        language: Language,
        recipe: Recipe,
        targets: Mapping[int, str],
        headings: Sequence[str],
        body: Sequence[Line],
    ) -> None:
        self.kind, self.file, self.language, self.headings, self.body = kind, file, language, headings, body
        self.asked_for = {target for place, target in targets.items() if fold(headings[place]) in recipe.columns}
        self.place_of = {target: place for place, target in targets.items()}
        self.tab = TABS_BY_KEY[kind]
        self.order = recipe.dates
        self.problems: list[LineProblem] = []
        dates = [target for target in self.place_of if self._type(target) is Type.DATE]
        money = [target for target in self.place_of if self._type(target) is Type.MONEY]
        self._refuse_ambiguous_dates([text for target in dates for text in _column(body, self.place_of[target])])
        self.mark = decimal_mark(text for target in money for text in _column(body, self.place_of[target]))

    def _type(self, target: str) -> Type:
        if target in ("balance", "debit", "credit"):
            return Type.MONEY
        return Type.TEXT if target in EXTRA[self.kind] else self.tab.column(target).type

    def _refuse_ambiguous_dates(self, texts: Sequence[str]) -> None:
        doubtful = next((text for text in texts if is_ambiguous_date(text)), None)
        if self.order is not None or doubtful is None:
            return
        try:
            parse_date(doubtful, "en")
        except AmbiguousDate as error:
            readings = error.params[f"readings_{self.language}"]
        sentence = say("dates", self.language, file=self.file, value=doubtful, readings=readings)
        shown = order_shown(texts)
        raise UsageError(sentence + (say("dates_hint", self.language, order=shown) if shown else ""))

    def rows(self) -> Iterator[ImportedRow]:
        if self.kind == "payments":
            for line in self.body:
                if row := self._row_of(line, ("paid_on", "amount"), all):
                    yield row
            return
        found: dict[str, list[ImportedRow]] = {}
        for line in self.body:
            wanted = ("customer", "issued") if self.kind == "invoices" else ("customer",)
            if row := self._row_of(line, wanted, any):
                found.setdefault(row.key, []).append(row)
        for number, rows in found.items():
            if all(row.cells == rows[0].cells and row.balance == rows[0].balance for row in rows):
                yield rows[0]
            else:
                self.problems.append(LineProblem(rows[0].line, "twice", {"value": number, "other": str(rows[1].line)}))

    def _row_of(self, line: Line, wanted: Sequence[str], enough: Callable[[Iterable[bool]], bool]) -> ImportedRow | None:
        """The line's row; None, and one problem, for a total, or a line without its key or `enough` of the `wanted` cells."""
        told = len(self.problems)
        row = self._row(line)
        if self._is_total(line, row):
            del self.problems[told:]
            self._problem(line, "total")
            return None
        filled = [row.cells.get(target) is not None for target in wanted]
        keyless = bool(self.tab.row_key) and not row.key
        if not keyless and enough(filled):
            return row
        del self.problems[told:]
        empty = [target for target, is_filled in zip(wanted, filled, strict=True) if not is_filled]
        self._problem(line, "no_key", column=self._heading(self.tab.row_key if keyless else empty[-1]))
        return None

    def _is_total(self, line: Line, row: ImportedRow) -> bool:
        """A line that begins with "Total" or its like and has no day. A customer may have such a name: contacts have none."""
        dated = {"invoices": "issued", "payments": "paid_on"}.get(self.kind)
        first = next((cell for cell in line.cells if cell.strip()), "")
        return dated is not None and not isinstance(row.cells.get(dated), date) and is_total(first)

    def _row(self, line: Line) -> ImportedRow:
        texts = {target: line.cells[place] if place < len(line.cells) else "" for target, place in self.place_of.items()}
        own = {target: text for target, text in texts.items() if target not in EXTRA[self.kind]}
        cells: Row = {
            target: self._cell(line, target, text) for target, text in own.items() if not self._is_foreign(line, target, text)
        }
        negated = self._signed_amount(line, texts, cells)
        if self.kind == "contacts":
            _whole_address(texts, cells)
        contact = {
            target.removeprefix("contacts."): text for target, text in texts.items() if target.startswith("contacts.") and text
        }
        if "country" in contact:
            contact |= {"country": _country(contact["country"])}
        key = str(cells.get(self.tab.row_key) or "") if self.tab.row_key else ""
        balance = self._balance(line, texts.get("balance", ""))
        if negated and balance is not None:
            balance = -abs(balance)
        return ImportedRow(line.number, key, cells, {name: text for name, text in contact.items() if text}, balance)

    def _is_foreign(self, line: Line, target: str, text: str) -> bool:
        """A word that a list has not, in a column that nobody asked for: the cell is left alone, and told."""
        column = self.tab.column(target)
        if not text or column.type is not Type.LIST or target in self.asked_for or read_word(column.words, text, "en"):
            return False
        self._problem(line, "foreign_word", column=self._heading(target), value=text)
        return True

    def _cell(self, line: Line, target: str, text: str) -> Cell:
        """The cell of one text: typed when it is understood, the text itself (and a problem) when it is not."""
        if not text:
            return None
        column = self.tab.column(target)
        try:
            if column.type is Type.DATE:
                return read_date(text, self.order)
            if column.type is Type.MONEY:
                return self._money(text, line)
            if column.type is Type.NUMBER or column.type is Type.INTEGER:
                return float(parse_number(text))
            if target == "currency":
                return parse_currency(text)
            if target == "country":
                return _country(text) or text
        except CellError:
            self._problem(line, "unreadable", column=self._heading(target), value=text)
            return text
        if column.type is Type.LIST:
            return read_word(column.words, text, self.language) or text
        return text

    def _money(self, text: str, line: Line) -> Cell:
        """Units as a number; with a sign that contradicts the line's currency, the text, for the sheet to report."""
        cents, sign = read_money(text, self.mark)
        place = self.place_of.get("currency")
        said = line.cells[place] if place is not None and place < len(line.cells) else ""
        if said and not sign_agrees(sign, said.upper()):
            return text
        return cents / 100

    def _signed_amount(self, line: Line, texts: Mapping[str, str], cells: Row) -> bool:
        """Debit and credit columns make one amount; a credit note written without a minus gets one: True then."""
        if "debit" in texts and "credit" in texts and cells.get("amount") is None:
            sides = [self._side(line, name, texts[name]) for name in ("debit", "credit")]
            if any(texts[name] for name in ("debit", "credit")) and None not in sides:
                debit, credit = (side or 0 for side in sides)
                cells["amount"] = (credit - debit if self.kind == "payments" else debit - credit) / 100
        amount = cells.get("amount")
        if is_credit_note(texts.get("document", "")) and isinstance(amount, float) and amount > 0:
            cells["amount"] = -amount
            return True
        return False

    def _side(self, line: Line, name: str, text: str) -> int | None:
        if not text:
            return 0
        try:
            return read_money(text, self.mark)[0]
        except CellError:
            self._problem(line, "unreadable", column=name, value=text)
            return None

    def _balance(self, line: Line, text: str) -> int | None:
        """What is still owed; None, and a problem, where it cannot be read: silence would chase what is paid."""
        try:
            return read_balance(text, self.mark) if text else None
        except CellError:
            self._problem(line, "balance", column=self.headings[self.place_of["balance"]], value=text)
            return None

    def _heading(self, target: str) -> str:
        return self.tab.column(target).heading(self.language)

    def _problem(self, line: Line, code: str, **params: str) -> None:
        self.problems.append(LineProblem(line.number, code, params))


def _country(text: str) -> str:
    """An ISO code; "" for what is none (a telephone prefix, a number of the program's own)."""
    try:
        return parse_country(text)
    except CellError:
        return ""


def _whole_address(texts: Mapping[str, str], cells: Row) -> None:
    """Street, postcode and town of three columns are one address of two lines."""
    place = " ".join(texts[part] for part in ("postcode", "city") if texts.get(part))
    if place:
        cells["address"] = "\n".join(part for part in (texts.get("address", ""), place) if part)
