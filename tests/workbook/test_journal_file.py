"""An act that was recorded is in the Journal once and for ever, whenever the run is cut short."""

import os
from datetime import date

import pytest

from sync.errors import WorkbookError
from sync.workbook import journal_file
from sync.workbook.excel.carrier import Excel
from sync.workbook.tabs import CellChange, Changes


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "clients.xlsx"
    Excel(path).init("fr")
    return path


def act(seal, **cells):
    return {"when": "2026-02-10T09:00:00+01:00", "status": "reserved", "amount": 12.0, "step": 1, "hash": seal, **cells}


def seals(path):
    return list(Excel(path).read(["journal"]).tabs["journal"].columns["hash"])


def test_an_act_counts_at_once_and_is_merged_by_the_next_write(path):
    before = path.read_bytes()
    book = Excel(path)
    book.append_journal([act("a"), act("b", text="Bonjour,\r\n« ça » =1+1")])
    assert path.read_bytes() == before
    assert seals(path) == ["a", "b"]
    assert book.write(Changes()).rows == 2
    assert not journal_file.side_path(path).exists()
    tab = Excel(path).read(["journal"]).tabs["journal"]
    assert list(tab.columns["hash"]) == ["a", "b"]
    assert list(tab.columns["amount"]) == [12, 12]
    assert tab.columns["text"][1] == "Bonjour,\n« ça » =1+1"


def test_rows_already_in_the_tab_are_not_doubled(path):
    book = Excel(path)
    rows = [act("a"), act("", note="sans sceau"), act("", note="sans sceau", amount=None, new=date(2026, 1, 2))]
    book.append_journal(rows)
    book.write(Changes())
    book.append_journal(rows)  # as after a crash between the exchange of files and the end of the side file
    assert len(seals(path)) == 3
    book.write(Changes())
    assert len(seals(path)) == 3


def test_half_a_line_is_no_act_and_does_not_spoil_the_next_one(path):
    book = Excel(path)
    book.append_journal([act("a")])
    with journal_file.side_path(path).open("ab") as file:
        file.write(b'{"when":"2026-02-10T09:0')
    assert seals(path) == ["a"]
    book.append_journal([act("b")])
    assert seals(path) == ["a", "b"]


def test_a_spoiled_line_stops_the_run_with_its_number(path):
    Excel(path).append_journal([act("a")])
    content = journal_file.side_path(path).read_bytes()
    journal_file.side_path(path).write_bytes(b"not json\n" + content)
    with pytest.raises(WorkbookError, match="ligne 1"):
        Excel(path).read()


def test_acts_survive_a_workbook_without_a_journal_tab(tmp_path):
    from openpyxl import Workbook

    path = tmp_path / "b.xlsx"
    book = Workbook()
    book.active.title = "Factures"
    book.active.append(["Facture", "Client", "Date de facture", "Montant TTC"])
    book.save(path)
    carrier = Excel(path)
    carrier.append_journal([act("a")])
    assert seals(path) == ["a"]
    carrier.write(Changes())
    assert seals(path) == ["a"]
    assert not journal_file.side_path(path).exists()


class Killer:
    """Ends the process, as a power cut would, at the n-th call of anything that touches the disk."""

    def __init__(self, monkeypatch, limit):
        self.left = limit
        for name in ("fsync", "replace", "unlink", "open", "rename", "chmod", "link"):
            real = getattr(os, name)
            monkeypatch.setattr(os, name, lambda *args, _real=real, **kwargs: self.count(_real, args, kwargs))

    def count(self, real, args, kwargs):
        if self.left == 0:
            os._exit(9)
        self.left -= 1
        return real(*args, **kwargs)


def run_and_die(path, monkeypatch, limit):
    """A run in a process of its own: (how it ended, seals of the acts that it was told were safe)."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        Killer(monkeypatch, limit)
        try:
            book = Excel(path)
            book.read()
            for seal in ("a", "b"):
                book.append_journal([act(seal)])
                os.write(tell, seal.encode())
            book.write(
                Changes(cells=[CellChange(tab="settings", row=2, key="société", column="problem", before=None, after="?")])
            )
            book.append_journal([act("c")])
            os.write(tell, b"c")
            book.write(Changes())
        except BaseException:
            os._exit(1)
        os._exit(0)
    os.close(tell)
    with os.fdopen(told) as pipe:
        safe = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), safe


def test_a_run_killed_between_any_two_steps_loses_and_doubles_nothing(path, monkeypatch):
    original = path.read_bytes()
    endings = []
    for limit in range(200):
        path.write_bytes(original)
        journal_file.side_path(path).unlink(missing_ok=True)
        status, safe = run_and_die(path, monkeypatch, limit)
        endings.append(status)
        found = seals(path)
        assert len(found) == len(set(found)), limit
        assert set(safe) <= set(found), limit
        assert found == sorted(found), limit
        Excel(path).write(Changes())  # the next run mends all
        assert seals(path) == found, limit
        if status == 0:
            break
    assert endings[-1] == 0
    assert len(endings) > 10
    assert set(endings[:-1]) == {9}
