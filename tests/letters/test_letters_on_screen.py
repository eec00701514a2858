"""E-mails in a real browser: on a telephone nothing is cut or needs sideways scrolling, and in the dark all can be read."""

import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from mail_pictures import mails

pytestmark = pytest.mark.browser
MAILS = list(mails())
# Contrast as WCAG 2 counts it, of each piece of text against what is behind it.
CONTRAST = """() => {
  const rgb = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3]) return c; } return [255, 255, 255]; };
  let worst = 21;
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    worst = Math.min(worst, (a + .05) / (b + .05));
  }
  return worst;
}"""


@pytest.fixture(scope="module")
def browser():
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "Chromium is not installed (.ci/run installs it)"
    with sync_playwright() as player:
        launched = player.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


def test_every_mail_fits_a_narrow_telephone(browser):
    page = browser.new_page(viewport={"width": 360, "height": 640})
    wide = {}
    for mail in MAILS:
        page.set_content(mail.html)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 360:
            wide[mail.name] = width
    page.close()
    assert wide == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_what_is_behind_it(browser, scheme):
    page = browser.new_page(viewport={"width": 360, "height": 640}, color_scheme=scheme)  # type: ignore[arg-type]
    pale = {}
    for mail in MAILS:
        page.set_content(mail.html)
        if (contrast := page.evaluate(CONTRAST)) < 4.5:
            pale[mail.name] = round(contrast, 2)
    page.close()
    assert pale == {}
