"""Would another builder make the same site? Zensical follows MkDocs Material; our pages are plain so that we can follow.

    relance report … --edition public --site build/site --sources build/sources
    python -m reports.another_builder build/site build/sources path/to/zensical

Builds the same sources and compares: the same pages, each with as many charts and tables. Exit status 1 when not.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

from reports.pages.words import LANGUAGES, SOURCES

COUNTED = ("<svg class=", "<table", "<figcaption")


def compare(site: Path, sources: Path, builder: Path) -> list[str]:
    """What differs, a line each. The builder gets folders inside its project only, as Zensical asks."""
    told = []
    for language in LANGUAGES:
        project = sources / "docs"
        configuration = yaml.safe_load((project / f"mkdocs.{language}.yml").read_text(encoding="utf-8"))
        _link(project / "theme", SOURCES / "theme")
        configuration |= {"docs_dir": language, "site_dir": f"again/{language}"}
        configuration["theme"]["custom_dir"] = "theme"
        path = project / f"again.{language}.yml"
        path.write_text(yaml.safe_dump(configuration, allow_unicode=True, sort_keys=False), encoding="utf-8")
        subprocess.run([str(builder), "build", "-f", path.name, "-c"], cwd=project, check=True)
        told += _differences(_pages(site / language), _pages(project / "again" / language), language)
    return told


def _link(here: Path, there: Path) -> None:
    if not here.exists():
        here.symlink_to(there, target_is_directory=True)


def _pages(folder: Path) -> Mapping[str, tuple[int, ...]]:
    """Each page with what it holds. Customers' pages are stamped after the build, by us, whoever built."""
    found = {}
    for path in folder.rglob("*.html"):
        name = path.relative_to(folder).as_posix()
        if not name.startswith("customers/"):
            text = path.read_text(encoding="utf-8")
            found[name] = tuple(text.count(one) for one in COUNTED)
    return found


def _differences(usual: Mapping[str, tuple[int, ...]], other: Mapping[str, tuple[int, ...]], language: str) -> list[str]:
    told = [f"{language}: {name} is missing" for name in sorted(usual.keys() - other.keys())]
    told += [f"{language}: {name} is new" for name in sorted(other.keys() - usual.keys())]
    for name in sorted(usual.keys() & other.keys()):
        if usual[name] != other[name]:
            told.append(f"{language}: {name} has {other[name]} {COUNTED}, not {usual[name]}")
    return told


if __name__ == "__main__":
    differences = compare(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]).absolute())
    print("\n".join(differences) or "The same pages, charts and tables.")
    sys.exit(bool(differences))
