"""The client's patience, its counters and its silence about secrets."""

import logging
import random

import pytest
from carriers import google
from sheets_emulator import ROBOT, Emulator

from sync.workbook.google.client import GOOGLE, Limits, Passing, Refused, SheetsClient

SECRETS = ("ya29", "Bearer", "PRIVATE KEY")


@pytest.fixture
def emulator():
    with Emulator() as running:
        yield running


def client_of(emulator, sleeps, **limits):
    book = google(emulator, emulator.create("x", shared=[ROBOT]), limits=Limits(**limits))
    book.client._sleep = sleeps.append
    book.client._rng = random.Random(1)
    return book


def test_waits_grow_with_full_jitter_and_end(emulator):
    sleeps: list[float] = []
    book = client_of(emulator, sleeps, tries=6, first_wait=1)
    emulator.faults.always(503)
    with pytest.raises(Refused) as caught:
        book.client.fetch_sheet_metadata(book.id)
    assert not isinstance(caught.value, Passing)
    assert len(sleeps) == 5
    assert all(0 <= seconds <= 2**number for number, seconds in enumerate(sleeps))
    assert len({round(seconds, 6) for seconds in sleeps}) == 5
    assert book.client.counters.calls == 6


def test_what_google_asks_to_wait_is_waited(emulator):
    sleeps: list[float] = []
    book = client_of(emulator, sleeps)
    emulator.faults.once(429, retry_after=20)
    book.client.fetch_sheet_metadata(book.id)
    assert 20 <= sleeps[0] <= 21


def test_all_waiting_together_stays_within_the_budget_of_the_run(emulator):
    sleeps: list[float] = []
    book = client_of(emulator, sleeps, waiting=100)
    emulator.faults.always(429, retry_after=30)
    for _ in range(3):
        with pytest.raises(Refused):
            book.client.fetch_sheet_metadata(book.id)
    assert sum(sleeps) <= 100


@pytest.mark.parametrize("status", [400, 403, 404])
def test_what_will_not_pass_is_asked_once(emulator, status):
    sleeps: list[float] = []
    book = client_of(emulator, sleeps)
    emulator.faults.always(status)
    with pytest.raises(Refused):
        book.client.fetch_sheet_metadata(book.id)
    assert (sleeps, book.client.counters.calls) == ([], 1)


@pytest.mark.parametrize(
    ("trouble", "perhaps"),
    [(429, False), (503, False), (500, True), ("drop", True), ("commit_then_drop", True), ("truncated", True), ("cut", True)],
)
def test_an_order_is_never_repeated_by_the_client(emulator, trouble, perhaps):
    book = client_of(emulator, [])
    emulator.faults.once(trouble)
    body = {"requests": [{"addSheet": {"properties": {"title": "neuf"}}}]}
    with pytest.raises(Passing) as caught:
        book.client.batch(book.id, body)
    assert caught.value.perhaps_done is perhaps
    assert book.client.counters.writes == 1


def test_no_connection_means_that_nothing_was_done(emulator):
    book = client_of(emulator, [])
    book.client.fetch_sheet_metadata(book.id)  # a token is at hand
    emulator.stop()
    book.client.session.close()
    with pytest.raises(Passing) as caught:
        book.client.batch(book.id, {"requests": []})
    assert caught.value.perhaps_done is False
    emulator.start()


def test_every_request_has_its_time_outs(emulator):
    book = client_of(emulator, [], answer=0.2, tries=1)
    emulator.faults.once("stall", seconds=2)
    with pytest.raises(Refused) as caught:
        book.client.fetch_sheet_metadata(book.id)
    assert "Timeout" in type(caught.value.cause).__name__


def test_calls_and_bytes_are_counted(emulator):
    book = client_of(emulator, [])
    book.client.values_batch_update(
        book.id, {"valueInputOption": "RAW", "data": [{"range": "Sheet1!A1", "values": [["é" * 100]]}]}
    )
    book.client.values_batch_get(book.id, ["Sheet1!A1:A1"])
    counters = book.client.counters
    assert (counters.reads, counters.writes) == (1, 1)
    assert counters.kinds == {"values:batchUpdate": 1, "values:batchGet": 1}
    assert counters.sent == counters.largest == emulator.log[-2].sent
    assert 200 < counters.sent < 400  # é is two bytes, not six
    assert counters.received == sum(line.received for line in emulator.log[-2:])


def test_logs_name_neither_the_spreadsheet_nor_a_secret_nor_what_is_in_it(emulator, caplog):
    caplog.set_level(logging.DEBUG, "relance")
    book = google(emulator, emulator.create("x", {"Factures": [["Facture"], ["SECRETCLIENT"]]}, shared=[ROBOT]))
    emulator.faults.once(503)
    emulator.faults.once("drop", after=1)
    book.read()
    assert "values:batchGet: 200" in caplog.text
    for secret in (book.id, "SECRETCLIENT", "Factures", *SECRETS):
        assert secret not in caplog.text


def test_another_endpoint_is_on_loopback_or_refused(emulator):
    book = client_of(emulator, [])
    credentials = book.client.session.credentials
    with pytest.raises(ValueError, match="loopback"):
        SheetsClient(credentials, "http://10.0.0.1:8080")
    with pytest.raises(ValueError, match="loopback"):
        SheetsClient(credentials, "http://127.0.0.1.example.org")
    assert SheetsClient(credentials).endpoint == GOOGLE


def test_a_test_client_cannot_reach_the_real_google(emulator):
    book = client_of(emulator, [], tries=1)
    with pytest.raises(Refused):
        book.client.request("get", "https://www.googleapis.com/drive/v3/files")
