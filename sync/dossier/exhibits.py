"""An exhibit of the file and its number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sync.ledger.words import Language
from sync.letters.documents.model import Document, plain_name
from sync.letters.documents.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """`content` is a document still to be set, or the bytes of a file; `suffix` with its dot; `day` when it is dated."""

    title: str
    content: Document | bytes
    suffix: str = ".pdf"
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Numbered:
    number: int
    name: str  # of the file
    exhibit: Exhibit


def numbered(exhibits: Iterable[Exhibit], language: Language) -> Iterator[Numbered]:
    """From 1, in the order given: "Piece-03_Calcul-des-penalites-de-retard-EUR.pdf"."""
    shown = words(language)["dossier"]
    for number, one in enumerate(exhibits, 1):
        head = shown["file_exhibit"].format(n=f"{number:02d}")
        yield Numbered(number, f"{head}_{plain_name(one.title, 60)}{one.suffix}", one)
