"""Pages of customers, stamped from one model that MkDocs has built: a thousand of them cost a second, not twenty.

They stand outside the navigation, and enter the search index of the internal edition by name, number and invoice.
"""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path

from reports.pages.customers import each
from reports.pages.report import Reader
from reports.pages.templates import environment, render

MODEL = "customers/model"
TITLE, BODY = "RELANCE-TITLE", "RELANCE-BODY"
EVERY = 500  # customers between two lines of progress


def model() -> str:
    """The Markdown of the model page."""
    return f"---\ntitle: {TITLE}\nhide: [toc]\nsearch:\n  exclude: true\n---\n# {TITLE}\n\n<div>{BODY}</div>\n"


def stamp(reader: Reader, site: Path, say: Callable[[int, int], None]) -> None:
    """Write every customer's page into one language's built site, and add it to the search index."""
    source = site / f"{MODEL}.html"
    pieces = source.read_text(encoding="utf-8").replace(f"<div>{BODY}</div>", BODY).split(BODY)
    source.unlink()
    head, tail = pieces
    env = environment(reader)
    path = site / "search" / "search_index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    for number, (customer, page) in enumerate(each(reader), 1):
        name = escape(str(page.facts["name"]))
        body = render(page, reader, env, up="../", suffix="html")
        text = (head.replace(TITLE, name) + body + tail.replace(TITLE, name)).replace(
            f"{MODEL}.html", f"customers/{page.name}.html"
        )
        (site / "customers" / f"{page.name}.html").write_text(text, encoding="utf-8")
        numbers = page.facts["numbers"]
        assert isinstance(numbers, list)
        index["docs"].append(
            {"location": f"customers/{page.name}.html", "title": name, "text": escape(" ".join([customer, *numbers]))}
        )
        if number % EVERY == 0:
            say(number, len(reader.facts.slugs))
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
