"""The transfer code of European banks (EPC069-12): a square that a banking app reads instead of typed figures.

Made only when everything in it is certain: a valid IBAN, euros, a sum. Otherwise there is none, and the figures in
clear stand alone.
"""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stdnum import iban as iban_numbers
from stdnum import iso11649
from stdnum.exceptions import ValidationError

from sync.ledger.model import Cents
from sync.ledger.money import to_decimal
from sync.letters.table import one_line

if TYPE_CHECKING:
    import segno

MOST_NAME = 70
MOST_TEXT = 140
_MOST_CENTS = 999_999_999_99


@dataclass(frozen=True, slots=True)
class Transfer:
    """A payment to ask for. `reference` is what the customer quotes."""

    name: str
    iban: str
    bic: str
    amount: Cents
    currency: str
    reference: str

    def code(self) -> "segno.QRCode | None":
        """None when the sum, the currency or the account does not allow a code."""
        name = one_line(self.name)[:MOST_NAME].strip()
        if self.currency != "EUR" or not 0 < self.amount <= _MOST_CENTS or not name or not valid_iban(self.iban):
            return None
        from segno import helpers  # slow to import, and most runs print nothing

        reference = one_line(self.reference)
        structured = is_creditor_reference(reference)
        try:
            return helpers.make_epc_qr(
                name=name,
                iban=iban_numbers.compact(self.iban),
                amount=to_decimal(self.amount),
                reference=iso11649.compact(reference) if structured else None,
                text=None if structured else (reference[:MOST_TEXT] or name),
                encoding="utf-8",
            )
        except ValueError:  # more bytes than the standard allows (a long name in another alphabet)
            return None

    def svg(self) -> str:
        """The code as a drawing, quiet zone included; "" when there is none."""
        made = self.code()
        if made is None:
            return ""
        out = io.BytesIO()
        made.save(out, kind="svg", xmldecl=False, border=4, light="#ffffff")
        return out.getvalue().decode()


def valid_iban(text: str) -> bool:
    try:
        iban_numbers.validate(text)
    except ValidationError:
        return False
    return True


def is_creditor_reference(text: str) -> bool:
    """Whether it is an ISO 11649 reference ("RF30FA20260123")."""
    try:
        iso11649.validate(text)
    except ValidationError:
        return False
    return True
