"""The foot of an e-mail that asks for money by transfer: a code for the banking app, and the same figures in clear."""

import io
from functools import cache
from importlib.resources import files

from jinja2 import Environment, Template

from sync.dunning.model import Decision
from sync.ledger.money import format_money
from sync.ledger.words import Language
from sync.letters.documents.transfer import Transfer
from sync.letters.documents.words import words
from sync.letters.facts import Sources, facts_of, spaced_iban
from sync.letters.table import one_line


def transfer_block(decision: Decision, text: str, sources: Sources, cid: str) -> tuple[str, bytes]:
    """(HTML, picture). Both empty unless the text asks for that very sum and a code can be made of it.

    The picture is to travel inside the message under the identifier `cid`: nothing is fetched when the mail is opened.
    """
    language: Language = decision.language
    settings = sources.rules.settings
    amount = format_money(decision.to_pay, decision.currency, language)
    if amount not in text:
        return "", b""
    payment = facts_of(decision, sources, language).payment
    transfer = Transfer(settings.company, settings.iban, settings.bic, decision.to_pay, decision.currency, payment.reference)
    code = transfer.code()
    if code is None:
        return "", b""
    out = io.BytesIO()
    code.save(out, kind="png", scale=4, border=4, light="#ffffff")
    said = words(language)["letter"]
    name = one_line(settings.company)
    rows = [
        (said["holder"], name), ("IBAN", spaced_iban(settings.iban)), ("BIC", one_line(settings.bic)),
        (said["amount"], amount), (said["reference"], payment.reference),
    ]  # fmt: skip
    html = _template().render(
        title=said["code"],
        alt=said["code_alt"].format(amount=amount, name=name, reference=payment.reference),
        rows=[row for row in rows if row[1]],
        cid=cid,
    )
    return html, out.getvalue()


@cache
def _template() -> Template:
    source = (files("sync.letters") / "pages" / "transfer.html.j2").read_text("utf-8")
    return Environment(autoescape=True).from_string(source)
