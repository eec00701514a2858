"""Two thousand messages to a mail server on this machine, and a run that is killed in the middle and taken up again.

    python -m benchmarks.mail [COUNT]

Prints messages a second, the memory while messages leave and the highest (the workbook is saved once, with every act of the
run), and what the second run did after the kill.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

NOW = datetime(2026, 2, 2, 10, tzinfo=ZoneInfo("Europe/Paris"))


def make(path: Path, count: int) -> None:
    from sync.workbook.excel.carrier import Excel
    from sync.workbook.starting_rows import starting_rows
    from sync.workbook.tabs import Append, Changes

    rows = dict(starting_rows("en"))
    wanted = {
        "company": "Example Workshop", "sender_email": "accounts@example.org", "mode": "auto", "daily_cap": None,
        "freshness_days": None, "iban": "FR7630006000011234567890189",
    }  # fmt: skip
    rows["settings"] = [{**row, "value": wanted.get(str(row["setting"]), row.get("value"))} for row in rows["settings"]]
    rows["journal"] = [{"when": "2026-01-02T09:00:00+01:00", "status": "observed", "field": "mode", "new": "auto"}]
    Excel(path, "en").init("en", rows)
    contacts = [
        {"customer": f"C{n:05}", "email": f"c{n:05}@example.org", "kind": "business", "name": f"Customer {n}"}
        for n in range(count)
    ]
    invoices = [
        {
            "invoice": f"F-{n:05}",
            "customer": f"C{n:05}",
            "issued": date(2025, 12, 20),
            "due": date(2026, 1, 30),
            "amount": 100 + n,
        }
        for n in range(count)
    ]
    Excel(path, "en").write(Changes(appends=[Append(tab="contacts", rows=contacts), Append(tab="invoices", rows=invoices)]))


def serve(record: str) -> None:
    """A server that takes everything and writes the key of each message on one line."""
    import asyncio

    from aiosmtpd.smtp import SMTP, Envelope, Session

    def note(line: str) -> None:
        with Path(record).open("a", encoding="utf-8") as out:
            out.write(f"{line}\n")

    class Taking:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            content = envelope.content
            assert isinstance(content, bytes)
            note(content.partition(b"X-Relance-Key: ")[2][:32].decode())
            return "250 taken"

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Taking()), "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(run())


def send(path: str, port: str) -> None:
    from sync.pipeline import sync
    from sync.postroom import Mailing, PostRoom
    from sync.run.clock import Clock
    from sync.workbook.excel.carrier import Excel

    memory: list[int] = []

    def tell_time() -> datetime:
        """Asked for each row of the Journal: a good moment to look at the memory, in pages."""
        memory.append(int(Path("/proc/self/statm").read_text("ascii").split()[1]))
        return NOW

    book, clock = Excel(Path(path), "en"), Clock(utc_now=tell_time)
    post = PostRoom(
        workbook=book, clock=clock, outbox=Path(path).with_suffix(".outbox"), mailing=Mailing(smtp_url=f"smtp://127.0.0.1:{port}")
    )
    start, busy = time.monotonic(), time.process_time()
    done = sync(book, clock, post, run_id=str(os.getpid()), actor="relance", journal_key=b"key")
    told = {"sent": sum(str(one.status) == "sent" for one in done.sendings), "seconds": round(time.monotonic() - start, 1)}
    told["cpu_ms"] = round((time.process_time() - busy) * 1000 / max(1, told["sent"]), 1)
    sending = [page * resource.getpagesize() >> 20 for page in (memory[len(memory) // 4], memory[-1])]
    print(json.dumps({**told, "sending_mb": sending, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


def main(count: int) -> None:
    def step(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "benchmarks.mail", *arguments]

    with tempfile.TemporaryDirectory() as folder:
        for name in ("whole", "killed"):
            path, record = Path(folder) / f"{name}.xlsx", Path(folder) / f"{name}.txt"
            record.touch()
            make(path, count)
            server = subprocess.Popen(step("serve", str(record)), stdout=subprocess.PIPE, text=True)
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            if name == "killed":
                run = subprocess.Popen(step("send", str(path), port))
                while len(record.read_text().split()) < count * 2 // 5:
                    time.sleep(0.02)
                run.send_signal(signal.SIGKILL)
                run.wait()
                print(f"killed after {len(record.read_text().split())} messages")
            told = json.loads(subprocess.run(step("send", str(path), port), check=True, capture_output=True, text=True).stdout)
            server.terminate()
            server.wait()
            keys = record.read_text().split()
            print(
                f"{name}: {told['sent']} sent in {told['seconds']} s ({told['sent'] / told['seconds']:.0f}/s, {told['cpu_ms']} ms of processor a message), "
                f"memory {told['sending_mb'][0]} MB after a quarter, {told['sending_mb'][1]} at the last, {told['peak_mb']} while the book is saved; "
                f"the server took {len(keys)}, {len(set(keys))} different"
            )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", record]:
            serve(record)
        case ["send", path, port]:
            send(path, port)
        case [count]:
            main(int(count))
        case _:
            main(2000)
