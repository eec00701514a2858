"""Runs of `sync` that die: a small server of processes, so that each run starts in milliseconds and may be killed.

Started as `python crash_runner.py`; each line on its input is a job, each line on its output what became of it:
`{"died": bool, "points": n, "error": "…"}`. A job counts the moments at which a run touches the outside (files of the
workbook's folder, words to the mail server) and kills itself, as `kill -9` would, just before the one asked for; or, with
`"signal": 2`, is stopped there by Ctrl-C. `"disk"` is the most bytes a file may hold, as on a disk that is full.
"""

import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

EVENTS = {
    "http.client.send",
    "open",
    "os.rename",
    "os.remove",
    "os.link",
    "os.chmod",
    "os.mkdir",
    "smtplib.connect",
    "smtplib.send",
    "shutil.copymode",
}


def watch(folder: str, kill_at: int, how: int = signal.SIGKILL) -> list[int]:
    """Count the moments from now on; the list holds the count."""
    count = [0]

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event not in EVENTS:
            return
        if event == "open" and not str(args[0]).startswith(folder):
            return
        count[0] += 1
        if count[0] == kill_at:
            os.kill(os.getpid(), how)

    sys.addaudithook(hook)
    return count


def google_of(sheet: dict[str, Any]) -> Any:
    """A carrier on the emulator that the test runs; it waits for nobody."""
    from sync.workbook.google.carrier import Google
    from sync.workbook.google.client import SheetsClient
    from sync.workbook.google.credentials import find_identity

    identity = find_identity({"RELANCE_GOOGLE_CREDENTIALS": json.dumps(sheet["account"])}, "fr", on_loopback=True)
    return Google(SheetsClient(identity.credentials, sheet["url"], sleep=lambda seconds: None), sheet["id"], "fr", identity.email)


def run(job: dict[str, Any], answer: int) -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sync.errors import RelanceError
    from sync.pipeline import sync
    from sync.postroom import Mailing, PostRoom
    from sync.run.clock import Clock
    from sync.workbook.excel.carrier import Excel

    path = Path(job["path"])
    sheet = job.get("google")
    moment = datetime.fromisoformat(job["at"]).replace(tzinfo=ZoneInfo("Europe/Paris"))
    book: Any = Excel(path) if sheet is None else google_of(sheet)
    clock = Clock(utc_now=lambda: moment)
    if sheet is not None and job["unlock"]:
        book.clear_lock()
    post = PostRoom(workbook=book, clock=clock, outbox=path.with_suffix(".outbox"), mailing=Mailing(smtp_url=job["smtp"]))
    count = watch(str(path.parent), job["kill_at"], job.get("signal", signal.SIGKILL))
    if job.get("disk"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["disk"], job["disk"]))
    error = ""
    try:
        sync(book, clock, post, run_id=f"run{job['kill_at']}", actor="relance", journal_key=b"journal key")
    except RelanceError as failure:
        error = str(failure)
    os.write(answer, json.dumps({"points": count[0], "error": error}).encode())


def main() -> None:
    import sync.postroom
    import sync.workbook.excel.carrier  # noqa: F401  (imported once, here, and not by every run)

    for line in sys.stdin:
        job = json.loads(line)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            try:
                run(job, write)
            except KeyboardInterrupt:
                os.write(write, json.dumps({"error": "Ctrl-C"}).encode())
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        os.close(write)
        told = b""
        while piece := os.read(read, 65536):
            told += piece
        os.close(read)
        _, status = os.waitpid(child, 0)
        died = os.WIFSIGNALED(status)
        answer = {"died": died, "points": 0, "error": "", **(json.loads(told) if told else {})}
        if not told and not died:
            answer["error"] = "the run ended without a word: see its output"
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
