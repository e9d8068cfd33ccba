"""Open a report in Chromium: nothing is fetched, everything is seen."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sim.show.figures import FIGURES
from sim.show.report import write_report
from tests.example import both_ends, example_dataset

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip
# Measures every picture as laid out, and every request the page made, once it has loaded.
PROBE = """<script>addEventListener("load", () => {
  const boxes = [...document.querySelectorAll("figure > svg")].map((svg) => {
    const box = svg.getBoundingClientRect();
    const axis = svg.querySelector("g").getBoundingClientRect();
    const fits = box.right <= document.documentElement.clientWidth + 1;
    return [Math.round(box.width), Math.round(box.height), axis.width > 0, fits].join(":");
  });
  const asked = performance.getEntriesByType("resource").map((entry) => entry.name);
  document.documentElement.dataset.boxes = boxes.join(" ");
  document.documentElement.dataset.asked = asked.join(" ");
});</script>"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    record = {"world": "tenth"}
    return write_report(example_dataset(), place, record=record, name="browser", ends=both_ends())


def browse(page: Path, *more: str) -> str:
    assert CHROMIUM is not None
    profile = page.parent / "profile"
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", *more, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


@pytest.mark.parametrize("size", ["1280,900", "480,900"])
def test_every_figure_is_visible_and_nothing_is_fetched(report: Path, size: str) -> None:
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
    assert len(boxes) == len(FIGURES) - 1, "invented areas have no place on a map"
    for width, height, has_ink, fits in boxes:
        assert int(width) > 300
        assert int(height) > 100
        assert (has_ink, fits) == ("true", "true")


def test_the_page_prints(report: Path) -> None:
    paper = report.with_name("report.pdf")
    browse(report, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    assert paper.read_bytes().startswith(b"%PDF")
    assert paper.stat().st_size > 50_000
