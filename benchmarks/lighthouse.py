"""Lighthouse over the demo's site: `python -m benchmarks.lighthouse [--runs 5] [--site DIRECTORY] [--form mobile]`.

The overview and a customer's page, in French and in English, served on the loopback with gzip as any host does. Prints
medians and spreads, and ends with 1 when performance is under 95 or accessibility under 100. Needs npm (Lighthouse comes
by npx, at the version below) and Chromium or Chrome; a desktop, unless told otherwise. One audit is left out: the site asks
search engines to stay away, on purpose.
"""

import argparse
import functools
import gzip
import http.server
import json
import mimetypes
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
GATES = {"performance": 95, "accessibility": 100}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKED = (".html", ".css", ".js", ".json", ".svg", ".csv")


class Host(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, compressed; assets may be kept a year."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        if path.suffix in _PACKED:
            data = gzip.compress(data, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "public, max-age=31536000" if "/assets/" in self.path else "no-cache")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def audit(address: str, form: str, browser: str) -> dict[str, float]:
    """The scores (0 to 100) and times of one run."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        command = [
            "npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={told}", "--skip-audits=is-crawlable",
            "--chrome-flags=--headless=new --no-sandbox", *(["--preset=desktop"] if form == "desktop" else []),
        ]  # fmt: skip
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": browser}, capture_output=True, timeout=300)
        report = json.loads(told.read_text(encoding="utf-8"))
    found = {name: 100 * float(report["categories"][name]["score"]) for name in CATEGORIES}
    audits = report["audits"]
    found["LCP, ms"] = audits["largest-contentful-paint"]["numericValue"]
    found["TBT, ms"] = audits["total-blocking-time"]["numericValue"]
    found["CLS"] = audits["cumulative-layout-shift"]["numericValue"]
    found["KB"] = audits["total-byte-weight"]["numericValue"] / 1000
    return found


def pages(site: Path) -> Sequence[str]:
    """The overview and the same customer's page, in both languages."""
    customer = sorted((site / "fr" / "customers").glob("*.html"))[0].name
    return [f"{language}/{page}" for language in ("fr", "en") for page in ("index.html", f"customers/{customer}")]


def demo(folder: Path) -> Path:
    """The site of the demo's portfolio, straight from memory."""
    from reports.build import build_site
    from sync.demo.portfolio import portfolio
    from sync.dunning.conclude import conclude
    from sync.dunning.configuration import read_rules
    from sync.ledger.reading import read_ledger
    from sync.workbook.contract import TABS_BY_KEY
    from sync.workbook.tabs import RawTab

    today = datetime.now(UTC).date()
    tabs = {}
    for key, rows in portfolio(today, "fr").items():
        columns = {column.key: [row.get(column.key) for row in rows] for column in TABS_BY_KEY[key].columns}
        tabs[key] = RawTab(key=key, title=TABS_BY_KEY[key].title("fr"), columns=columns)
    rules = read_rules(tabs)
    settings = rules.settings
    ledger, problems = read_ledger(
        tabs, language="fr", currency=settings.currency, terms=settings.terms, as_of=today, real_today=today
    )
    return build_site(
        ledger=ledger, rules=rules, conclusion=conclude(ledger, rules, today), problems=[*rules.problems, *problems],
        site=folder / "site", run_at=datetime.now(UTC), key="lighthouse",
    ).parent  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--form", choices=("desktop", "mobile"), default="desktop")
    asked = parser.parse_args()
    browser = os.environ.get("CHROME_PATH") or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None or shutil.which("npx") is None:
        print("This needs npm and Chromium: sudo apt-get install npm chromium, then try again.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        site = (asked.site or demo(Path(folder))).resolve()
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(site))) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            scores = {
                page: [audit(f"http://127.0.0.1:{server.server_port}/{page}", asked.form, browser) for _ in range(asked.runs)]
                for page in pages(site)
            }
            server.shutdown()
    names = list(next(iter(scores.values()))[0])
    print(f"{LIGHTHOUSE}, {asked.form}, median of {asked.runs} (performance: all runs)\n")
    print("| page | " + " | ".join(names) + " | performance, each run |")
    print("|---|" + "---:|" * len(names) + "---|")
    failed = False
    for page, runs in scores.items():
        middle = {name: median(run[name] for run in runs) for name in names}
        failed |= any(round(middle[name]) < gate for name, gate in GATES.items())
        shown = [f"{middle[name]:.3f}" if name == "CLS" else f"{middle[name]:.0f}" for name in names]
        each = ", ".join(f"{run['performance']:.0f}" for run in runs)
        print(f"| {page if len(page) < 30 else page[:22] + '….html'} | " + " | ".join(shown) + f" | {each} |")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
