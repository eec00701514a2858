"""Names come from outside: whatever they contain, they print as they are, in the text and in the HTML."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from letters.letter_desk import AS_OF, CUSTOMER, INVOICES, SETTINGS, decision, desk, text_of_theirs

from sync.ledger.model import Handling, Invoice
from sync.letters.drafts import Draft, draft_for
from sync.letters.mail_html import html_of

NAMES = (
    "{{ 7*7 }}", "{% for x in y %}", "{# caché #}", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    '=HYPERLINK("https://mal.example.org";"cliquez")', "=1+1", "@SUM(A1)", "*Dupont* & **Fils**", "[ici](https://mal.example.org)",
    "![x](https://mal.example.org/x.png)", "<https://mal.example.org>", "`rm -rf`", "# Dupont", "A_B_C", "O'Neil & \"Sons\"", "$x^2$",
    "Dupont &amp; Fils", "https://mal.example.org", "\\*étoile\\*", "%0d%0aBcc: x", "{0.__class__}", "%(x)s",
)  # fmt: skip


class Reader(HTMLParser):
    """What a mail client shows, and the tags it meets."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags, self.links = "", set[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def written(name: str, body: str = "Bonjour {{ person }} de {{ customer }},\n\n{{ invoices }}") -> Draft:
    invoices = (Invoice(2, name, "C001", AS_OF, AS_OF, 5000, "EUR"),)
    made = decision(invoices=(name,), also_open=(), carrying=name, amount=5000, unallocated=0, to_pay=5000, template="maison")
    sources = desk(
        customer=replace(CUSTOMER, name=name, person=name), invoices=invoices, templates=(text_of_theirs(body, "{{ customer }}"),)
    )
    result = draft_for(made, sources)
    assert isinstance(result, Draft)
    return result


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_prints_as_it_is(name: str) -> None:
    made = written(name)
    assert f"Bonjour {name} de {name}," in made.text
    assert made.subject.startswith(name)
    page = read(html_of(made.text, subject=made.subject, language="fr", links=made.links))
    assert f"Bonjour {name} de {name}," in page.text
    assert page.tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "p",
        "br",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert not page.links


@pytest.mark.parametrize(
    "name", ["Dupont\nBcc: x@example.org", "Dupont\r\n\r\nTexte", "Dupont\u2028Bcc", "Du\tpont", "Du    pont", "Du\x00pont\x0c"]
)
def test_a_name_of_several_lines_or_columns_becomes_one_of_one(name: str) -> None:
    made = written(name)
    one = " ".join("".join(ch if ch.isprintable() else " " for ch in name).split())
    assert f"Bonjour {one} de {one}," in made.text
    assert "\n" not in made.subject
    assert "\r" not in made.text


def test_only_the_links_of_the_sheet_become_links() -> None:
    safe, unsafe = "https://pay.example.org/a?x=1&y=2", "javascript:alert(1)"
    made = decision(invoices=("FA-2026-0143",), also_open=())
    paying = tuple(replace(i, handling=Handling(payment_link=safe, document_link=unsafe)) for i in INVOICES)
    result = draft_for(made, desk(SETTINGS, replace(CUSTOMER, person="https://pay.example.org.mal.example"), paying), "email_2")
    assert isinstance(result, Draft)
    assert result.links == (safe,)
    page = read(html_of(result.text, subject="", language="fr", links=(*result.links, unsafe)))
    assert page.links == [safe]


def test_a_link_that_begins_another_is_not_taken_for_it() -> None:
    links = ("https://p.example.org/1", "https://p.example.org/12")
    page = read(
        html_of(
            "1 : https://p.example.org/1\n2 : https://p.example.org/12\n3 : https://p.example.org/123",
            subject="",
            language="fr",
            links=links,
        )
    )
    assert page.links == list(links)
