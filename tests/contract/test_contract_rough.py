"""Rough handling: odd keys, odd files, odd tabs. A run answers, or says in one sentence why it cannot."""

import openpyxl
import pytest
from plain_book import Book, contact, day, invoice, paid, write_tab

AUTO = {"mode": "auto", "language": "en", "freshness_days": None}


def book(tmp_path, number="F-1", customer="C1", **more):
    return Book(
        tmp_path, Invoices=[invoice(number, customer=customer, **more)],
        Contacts=[{**contact("C1"), "Customer": customer}], Settings=AUTO,
    )  # fmt: skip


# --- odd keys

ODD = [
    "F,1",
    "F;1",
    "F|1",
    "F 1",
    "a/b\\c",
    "../../etc",
    "é\u0301ü",
    "№ 1",
    "0",
    "-",
    "x" * 200,
    "=1+1",
    "'1",
    '"q"',
    "<b>",
    "{{ 7*7 }}",
    "😀",
]


@pytest.mark.parametrize("number", ODD)
def test_an_odd_invoice_number_gets_its_message_once_and_then_the_next_step(tmp_path, number):
    made = book(tmp_path, number=number)
    if number.startswith("="):
        made.path.unlink()
        made = _as_text(tmp_path, number, "C1")
    first = made.sync("2026-02-10")
    if first["sent"]:
        assert [one["invoices"] for one in first["sent"]] == [[number]]
        assert made.sync("2026-02-10")["sent"] == []
        assert made.decision("2026-02-11")["step"] == 3
    else:  # refused, with its cell
        assert [one["column"] for one in first["problems"]] == ["invoice"]
    assert len(made.mails()) == len(first["sent"])


@pytest.mark.parametrize("customer", ODD)
def test_an_odd_customer_key_gets_its_message_and_its_call_can_be_answered(tmp_path, customer):
    made = _as_text(tmp_path, "F-1", customer)
    first = made.sync("2026-02-02")
    if not first["sent"]:
        assert [one["column"] for one in first["problems"]][0] == "customer"
        return
    assert made.sync("2026-02-02")["sent"] == []
    made.sync("2026-02-09")
    row = next(index for index, task in enumerate(made.rows("Today"), 2) if task["Invoices"] == "F-1")
    made.type("Today", row, "Outcome", "done")
    made.sync("2026-02-09")
    assert made.decision("2026-02-12")["step"] == 4  # and no grace has passed


def _as_text(tmp_path, number, customer):
    made = book(tmp_path)
    file = openpyxl.load_workbook(made.path)
    for cell, value in ((file["Invoices"]["A2"], number), (file["Invoices"]["B2"], customer), (file["Contacts"]["A2"], customer)):
        cell.value = value
        cell.data_type = "s"
    file.save(made.path)
    return made


# --- odd tabs


def test_two_tabs_for_one_thing_send_nothing(tmp_path):
    made = Book(tmp_path, Invoices=[invoice()], Factures=[invoice("F-2")], Contacts=[contact()], Settings=AUTO)
    assert [one["code"] for one in made.plan("2026-02-10")["problems"]] == ["tab_twice"]
    made.sync("2026-02-10", status=2)
    assert made.mails() == []


def test_empty_tabs_mean_their_defaults(tmp_path):
    made = book(tmp_path)
    file = openpyxl.load_workbook(made.path)
    for title in ("Payments", "Plans", "Cadence", "Reasons", "Templates", "Rates", "Today", "Problems", "Journal"):
        file.create_sheet(title)
    file.save(made.path)
    plan = made.plan("2026-02-10")
    assert (plan["problems"], plan["decisions"][0]["cadence"]) == ([], "standard")
    assert len(made.sync("2026-02-10")["sent"]) == 1


def test_headings_without_rows_mean_the_defaults(tmp_path):
    made = book(tmp_path)
    file = openpyxl.load_workbook(made.path)
    write_tab(file, "Cadence", [dict.fromkeys(("Cadence", "Step", "When", "Channel"))])
    write_tab(file, "Reasons", [dict.fromkeys(("Reason", "Pause"))])
    file.save(made.path)
    assert (made.plan("2026-02-10")["problems"], made.decision("2026-02-10")["cadence"]) == ([], "standard")


@pytest.mark.parametrize(
    "title", ["Contacts", "Payments", "Plans", "Cadence", "Reasons", "Templates", "Rates", "Settings", "Today", "Journal"]
)
def test_a_tab_with_other_headings_never_breaks_a_run(tmp_path, title):
    made = book(tmp_path)
    file = openpyxl.load_workbook(made.path)
    if title in file.sheetnames:
        del file[title]
    write_tab(file, title, [{"a": 1, "b": "two"}, {"a": day("2026-01-01"), "b": True}])
    file.save(made.path)
    for command in ("plan", "check", "sync", "sync"):
        result = made.run(command, "--as-of", "2026-02-10", status=None)
        assert result.exit_code in (0, 1, 2, 3), (command, result.output)
    assert [[cell.value for cell in row][:2] for row in openpyxl.load_workbook(made.path)[title].iter_rows(max_row=1)] == [
        ["a", "b"]
    ]


