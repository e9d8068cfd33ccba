"""Open a report in Chromium: nothing is fetched, everything is seen."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from sim.show.figures import FIGURES
from sim.show.report import write_report
from tests.example import both_ends, example_dataset
from tests.show.test_report import RECORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip
# Measures every picture as laid out, and every request the page made, once it has loaded.
PROBE = """<script>addEventListener("load", () => {
  const shown = (svg) => getComputedStyle(svg).display !== "none";
  const all = [...document.querySelectorAll("figure > svg")].filter(shown);
  const boxes = all.map((svg) => {
    const box = svg.getBoundingClientRect();
    const axis = svg.querySelector("g").getBoundingClientRect();
    const fits = box.right <= document.documentElement.clientWidth + 1;
    const seen = [axis.width > 0, fits, svg.classList[0]];
    return [Math.round(box.width), Math.round(box.height), ...seen].join(":");
  });
  const letters = all.flatMap((svg) => [...svg.querySelectorAll("text")].map((text) => {
    const wide = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return wide * parseFloat(getComputedStyle(text).fontSize);
  }));
  document.documentElement.dataset.letters = Math.min(...letters);
  document.documentElement.dataset.over =
    document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const asked = performance.getEntriesByType("resource").map((entry) => entry.name);
  document.documentElement.dataset.boxes = boxes.join(" ");
  document.documentElement.dataset.asked = asked.join(" ");
});</script>"""

SEND = """<script>addEventListener("load", () => setTimeout(() => parent.postMessage(
  [innerWidth, document.documentElement.dataset.over, document.documentElement.dataset.letters]
    .join(" "), "*"), 0));</script>"""
FRAME = """<!doctype html><html><body><script>addEventListener("message", (event) => {{
  document.documentElement.dataset.told = event.data;
}});</script><iframe src="{}" width="375" height="900" style="border:0"></iframe></body></html>"""
AXE = """<script>axe.run().then((found) => {
  document.documentElement.dataset.axe = found.violations.map(
    (one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ")).slice(0, 3)
  ).join("; ");
});</script>"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    record = RECORD
    return write_report(example_dataset(), place, record=record, name="browser", ends=both_ends())


def browse(page: Path, *more: str) -> str:
    assert CHROMIUM is not None
    profile = page.parent / "profile"
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", *more, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


@pytest.mark.parametrize(
    ("size", "kind"), [("1920,1080", "slide"), ("1280,900", "slide"), ("500,900", "phone")]
)
def test_every_figure_is_visible_and_nothing_is_fetched(report: Path, size: str, kind: str) -> None:
    # The page forbids scripts and requests; the copy allows all, so that none goes unnoticed.
    copy = report.with_name("probe.html")
    text = re.sub(r"<meta http-equiv=[^>]*>", PROBE, report.read_text(encoding="utf-8"))
    copy.write_text(text, encoding="utf-8")
    seen = browse(copy, f"--window-size={size}", "--dump-dom")
    found = re.search(r'data-boxes="([^"]*)"', seen)
    asked = re.search(r'data-asked="([^"]*)"', seen)
    assert found is not None
    assert asked is not None
    assert asked.group(1) == ""
    boxes = [box.split(":") for box in found.group(1).split()]
    assert len(boxes) == len(FIGURES) - 2, "invented areas have no place on a map"
    for width, height, has_ink, fits, which in boxes:
        assert int(width) > 300
        assert int(height) > (200 if kind == "phone" else 100)
        assert (has_ink, fits, which) == ("true", "true", kind)
    letters, over = (re.search(rf'data-{k}="([-\d.]+)"', seen) for k in ("letters", "over"))
    assert letters is not None
    assert over is not None
    assert float(letters.group(1)) > 9.5, "no text in a picture is too small to read"
    assert float(over.group(1)) <= 0, "the page scrolls sideways"


def test_nothing_scrolls_sideways_on_a_telephone(report: Path) -> None:
    # A window of this browser is at least 500 pixels wide; a frame inside it is not.
    inside = report.with_name("narrow.html")
    text = re.sub(r"<meta http-equiv=[^>]*>", PROBE + SEND, report.read_text(encoding="utf-8"))
    inside.write_text(text.replace("<details", "<details open"), encoding="utf-8")
    frame = report.with_name("frame.html")
    frame.write_text(FRAME.format(inside.name), encoding="utf-8")
    seen = browse(frame, "--virtual-time-budget=8000", "--dump-dom")
    found = re.search(r'data-told="([^"]*)"', seen)
    assert found is not None
    wide, over, letters = found.group(1).split()
    assert wide == "375"
    assert float(over) <= 0
    assert float(letters) > 9.5


def test_axe_finds_nothing_to_mend(report: Path, tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so axe-core cannot be had")
    command = [npm, "pack", "axe-core@4.10.3", "--silent"]
    packed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    if packed.returncode:
        pytest.skip("npm cannot reach a registry, so axe-core cannot be had")
    with tarfile.open(next(tmp_path.glob("axe-core-*.tgz"))) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        script = member.read().decode()
    copy = report.with_name("axe.html")
    text = re.sub(r"<meta http-equiv=[^>]*>", "", report.read_text(encoding="utf-8"))
    text = text.replace("<details", "<details open")
    copy.write_text(text.replace("</body>", f"<script>{script}</script>{AXE}</body>"))
    seen = browse(copy, "--virtual-time-budget=60000", "--dump-dom")
    found = re.search(r'data-axe="([^"]*)"', seen)
    assert found is not None, "axe did not end"
    assert found.group(1) == ""


def test_the_page_prints(report: Path) -> None:
    paper = report.with_name("report.pdf")
    browse(report, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    assert paper.read_bytes().startswith(b"%PDF")
    assert paper.stat().st_size > 50_000
