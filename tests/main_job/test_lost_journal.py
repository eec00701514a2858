"""Somebody deletes the Journal: what was sent is forgotten, so nothing is sent again by itself."""

import openpyxl
import pytest
from plain_book import Book, contact, invoice


@pytest.mark.parametrize("way", ["deleted", "emptied"])
def test_a_lost_journal_stops_the_run_and_beginning_anew_is_a_choice(tmp_path, way):
    book = Book(
        tmp_path,
        Invoices=[invoice("F-1", "2026-01-31")],
        Contacts=[contact("C1")],
        Settings={"language": "en", "mode": "approve", "company": "Brume", "sender_email": "x@example.org"},
    )
    book.sync("2026-02-10")
    mails = len(book.mails())
    sheet = openpyxl.load_workbook(book.path)
    if way == "deleted":
        del sheet["Journal"]
    else:
        sheet["Journal"].delete_rows(2, 100)
    sheet.save(book.path)
    before = book.path.read_bytes()
    told = book.run("sync", "--as-of", "2026-02-11", status=2)
    assert "The Journal is empty" in told.stderr or "The Journal is empty" in told.output
    assert (book.path.read_bytes(), len(book.mails())) == (before, mails)

    book.type("Invoices", 2, "Mark", None)
    book.sync("2026-02-11")