def test_a_chart_sheet_and_hidden_tabs_are_nothing_to_us(tmp_path):
    made = book(tmp_path)
    file = openpyxl.load_workbook(made.path)
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(file["Invoices"], min_col=5, min_row=1, max_row=2))
    file.create_chartsheet("Chart").add_chart(chart)
    file.create_sheet("Secret").sheet_state = "veryHidden"
    file["Contacts"].sheet_state = "hidden"
    file.save(made.path)
    assert made.decision("2026-02-10")["to"] == ["c1@example.org"]
    made.sync("2026-02-10")
    assert {"Chart", "Secret"} <= set(openpyxl.load_workbook(made.path).sheetnames)


def test_merged_headings_are_read_where_they_stand(tmp_path):
    made = book(tmp_path)
    file = openpyxl.load_workbook(made.path)
    sheet = file["Invoices"]
    sheet.merge_cells("F1:G1")
    sheet["F1"] = "Note"
    file.save(made.path)
    assert len(made.sync("2026-02-10")["sent"]) == 1


def test_formulas_that_were_never_computed_are_told_and_not_guessed(tmp_path):
    made = book(tmp_path)
    made.type("Invoices", 2, "Amount", "=50*2")
    assert [place[:3] for place in made.codes("2026-02-10")] == [("invoices", 2, "amount")]
    assert made.plan("2026-02-10")["decisions"] == []


def test_a_cell_far_away_is_said_or_survived(tmp_path):
    made = book(tmp_path)
    file = openpyxl.load_workbook(made.path)
    file["Invoices"]["XFD1048576"] = "lost"
    file.save(made.path)
    result = made.run("plan", "--as-of", "2026-02-10", status=None)
    assert result.exit_code in (0, 3)


# --- odd values

TEXTS = [
    "x" * 40_000,
    "\u202eabc",
    "line\nline",
    "\x07bell",
    "#REF!",
    "#N/A",
    "{{ 1/0 }}",
    "{% for x in range(10**9) %}",
    True,
    10**300,
    -1,
    day("2026-01-01"),
]


@pytest.mark.parametrize("value", TEXTS, ids=range(len(TEXTS)))
def test_any_value_in_any_cell_is_survived(tmp_path, value):
    headings = [
        "Invoice",
        "Customer",
        "Issue date",
        "Due date",
        "Amount",
        "Currency",
        "Applies to",
        "Paid on",
        "Status",
        "Status date",
        "Delay reason",
        "Reason since",
        "Disputed amount",
        "Promised for",
        "Promised amount",
        "Hold until",
        "Cadence",
        "Last step (before)",
        "Last contact (before)",
        "Payment link",
        "Invoice file",
        "Note",
        "Send?",
        "Draft",
        "Draft subject",
    ]
    if isinstance(value, str):
        value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767]
    rows = [{**invoice(f"F-{index}"), heading: value} for index, heading in enumerate(headings)]
    made = Book(
        tmp_path, Invoices=[invoice("SOUND"), *rows], Contacts=[contact()], Settings=AUTO,
        Payments=[{**paid("2026-02-01", 1, "SOUND"), heading: value} for heading in ("Date", "Invoice", "Customer", "Amount", "Currency", "Method", "Reference", "Note")],
        Plans=[{"Plan": "P", "Customer": "C1", "Invoices": "F-3", "Due date": day("2026-03-01"), "Amount": 10, heading: value} for heading in ("Plan", "Customer", "Invoices", "Agreed on", "Signed on", "Due date", "Amount", "Discount if kept", "Note")],
        Rates=[{"Rate": "ECB_MRO", "From": day("2026-01-01"), "Percent": 3, heading: value} for heading in ("Rate", "From", "Percent", "Source")],
        Templates=[{"Template": "mine", "Language": "en", "Subject": "s", "Text": "t", heading: value} for heading in ("Template", "Language", "Subject", "Text")],
        Today=[{"Customer": "C1", "Kind": "call", "Outcome": "done", heading: value} for heading in ("Task", "Customer", "Invoices", "Kind", "Outcome", "Date", "Promised amount", "Note")],
    )  # fmt: skip
    for command in ("check", "sync"):
        result = made.run(command, "--as-of", "2026-02-10", status=None)
        assert result.exit_code in (0, 1, 2, 4), (command, result.output)


@pytest.mark.parametrize("value", TEXTS[:8], ids=range(8))
def test_any_value_in_any_cell_of_a_contact_is_survived(tmp_path, value):
    headings = [
        "Name",
        "Contact",
        "E-mail",
        "Cc",
        "Phone",
        "Address",
        "Country",
        "Kind",
        "Natural person",
        "Language",
        "Segment (set)",
        "Cadence",
        "Terms",
        "Payment means",
        "Do not contact",
        "Account manager",
        "Credit limit",
        "Debt ratio",
        "Current liquidity",
        "Monthly capacity",
        "External score",
        "Guarantee",
        "Interest rate",
        "Insolvency date",
        "Company ID",
        "Note",
    ]
    value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32_767]
    made = Book(
        tmp_path, Invoices=[invoice(f"F-{index}", customer=f"C{index}") for index in range(len(headings) + 1)], Settings=AUTO,
        Contacts=[contact("C0"), *({**contact(f"C{index}"), heading: value} for index, heading in enumerate(headings, 1))],
    )  # fmt: skip
    found = made.sync("2026-02-10", status=None)
    assert "C0" in [one["customer"] for one in found["sent"]]
    made.run("check", "--as-of", "2026-02-11", status=None)
