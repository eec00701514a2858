"""A second builder is held to the first one's pages; the stand-in copies them, then drops one or a chart."""

from pathlib import Path

import pytest
import yaml

from reports.another_builder import compare

COPIES = """#!/bin/sh
language=$(echo "$3" | cut -d. -f2)
mkdir -p again && cp -R "../site/$language" "again/$language"
"""


def sources(folder: Path) -> Path:
    for language in ("fr", "en"):
        pages = folder / "site" / language
        (pages / "customers").mkdir(parents=True)
        (pages / "index.html").write_text("<table></table><svg class='a'></svg>", encoding="utf-8")
        (pages / "ageing.html").write_text("<svg class='a'></svg>", encoding="utf-8")
        (pages / "customers" / "a1.html").write_text("", encoding="utf-8")
        (folder / "docs" / language).mkdir(parents=True)
        written = yaml.safe_dump({"docs_dir": "/elsewhere", "site_dir": "/elsewhere", "theme": {"custom_dir": "/elsewhere"}})
        (folder / "docs" / f"mkdocs.{language}.yml").write_text(written, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ("", []),
        ("rm again/$language/ageing.html", ["fr: ageing.html is missing", "en: ageing.html is missing"]),
        ("touch again/$language/more.html", ["fr: more.html is new", "en: more.html is new"]),
        ("rm -r again/$language/customers", []),
    ],
)
def test_pages_that_differ_are_told(tmp_path: Path, then: str, told: list[str]) -> None:
    builder = tmp_path / "builder"
    builder.write_text(f"{COPIES}{then}\n", encoding="utf-8")
    builder.chmod(0o755)
    assert compare(tmp_path / "sources" / "site", sources(tmp_path / "sources"), builder) == told


def test_a_chart_that_is_lost_is_told(tmp_path: Path) -> None:
    builder = tmp_path / "builder"
    builder.write_text(f"{COPIES}echo > again/$language/ageing.html\n", encoding="utf-8")
    builder.chmod(0o755)
    found = compare(tmp_path / "sources" / "site", sources(tmp_path / "sources"), builder)
    assert len(found) == 2
    assert found[0].startswith("fr: ageing.html has (0, 0, 0)")


def test_folders_stay_inside_the_builder_s_project(tmp_path: Path) -> None:
    builder = tmp_path / "builder"
    builder.write_text(COPIES, encoding="utf-8")
    builder.chmod(0o755)
    compare(tmp_path / "sources" / "site", sources(tmp_path / "sources"), builder)
    configuration = yaml.safe_load((tmp_path / "sources" / "docs" / "again.fr.yml").read_text(encoding="utf-8"))
    assert (configuration["docs_dir"], configuration["site_dir"]) == ("fr", "again/fr")
    assert configuration["theme"]["custom_dir"] == "theme"
