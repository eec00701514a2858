"""The only import of typst: pages and data become PDF/A, the same bytes for the same document.

Pages are the templates of `sync/letters/pages`; a folder of the company's own pages replaces those of the same name and
may bring a logo (`logo.svg`, `logo.png`) and fonts. No system font, no clock, no network, no file outside the pages.
"""

import importlib.util
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, time
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from sync.ledger.words import Language
from sync.letters.documents.model import Document, DocumentError, clean
from sync.letters.documents.words import said

STANDARDS = ("a-2a", "ua-1")  # archival, with the text in reading order for screen readers
ARCHIVAL = ("a-2b",)
LOGOS = ("logo.svg", "logo.png")
FONTS = ("*.ttf", "*.otf")

_PACKAGE = re.compile(r"[\"']@")  # packages are downloaded: not on a machine that holds these data
_UNPRINTABLE = re.compile(r"the text `\"?(.+?)\"?` could not be displayed")


def can_print() -> bool:
    """Whether the optional library is there."""
    return importlib.util.find_spec("typst") is not None


class Press:
    """Sets documents one after the other. `pages` is the folder of the company's own pages, if it has one.

    Use it in a `with`: it works in a folder of its own, which it removes.
    """

    def __init__(self, language: Language, pages: Path | None = None) -> None:
        self._language: Language = language
        self._own = pages if pages is not None and pages.is_dir() else None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._compiler: Any = None
        self._logo = ""

    def __enter__(self) -> "Press":
        return self

    def __exit__(self, *_: object) -> None:
        self._compiler = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def print(self, document: Document) -> bytes:
        """The PDF. Raises DocumentError: no library, a page that cannot be set, letters that no font has."""
        compiler = self._ready()
        import typst

        data = {**clean(document.data), "title": clean(document.title), "lang": document.language, "logo": self._logo,
                "date": [document.day.year, document.day.month, document.day.day]}  # fmt: skip

        def compiled(standards: Sequence[str]) -> Any:
            return compiler.compile(
                input=str(Path(self._root) / document.page),
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards=list(standards),
                timestamp=int(datetime.combine(document.day, time(12), UTC).timestamp()),
            )

        try:
            made = compiled(STANDARDS)
        except typst.TypstError as error:
            if self._own is None or "PDF/UA" not in str(error.message) or _UNPRINTABLE.search(str(error.message)):
                raise self._failure(document, error) from error
            try:
                made = compiled(ARCHIVAL)  # a company's own page need not be read aloud; it must be kept
            except typst.TypstError as other:
                raise self._failure(document, other) from other
        assert isinstance(made, bytes)
        return made

    def _ready(self) -> Any:
        """The compiler, made at the first document: a run without letters never loads it."""
        if self._compiler is None:
            if not can_print():
                raise DocumentError(said("no_typst", self._language))
            import typst

            self._folder = tempfile.TemporaryDirectory(prefix="relance-pages-")
            self._root = self._folder.name
            copy_pages(Path(self._root))
            if self._own is not None:
                self._take_own(self._own)
            fonts = [self._root] if any(Path(self._root).glob(one) for one in FONTS) else []
            self._compiler = typst.Compiler(root=self._root, font_paths=fonts, ignore_system_fonts=True)
        return self._compiler

    def _take_own(self, own: Path) -> None:
        for path in sorted(own.iterdir()):
            if path.suffix == ".typ" and _PACKAGE.search(path.read_text("utf-8")):
                raise DocumentError(said("page_imports", self._language, page=path.name))
            if path.suffix in (".typ", ".ttf", ".otf") or path.name in LOGOS:
                shutil.copyfile(path, Path(self._root) / path.name)
        self._logo = next((name for name in LOGOS if (Path(self._root) / name).exists()), "")

    def _failure(self, document: Document, error: Any) -> DocumentError:
        message = str(error.message)
        if found := _UNPRINTABLE.search(message):
            return DocumentError(said("unprintable", self._language, text=found[1]))
        return DocumentError(said("page_wrong", self._language, page=document.page, message=" ".join(message.split())[:300]))


def copy_pages(folder: Path) -> Sequence[str]:
    """Put our pages into `folder`, where they can be edited; a page that is there already stays. Returns the names copied."""
    folder.mkdir(parents=True, exist_ok=True)
    copied = []
    with as_file(files("sync.letters") / "pages") as source:
        for path in sorted(source.glob("*.typ")):
            if not (folder / path.name).exists():
                shutil.copyfile(path, folder / path.name)
                copied.append(path.name)
    return copied
