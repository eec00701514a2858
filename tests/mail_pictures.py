"""What customers and managers receive, as pictures: `python -m tests.mail_pictures [FOLDER] [NAME …]` (`make mails`).

Every text that leaves by e-mail, in both languages, with one, three and fifteen invoices, as a wide window, a telephone
and a telephone in the dark show it, and its plain text beside. For whoever changes a text or a style: look at them.
Needs Chromium. All data is invented. Not run by the tests, which hold the words themselves as snapshots.
"""

import base64
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent))

from letters.letter_desk import CHARGING, CUSTOMER, INVOICES, SETTINGS, charged, decision, desk, one_invoice
from playwright.sync_api import Browser, sync_playwright

from sync.dunning.model import Decision, InstalmentDue, Settings, Task
from sync.ledger.model import Invoice, JournalRow
from sync.ledger.words import Act, Channel, Language
from sync.letters.answers import Asked, Offered, write_answers
from sync.letters.drafts import draft_for
from sync.letters.facts import Sources
from sync.letters.library import PLAN_OFFER, builtin_names
from sync.letters.mail_html import html_of
from sync.letters.transfer_block import transfer_block
from sync.post.digest import Standing, digest_text
from sync.post.mime import CODE_ID, build
from sync.post.model import Outgoing

LANGUAGES: tuple[Language, ...] = ("fr", "en")
VIEWS = {"wide": (700, "light"), "phone": (390, "light"), "dark": (390, "dark")}
ON_PAPER = ("call", "letter", "registered", "formal", "hand", "review")


@dataclass(frozen=True)
class Mail:
    name: str
    subject: str
    text: str
    html: str
    code: bytes = b""


def fifteen(language: Language) -> tuple[Decision, Sources]:
    """Long numbers, large sums, a long company name."""
    invoices = tuple(
        Invoice(n, f"FA-2025-{n:05}-BIS", "C001", date(2025, 9, 1 + n), date(2025, 11, 1 + n), 123_456_78 + 1_111 * n, "EUR")
        for n in range(1, 16)
    )
    customer = replace(CUSTOMER, name="Établissements Charpente, Couverture & Menuiserie de l’Adour et du Gave", person="")
    total = sum(one.amount for one in invoices)
    made = decision(
        language, invoices=tuple(one.number for one in invoices), carrying=invoices[0].number, also_open=(), amount=total,
        unallocated=250_000_00, to_pay=total - 250_000_00, interest=31_415_92, compensation=600_00, interest_lines=(),
    )  # fmt: skip
    return made, desk(customer=customer, invoices=invoices)


def cases(language: Language) -> Iterator[tuple[str, Decision, Sources]]:
    yield "1", one_invoice(language), desk()
    yield "3", decision(language), desk()
    yield "3-charged", charged(decision(language)), desk(CHARGING)
    yield "15", *fifteen(language)


def early(settings: Settings) -> Settings:
    return replace(settings, early_discount=Decimal("1.5"), early_discount_days=20)


def drawn(name: str, made: Decision, sources: Sources) -> Mail:
    draft = draft_for(made, sources, name)
    assert hasattr(draft, "text"), draft
    foot, code = transfer_block(made, draft.text, sources, CODE_ID)
    html = html_of(draft.text, subject=draft.subject, language=made.language, links=draft.links, foot=foot)
    return Mail("", draft.subject, draft.text, html, code)


def mails() -> Iterator[Mail]:
    for language in LANGUAGES:
        for name in sorted(builtin_names("fr")):
            if name.startswith(ON_PAPER) or name == PLAN_OFFER:
                continue
            for case, made, sources in cases(language):
                if name in ("instalment", "thank_you") and case != "3":
                    continue
                if name.startswith("note"):
                    made = replace(
                        made, is_note=True, step=1, offset=-5, unallocated=0, to_pay=made.amount, interest=0, compensation=0
                    )
                if name == "instalment":
                    made = replace(made, instalment=InstalmentDue("P-2026-01", date(2026, 3, 15), 50_000, 2, 4))
                made = replace(made, template=name if name.startswith("reason") else "")
                yield replace(drawn(name, made, sources), name=f"{name}.{language}.{case}")
        yield replace(discounted(language), name=f"note.{language}.discount")
        yield replace(offered(language), name=f"{PLAN_OFFER}.{language}.6")
        yield replace(digest(language), name=f"digest.{language}.week")
        yield replace(diverted(language), name=f"email_1.{language}.test-address")


def discounted(language: Language) -> Mail:
    invoices = tuple(replace(one, issued=date(2026, 2, 16), due=date(2026, 3, 18)) for one in INVOICES[:2])
    sources = desk(early(SETTINGS), invoices=invoices)
    made = decision(
        language, is_note=True, step=1, offset=-5, also_open=(), unallocated=0, to_pay=168000, interest=0, compensation=0
    )
    return drawn("note", made, sources)


