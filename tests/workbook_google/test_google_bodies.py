"""A body of `values:batchUpdate`: by the column's name where it has one, else by letters with the tab before them."""

from sync.workbook.google.bodies import body, groups
from sync.workbook.google.book import SheetInfo
from sync.workbook.google.read import Again
from sync.workbook.tabs import RawTab

CONTACTS = SheetInfo(sheet_id=7, title="Clients", rows=100, columns=10, marks={})


def seen(names: dict[str, str]) -> dict[str, Again]:
    cells = {"email": ["a", "b"], "note": ["c", "d"]}
    raw = RawTab(key="contacts", title="Clients", first_row=2, columns=cells, letters={"email": "D", "note": "AA"})
    return {"contacts": Again(raw, CONTACTS, names)}


def sent(names: dict[str, str], cells: dict[int, dict[str, str | None]]) -> list[tuple[str, object]]:
    (group,) = groups({"contacts": cells})
    return [(one["range"], one["values"]) for one in body(group, seen(names))["data"]]


def test_a_column_with_a_name_is_written_by_its_name():
    assert sent({"email": "relance_contacts_email"}, {2: {"email": None}}) == [("relance_contacts_email", [[None, ""]])]


def test_a_column_without_a_name_is_written_by_letters_in_its_own_tab():
    assert sent({}, {2: {"email": None}, 3: {"note": "rappeler"}}) == [
        ("'Clients'!D2:D2", [[""]]),
        ("'Clients'!AA3:AA3", [["rappeler"]]),
    ]


def test_of_two_columns_only_the_named_one_goes_by_name():
    both = sent({"note": "relance_contacts_note"}, {2: {"email": "x", "note": "y"}})
    assert sorted(both) == [("'Clients'!D2:D2", [["x"]]), ("relance_contacts_note", [[None, "y"]])]
