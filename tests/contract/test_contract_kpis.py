"""`<site>/data/kpis.json` of a small workbook made by hand, checked with a pocket calculator."""

import json

import pytest
from plain_book import Book, contact, day, invoice, paid

MEASURE = {"value", "unit", "n", "numerator", "denominator", "why_null", "warnings"}
UNITS = {"EUR", "USD", "days", "ratio", "points", "customers"}  # the last of a figure beyond the contract


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    rows = [
        invoice("F-1", "2025-12-31", 1000, **{"Issue date": day("2025-12-01")}),
        invoice("F-2", "2026-03-01", 500, **{"Issue date": day("2026-01-30")}),
        invoice("F-3", "2026-02-01", 200, customer="C2", **{"Issue date": day("2026-01-02")}),
        invoice("A-1", "2026-02-01", -50, **{"Issue date": day("2026-02-01")}),
        invoice("U-1", "2026-02-01", 100, Currency="USD"),
        invoice("X-1", amount="1.234"),
        invoice("F-4", "2026-02-01", 300, Status="draft"),
        invoice(
            "F-5", "2026-02-05", 90, Status="written off", **{"Issue date": day("2026-01-05"), "Status date": day("2026-02-06")}
        ),
        invoice("F-6", "2026-12-01", 70),  # issued later than the as-of date
    ]
    made = Book(
        tmp_path_factory.mktemp("kpis"), Invoices=rows, Contacts=[contact(), contact("C2")], Payments=[paid("2026-01-20", 400, "F-1")],
        Settings={"language": "en", "mode": "auto", "freshness_days": None},
    )  # fmt: skip
    made.sync("2026-02-10")
    made.run("report", "--as-of", "2026-02-10", "--site", str(made.path.parent / "site"))
    return made


@pytest.fixture(scope="module")
def found(book):
    text = (book.path.parent / "site" / "data" / "kpis.json").read_text("utf-8")
    assert "NaN" not in text
    assert "Infinity" not in text
    return json.loads(text)


@pytest.fixture(scope="module")
def euros(found):
    return found["currencies"]["EUR"]


def measures(node):
    if isinstance(node, dict):
        if "value" in node and "unit" in node:
            yield node
        for child in node.values():
            yield from measures(child)
    elif isinstance(node, list):
        for child in node:
            yield from measures(child)


def test_the_keys_of_the_document(found, euros):
    assert set(found) >= {"as_of", "run_at", "quality", "currencies"}
    assert (found["as_of"], set(found["currencies"])) == ("2026-02-10", {"EUR", "USD"})
    assert set(euros) >= {
        "open", "overdue", "overdue_rate", "unapplied", "ageing", "dso_simple_90", "dso_simple_365", "dso_count_back", "dso_best_possible_90",
        "add_90", "days_late", "top10_share", "hhi", "promise_kept", "months", "segments", "stages",
    }  # fmt: skip


def test_every_measure_has_its_keys_and_a_number_or_why_there_is_none(found):
    every = list(measures(found["currencies"]))
    assert len(every) > 40
    for one in every:
        assert set(one) >= MEASURE
        assert one["unit"] in UNITS
        assert (one["value"] is None) == bool(one["why_null"]), one


def test_open_is_buckets_and_unapplied_to_the_cent(euros):
    assert [euros[key]["value"] for key in ("open", "overdue", "unapplied")] == [1250, 800, -50]
    ageing = euros["ageing"]
    assert {key: (one["count"], float(one["amount"])) for key, one in ageing.items()} == {
        "not_due": (1, 500), "1-30": (1, 200), "31-60": (1, 600), "61-90": (0, 0), "91+": (0, 0),
    }  # fmt: skip
    assert {type(one["amount"]) for one in ageing.values()} == {str}
    assert euros["overdue_rate"]["value"] == pytest.approx(800 / 1300)
    assert (euros["open"]["unit"], euros["overdue_rate"]["unit"]) == ("EUR", "ratio")


def test_dso_over_the_history_there_is(euros):
    sales, days = 1000 + 500 + 200 - 50 + 90, 72  # from 1 December
    assert euros["dso_simple_90"]["value"] == pytest.approx(1250 / sales * days)
    assert "short_history" in str(euros["dso_simple_90"]["warnings"])
    assert euros["dso_best_possible_90"]["value"] == pytest.approx(500 / sales * days)
    assert euros["add_90"]["value"] == pytest.approx(750 / sales * days)


def test_concentration(euros):
    assert euros["hhi"]["unit"] == "points"
    balances = [600 + 500 - 50, 200]
    assert euros["hhi"]["value"] == pytest.approx(sum((one / sum(balances)) ** 2 for one in balances) * 10_000)


def test_months_are_complete_ones_then_the_running_one(euros):
    months = euros["months"]
    assert [(one["month"], one["as_of"], one.get("to_date", False)) for one in months] == [
        ("2025-12", "2025-12-31", False), ("2026-01", "2026-01-31", False), ("2026-02", "2026-02-10", True),
    ]  # fmt: skip
    for one in months:
        assert set(one) >= {
            "open",
            "overdue",
            "ageing",
            "dso_simple_90",
            "dso_count_back",
            "cei",
            "recovery",
            "on_time_share",
            "on_time_share_amount",
        }
        assert set(one["recovery"]) >= {"0", "30", "60", "90"}
    assert [one["open"]["value"] for one in months] == [1000, 600 + 500 + 200 + 90, 1250]
    assert [one["overdue"]["value"] for one in months] == [0, 600, 800]


def test_segments_by_their_english_words(euros):
    assert set(euros["segments"]) <= {"reliable", "occasional", "watch", "new"}
    assert sum(one["open"]["value"] for one in euros["segments"].values()) == 1250


def test_stages_of_what_was_sent(euros):
    assert [(one["cadence"], one["step"], one["channel"], one["n"]) for one in euros["stages"]] in (
        [],
        [("standard", 2, "email", 0)],
    )


def test_the_quality_box(found):
    assert found["quality"] == {
        **found["quality"],
        "rows_rejected": 1,
        "unmatched_payments": 0,
        "no_due_date": 0,
        "customers_without_contact": 0,
    }


def test_the_public_edition_names_nobody(book):
    site = book.path.parent / "public"
    book.run("report", "--as-of", "2026-02-10", "--site", str(site), "--edition", "public")
    for path in site.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for word in (b"Company C1", b"c1@example.org", b"F-1<", b'"F-1"'):
                assert word not in data, (path, word)
