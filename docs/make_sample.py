"""Makes the sample of the README: its table and picture, and the sample report.

``python docs/make_sample.py`` (or ``make sample``) runs the default comparison and replaces
docs/sample_report.html, docs/picture.png and the table at the top of README.md. All three are of
one run, which a test holds them to. It takes some minutes, and needs doing when the model's results
or the look of the report change.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent
README = DOCS.parent / "README.md"
TABLE = re.compile(r"(?<=^```text\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
PARAGRAPH = re.compile(
    r"Who gains:|Who loses:|Who goes without:|Most or least affluent areas:|Over all areas:|"
    r"What cannot be told:|Flat targets|Each policy|Areas of this world|Report:|"
    r".*, in (?:the|all) .*areas?(?: \(\d+\))?:"  # of a list of areas
)
ANSWERS = {"Who gains:", "Who loses:", "What cannot be told:"}
LISTED = "listed area"
"""In the heading of what a list does in the areas on it, where the largest gains may be."""
SAVES = r'<p class="files">Save: .*?</p>'
"""What a report offers to save, below a table or a chart."""
OFFERS = (
    r" <a [^>]*>All of them \(CSV\)</a>\.",
    r" All of it, beliefs included, is in <code>record\.json</code>.*?<code>results\.nc</code>\.",
)
NOTE = (
    '<p class="muted">This is a sample: what a report of your own offers to save (each picture, '
    "the numbers behind it, all tables, the record and the results) is left out here. One of the "
    "pictures is picture.png in the folder of this page.</p>"
)
COMMAND = ["-m", "sim", "compare", "--name", "sample", "--budget", "3600"]


def main() -> None:
    """Run the default comparison in an empty folder and copy what the project shows of it."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, *COMMAND], cwd=folder, stdout=subprocess.PIPE, text=True, check=True,
            env=os.environ | {"COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        report = Path(folder) / "outputs" / "reports" / "sample"
        page = (report / "index.html").read_text(encoding="utf-8")
        (DOCS / "sample_report.html").write_text(_smaller(page), encoding="utf-8")
        shutil.copy(report / "figures" / "gains_by_affluence.png", DOCS / "picture.png")
    table = _opening(done.stdout)
    text, count = TABLE.subn(lambda _: table, README.read_text(encoding="utf-8"), count=1)
    if not count:
        raise SystemExit("README.md has no block ```text for the table")
    README.write_text(text, encoding="utf-8")


def _opening(said: str) -> str:
    """Return the table of a terminal with its caption, and the paragraphs that answer who gains."""
    kept, keeps = [], True
    for line in map(str.rstrip, said.splitlines()):
        if start := PARAGRAPH.match(line):
            keeps = start[0] in ANSWERS or LISTED in start[0]
        if keeps:
            kept.append(line)
    return "\n".join(kept).strip("\n") + "\n"


def _smaller(page: str) -> str:
    """Return the page without indentation, with outlines to a hundredth of a point.

    What is shown as it stands, in ``<pre>``, is left alone. What a report offers to save is left
    out, and so is what it says of files beside it: the page says once that it is a sample.
    """
    page = _alone(page)
    page = re.sub(r'<a [^>]*href="(?!#|(?!data:)\w+:)[^"]*"[^>]*>(.*?)</a>', r"\1", page)
    parts = re.split(r"(<pre.*?</pre>)", page, flags=re.DOTALL)
    page = "".join(p if p.startswith("<pre") else re.sub(r" *\n\s*", "\n", p) for p in parts)
    return re.sub(r' d="[^"]*"', lambda found: _rounded(found[0]), page)


def _alone(page: str) -> str:
    """Return the page without what it offers to save, and say so where the first of it stood."""
    for words in OFFERS:
        if not re.search(words, page, re.DOTALL):
            raise SystemExit(f"the page of a report has no {words!r} any more: see OFFERS")
        page = re.sub(words, "", page, flags=re.DOTALL)
    page = re.sub(SAVES, NOTE, page, count=1, flags=re.DOTALL)
    return re.sub(SAVES, "", page, flags=re.DOTALL)


def _rounded(outline: str) -> str:
    return re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", outline)


if __name__ == "__main__":
    main()
