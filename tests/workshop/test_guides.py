"""The guides: the same pages in both languages, links and pictures that exist, commands that the program understands."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import click
import markdown
import pytest

from reports import handbook
from reports.pages.words import LANGUAGES
from reports.reference_program import commands, reference_words, variable_names
from sync.cli import main as relance
from sync.dunning.configuration import read_rules
from sync.dunning.model import Template
from sync.ledger.words import Language
from sync.letters.checking import check_templates

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "site" / "pages"
MOST_BYTES = 150_000
_LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(?:sh|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`((?:\.venv/bin/)?relance [^`\n]+)`(?!`)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`|<!--.*?-->", re.DOTALL)
_GENERATED = re.compile(r"<!-- generated:.*?<!-- end generated -->", re.DOTALL)


def _guides() -> list[Path]:
    return [
        path for language in LANGUAGES for folder in handbook.FOLDERS for path in sorted((PAGES / language / folder).glob("*.md"))
    ]


def _documents() -> list[Path]:
    return [*_guides(), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- Both languages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", handbook.FOLDERS)
def test_every_page_exists_in_both_languages(folder: str) -> None:
    french, english = ({path.name for path in (PAGES / one / folder).glob("*.md")} for one in ("fr", "en"))
    assert french == english
    assert "index.md" in french or folder == "reference"


def test_both_trees_place_and_list_the_same_pages(tmp_path: Path) -> None:
    placed, listed = {}, {}
    for language in LANGUAGES:
        handbook.place(language, tmp_path / language)
        placed[language] = {str(path.relative_to(tmp_path / language)) for path in (tmp_path / language).rglob("*.md")}
        listed[language] = set(_listed(handbook.navigation(language)))
        assert listed[language] == placed[language]
    assert placed["fr"] == placed["en"]


def _listed(entries: object) -> Iterator[str]:
    if isinstance(entries, str):
        yield entries
    elif isinstance(entries, list):
        for entry in entries:
            yield from _listed(entry)
    elif isinstance(entries, dict):
        for entry in entries.values():
            yield from _listed(entry)


@pytest.mark.parametrize("path", _guides(), ids=_name)
def test_a_page_says_what_it_is_for(path: Path) -> None:
    """Its title once in front and once on the page, its shelf one that exists, and a sentence for the contents."""
    text = path.read_text(encoding="utf-8")
    front = text.split("---\n")[1]
    facts = dict(line.split(": ", 1) for line in front.splitlines())
    assert f"\n# {facts['title']}\n" in text
    assert facts.get("shelf", "cases") in handbook.SHELVES
    if path.stem != "index":
        assert facts["summary"].endswith((".", "?", "!"))


@pytest.mark.parametrize("path", [path for path in _guides() if "/fr/" in str(path)], ids=_name)
def test_french_prose_has_its_own_apostrophes_and_quotes(path: Path) -> None:
    prose = _CODE.sub("", _GENERATED.sub("", path.read_text(encoding="utf-8")))
    assert not re.search(r"\w'\w", prose)
    assert not re.search(r"[\w.,]\"|\"\w", prose.replace('="', "=").replace('">', ">"))


# --- Links and pictures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", _documents(), ids=_name)
def test_links_lead_somewhere_among_the_sources(path: Path) -> None:
    """So that the pages can be read on a forge, before anything is built."""
    for link in _LINK.findall(_CODE.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        found = (path.parent / target).resolve() if target else path
        assert found.exists(), link
        if anchor and found.suffix == ".md":
            assert anchor in _anchors(found), link


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_somewhere_in_the_site(language: Language, tmp_path: Path) -> None:
    """Pages of figures stand beside the guides; pictures in the assets that both languages share."""
    docs = tmp_path / language
    handbook.place(language, docs)
    for figures in (PAGES / language).glob("*.md"):
        (docs / figures.name).touch()
    for page in docs.rglob("*.md"):
        for link in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:|#", link):
                continue
            found = (page.parent / link.partition("#")[0]).resolve()
            if "/assets/" in link:
                assert (ROOT / "site" / found.relative_to(tmp_path.resolve())).exists(), f"{page}: {link}"
            else:
                assert found.exists(), f"{page}: {link}"


@cache
def _anchors(path: Path) -> frozenset[str]:
    html = markdown.markdown(
        path.read_text(encoding="utf-8"), extensions=["toc", "attr_list", "tables", "md_in_html", "fenced_code"]
    )
    return frozenset(re.findall(r'id="([^"]+)"', html))


def test_pictures_are_light_told_in_words_and_used() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in _documents())
    for picture in (ROOT / "site" / "assets" / "pictures").iterdir():
        assert picture.stat().st_size < MOST_BYTES, picture.name
        assert f"pictures/{picture.name})" in texts, f"{picture.name} is used nowhere"
    assert "![](" not in texts


# --- Commands -------------------------------------------------------------------------------------------------------------


def _quoted(path: Path) -> Iterator[tuple[str, bool]]:
    """(a command as quoted, whether it stands in a block, so that it must be whole)."""
    text = path.read_text(encoding="utf-8")
    for block in _FENCE.findall(text):
        for line in block.splitlines():
            if re.match(r"(\.venv/bin/)?relance ", line):
                yield line, True
    for line in _INLINE.findall(text):
        yield line, False


@pytest.mark.parametrize("path", _documents(), ids=_name)
def test_quoted_commands_are_understood(path: Path) -> None:
    for line, is_whole in _quoted(path):
        _understood(shlex.split(line, comments=True)[1:], line, is_whole)


def _understood(words: list[str], line: str, is_whole: bool) -> None:
    command: click.Command = relance
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        assert words[0] in command.commands, line
        command, words = command.commands[words[0]], words[1:]
    if isinstance(command, click.Group):
        return
    context = click.Context(command, resilient_parsing=False)
    try:
        values, rest, _ = command.make_parser(context).parse_args(list(words))
    except click.UsageError as error:
        pytest.fail(f"{line}: {error.format_message()}")
    assert not rest, line
    for parameter in command.params:
        value = values.get(parameter.name or "")
        if isinstance(parameter.type, click.Choice) and isinstance(value, str):
            assert value in parameter.type.choices, line
        if is_whole and parameter.required:
            assert value is not None, f"{line}: {parameter.name} is missing"


@pytest.mark.parametrize("path", _documents(), ids=_name)
def test_quoted_targets_of_make_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z.]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    lines = [line for block in _FENCE.findall(text) for line in block.splitlines()] + re.findall(r"`(make [^`\n]+)`", text)
    for line in lines:
        if line.startswith("make "):
            wanted = [word for word in shlex.split(line, comments=True)[1:] if "=" not in word and not word.startswith("-")]
            assert set(wanted) <= targets, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_that_the_guide_shows_is_fit_for_use(language: Language) -> None:
    page = (PAGES / language / "guide" / "texts.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```text\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert len(shown) == 2
    for body in shown:
        template = Template(row=2, name="shown", language=language, subject="{{ company }}", body=body)
        checked = check_templates(replace(read_rules({}), templates={("shown", language): template}))
        assert not checked.problems
        assert checked.previews["shown", language]


# --- The program is asked what must be documented -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_variable_of_the_environment_is_documented(language: Language) -> None:
    page = (PAGES / language / "reference" / "commands.md").read_text(encoding="utf-8")
    told = set(re.findall(r"RELANCE_[A-Z_]+", page))
    used = {
        name
        for path in (ROOT / "sync").rglob("*.py")
        for name in re.findall(r'"(RELANCE_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert used <= told


def test_every_command_and_option_has_a_french_sentence() -> None:
    words = reference_words()
    for name, command in commands():
        assert name in words["commands"], name
        for option in command.params:
            if isinstance(option, click.Option):
                known = {option.opts[0], f"{name} {option.opts[0]}"}
                assert known & set(words["options"]), f"{name} {option.opts[0]}"


def test_every_variable_of_a_text_is_explained_and_no_other() -> None:
    assert set(variable_names()) == set(reference_words()["variables"])
