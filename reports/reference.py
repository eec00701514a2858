"""The tables of the pages that the program itself knows: written into the pages, never typed twice.

A page asks for a table between two comments, and the text between them is ours:

    <!-- generated: columns invoices fr -->
    <!-- end generated -->

Tables: `tabs`, `columns TAB`, `words LIST`, `problems`, `reasons` and those of `reference_program`, in `fr` or `en`.
Run as a command, it writes the tables again; with `--check` it only says which pages are stale (exit 1).
"""

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from reports.reference_program import PROGRAM_TABLES, pick, picked, table
from sync.dunning.reasons import SENTENCES, Reason, state_of
from sync.ledger.problems import PROBLEMS
from sync.ledger.words import WORDS, Language
from sync.workbook.columns_help import help_for
from sync.workbook.contract import TABS, TABS_BY_KEY, Type, Who

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(
    r"(?P<open><!-- generated: (?P<name>[a-z_]+)(?: (?P<argument>[a-z_]+))? (?P<language>fr|en) -->\n)"
    r".*?(?P<close><!-- end generated -->)",
    re.DOTALL,
)
_FILLED = re.compile(r"\{\w+\}")

_WHO: dict[Who, tuple[str, str]] = {
    Who.PEOPLE: ("you", "vous"),
    Who.RELANCE: ("Relance", "Relance"),
    Who.BOTH: ("Relance, your edit stands", "Relance, votre retouche est gardée"),
    Who.BUTTON: ("you press, Relance releases", "vous cochez, Relance relâche"),
}
_TYPES: dict[Type, tuple[str, str]] = {
    Type.KEY: ("text kept exactly", "texte gardé tel quel"),
    Type.TEXT: ("text", "texte"),
    Type.LONG: ("long text", "texte long"),
    Type.DATE: ("date", "date"),
    Type.MONEY: ("amount", "montant"),
    Type.NUMBER: ("number", "nombre"),
    Type.INTEGER: ("whole number", "nombre entier"),
    Type.LIST: ("list", "liste"),
    Type.URL: ("link", "lien"),
    Type.EMAILS: ("e-mail addresses", "adresses e-mail"),
}


def tabs_table(argument: str, language: Language) -> str:
    rows = [
        (tab.title(language), f"`{tab.key}`", ", ".join(c.heading(language) for c in tab.columns if c.required) or "—")
        for tab in TABS
    ]
    return table(picked(("Tab", "Key", "Columns that must be filled"), ("Onglet", "Clé", "Colonnes à remplir"), language), rows)


def columns_table(argument: str, language: Language) -> str:
    rows = []
    for column in TABS_BY_KEY[argument].columns:
        kind = pick(_TYPES[column.type], language)
        if column.words:
            words = ", ".join(word.fr if language == "fr" else word.en for word in WORDS[column.words])
            kind = f"{kind} : {words}" if language == "fr" else f"{kind}: {words}"
        if column.required:
            kind += pick((" (required)", " (obligatoire)"), language)
        what = help_for(TABS_BY_KEY[argument], column, language).partition("\n")[0]
        rows.append((f"**{column.heading(language)}**", what, kind, pick(_WHO[column.who], language)))
    headings = ("Column", "What it is for", "Holds", "Written by"), ("Colonne", "À quoi elle sert", "Contient", "Écrite par")
    return table(picked(*headings, language), rows)


def words_table(argument: str, language: Language) -> str:
    rows = [(word.en, word.fr) for word in WORDS[argument]]
    return table(picked(("English", "French"), ("Anglais", "Français"), language), rows)


def problems_table(argument: str, language: Language) -> str:
    """What the case fills in is shown as “…”."""
    rows = [
        (f"`{code}`", _FILLED.sub("…", text.what(language)), _FILLED.sub("…", text.fix(language)))
        for code, text in sorted(PROBLEMS.items())
    ]
    return table(picked(("Code", "What is wrong", "What to do"), ("Code", "Anomalie", "Correction"), language), rows)


def reasons_table(argument: str, language: Language) -> str:
    rows = [
        (f"`{reason}`", f"`{state_of(reason)}`", SENTENCES[reason].text(language) if reason in SENTENCES else "")
        for reason in Reason
    ]
    return table(picked(("Reason", "State", "Sentence"), ("Motif", "État", "Phrase"), language), rows)


TABLES: dict[str, Callable[[str, Language], str]] = {
    "tabs": tabs_table,
    "columns": columns_table,
    "words": words_table,
    "problems": problems_table,
    "reasons": reasons_table,
    **PROGRAM_TABLES,
}


def refreshed(page: str) -> str:
    """The page with each of its generated tables written again. Raises KeyError for a table that does not exist."""

    def written(block: re.Match[str]) -> str:
        language: Language = "fr" if block["language"] == "fr" else "en"
        made = TABLES[block["name"]](block["argument"] or "", language)
        return f"{block['open']}\n{made}\n\n{block['close']}"

    return _BLOCK.sub(written, page)


def stale_pages(root: Path) -> dict[Path, str]:
    """Pages under `root` (README.md and site/) whose tables are not fresh, with the text they should have."""
    pages = [root / "README.md", *sorted((root / "site").rglob("*.md"))]
    found = {}
    for page in pages:
        text = page.read_text(encoding="utf-8") if page.exists() else ""
        if (fresh := refreshed(text)) != text:
            found[page] = fresh
    return found


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    stale = stale_pages(root)
    if "--check" in arguments:
        for page in stale:
            print(f"{page.relative_to(root)}: its generated tables are stale; run `make tables`")
        return 1 if stale else 0
    for page, text in stale.items():
        page.write_text(text, encoding="utf-8")
        print(f"{page.relative_to(root)}: tables written again")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
