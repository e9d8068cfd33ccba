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
    r"Who gains:|Who loses:|Who goes without:|Affluent or poor areas:|Over all areas:|"
    r"What cannot be told:|Flat targets|Each policy|Areas of this world|Report:|"
    r".*, in (?:the|all) .*areas?(?: \(\d+\))?:"  # of a list of areas
)
ANSWERS = {"Who gains:", "Who loses:", "What cannot be told:"}
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
            keeps = start[0] in ANSWERS
        if keeps:
            kept.append(line)
    return "\n".join(kept).strip("\n") + "\n"


def _smaller(page: str) -> str:
    """Return the page without indentation, with outlines to a hundredth of a point.

    What is shown as it stands, in ``<pre>``, is left alone. Links to files beside the page are
    plain text, since here nothing lies beside it; so are the pictures and tables to save,
    each of which is shown in the page already.
    """
    page = re.sub(r'<a [^>]*href="(?!#|(?!data:)\w+:)[^"]*"[^>]*>(.*?)</a>', r"\1", page)
    parts = re.split(r"(<pre.*?</pre>)", page, flags=re.DOTALL)
    page = "".join(p if p.startswith("<pre") else re.sub(r" *\n\s*", "\n", p) for p in parts)
    return re.sub(r' d="[^"]*"', lambda found: _rounded(found[0]), page)


def _rounded(outline: str) -> str:
    return re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", outline)


if __name__ == "__main__":
    main()