def offered(language: Language) -> Mail:
    """Six instalments and a discount, as a person copies them from Today."""
    sources = desk(replace(SETTINGS, language=language))
    plan = Offered(instalments=[(date(2026, 3 + n, 15), 28_000) for n in range(6)], discount=3_360)
    asked = Asked(key="plan", customer="C001", currency="EUR", invoices=("FA-2026-0143", "FA-2026-0151"), offered=plan)
    subject, _, text = write_answers([asked], sources)["plan"].partition("\n\n")
    return Mail("", subject, text, html_of(text, subject=subject, language=language))


def diverted(language: Language) -> Mail:
    made, sources = decision(language), desk()
    mail = drawn("email_1", made, sources)
    message = build(
        Outgoing(decision=made, subject=mail.subject, text=mail.text, html=mail.html, code=mail.code),
        SETTINGS, datetime(2026, 2, 23, 10, tzinfo=ZoneInfo("Europe/Paris")), test_address="essai@example.org",
    )  # fmt: skip
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return Mail("", str(message["Subject"]), plain.get_content(), html.get_content(), mail.code)  # type: ignore[attr-defined]


def digest(language: Language) -> Mail:
    when = datetime(2026, 2, 16, 9, tzinfo=ZoneInfo("Europe/Paris"))
    acts = (Act.SENT, Act.SENT, Act.SENT, Act.REPLIED, Act.BOUNCED, Act.FAILED, Act.UNCERTAIN)
    journal = [JournalRow(row=2, when=when, status=Act.SENT, cadence="digest", hash="0" * 64)]
    journal += [
        JournalRow(
            row=n, when=when.replace(day=18), status=act, customer=f"C{n}", step=2, key=f"k{n}", channel=Channel.EMAIL,
            hash="4f2a" * 16,
        )
        for n, act in enumerate(acts, 3)
    ]  # fmt: skip
    kinds = {"fr": ("appel", "appel", "réponse", "message incertain"), "en": ("call", "call", "reply", "uncertain message")}
    standing = Standing(
        as_of=date(2026, 2, 23), open={"EUR": 48_215_030, "CHF": 1_250_000}, overdue={"EUR": 12_804_055, "CHF": 0},
        tasks=[Task(key=str(n), kind=kind, customer="C1") for n, kind in enumerate(kinds[language])], problems=3,
        journal=journal, site="https://example.org/recouvrement/",
    )  # fmt: skip
    subject, text = digest_text(standing, replace(SETTINGS, language=language))
    return Mail(
        "", subject, text, html_of(text, subject=subject, language=language, links=("https://example.org/recouvrement/",))
    )


def photograph(browser: Browser, mail: Mail, folder: Path) -> None:
    shown = mail.html.replace(f"cid:{CODE_ID}", f"data:image/png;base64,{base64.b64encode(mail.code).decode()}")
    for view, (width, scheme) in VIEWS.items():
        page = browser.new_page(viewport={"width": width, "height": 400}, color_scheme=scheme)  # type: ignore[arg-type]
        page.set_content(shown)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            print(f"{mail.name} {view}: {wide} px wide")
        page.screenshot(path=folder / f"{mail.name}.{view}.png", full_page=True)
        page.close()
    (folder / f"{mail.name}.txt").write_text(f"{mail.subject}\n\n{mail.text}\n", "utf-8")


def sheet(browser: Browser, folder: Path, mail: Mail) -> None:
    """The three pictures of a message side by side, under its subject."""
    pictures = "".join(
        f'<img src="data:image/png;base64,{base64.b64encode((folder / f"{mail.name}.{view}.png").read_bytes()).decode()}" '
        f'style="width:{width * 0.62}px">'
        for view, (width, _) in VIEWS.items()
    )
    page = browser.new_page(viewport={"width": 960, "height": 400})
    page.set_content(
        "<style>body{font-family:sans-serif;background:#99a}h2{margin:6px 0;font-size:15px}div{display:flex;gap:6px;"
        "align-items:flex-start}small{font-weight:normal}</style>"
        f"<h2>{escape(mail.name)} <small>{escape(mail.subject)}</small></h2><div>{pictures}</div>"
    )
    page.screenshot(path=folder / f"_{mail.name}.png", full_page=True)
    page.close()


def main(folder: Path, wanted: list[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = [mail for mail in mails() if not wanted or any(mail.name.startswith(one) for one in wanted)]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for mail in made:
            photograph(browser, mail, folder)
            sheet(browser, folder, mail)
        browser.close()
    print(f"{len(made)} messages in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build/mails"), sys.argv[2:])
