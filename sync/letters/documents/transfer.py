"""The transfer code of European banks (EPC069-12): a square that a banking app reads instead of typed figures.

Made only when everything in it is certain: a valid IBAN, euros, a sum. Otherwise there is none, and the figures in
clear stand alone.
"""

import io
import struct
import zlib
from collections.abc import Sequence
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
_MOST_BYTES = 331
# Of the eight masks a reader must know, one. Looking for the prettiest takes five times as long as drawing the code,
# and what it gains is for codes read from afar; a test reads back hundreds of ours.
_MASK = 3
_DOTS, _QUIET = 4, 4  # dots a module, modules of quiet zone
_DARK, _PALE = "0", "f"


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
        data = self._payload(name)
        return None if data is None else _drawn(data)

    def _payload(self, name: str) -> bytes | None:
        """The lines of the standard, version 002, in UTF-8; None when they are more than it allows."""
        reference = one_line(self.reference)
        structured = is_creditor_reference(reference)
        amount = f"{to_decimal(self.amount):.2f}".rstrip("0").rstrip(".")
        lines = (
            "BCD", "002", "1", "SCT", "", name, iban_numbers.compact(self.iban), f"EUR{amount}", "",
            iso11649.compact(reference) if structured else "", "" if structured else reference[:MOST_TEXT].strip() or name,
        )  # fmt: skip
        data = "\n".join(lines).rstrip("\n").encode()
        return data if len(data) <= _MOST_BYTES else None  # a long name in another alphabet

    def svg(self) -> str:
        """The code as a drawing, quiet zone included; "" when there is none."""
        made = self.code()
        if made is None:
            return ""
        out = io.BytesIO()
        made.save(out, kind="svg", xmldecl=False, border=4, light="#ffffff")
        return out.getvalue().decode()


def _drawn(data: bytes) -> "segno.QRCode":
    """Correction level M, as the standard says."""
    import segno  # slow to import, and most runs print nothing

    return segno.make_qr(data, error="m", boost_error=False, mask=_MASK)


def picture(matrix: Sequence[bytes | bytearray]) -> bytes:
    """A code as a PNG in black and white, four dots a module, with its quiet zone.

    Four dots are one hexadecimal digit: a row is written at once, where the library goes through it dot by dot.
    """
    edge = _PALE * _QUIET
    rows = [edge + "".join(_DARK if dark else _PALE for dark in row) + edge for row in matrix]
    width = len(rows[0])
    blank = _PALE * width
    odd = "0" * (width % 2)
    lines = [b"\0" + bytes.fromhex(row + odd) for row in (*[blank] * _QUIET, *rows, *[blank] * _QUIET)]
    dots = zlib.compress(b"".join(line * _DOTS for line in lines))
    header = struct.pack(">2I5B", _DOTS * width, _DOTS * len(lines), 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", dots) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


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
