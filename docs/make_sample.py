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
        (DOCS / "sample_report.html").write_text(_unindented(page), encoding="utf-8")
        shutil.copy(report / "figures" / "gains_by_affluence.png", DOCS / "picture.png")
    lines = [line.rstrip() for line in done.stdout.splitlines() if not line.startswith("Report:")]
    table = "\n".join(lines).strip("\n") + "\n"
    text, count = TABLE.subn(lambda _: table, README.read_text(encoding="utf-8"), count=1)
    if not count:
        raise SystemExit("README.md has no block ```text for the table")
    README.write_text(text, encoding="utf-8")


def _unindented(page: str) -> str:
    """Return the page without indentation, a tenth of it, save where text is shown as it stands."""
    parts = re.split(r"(<pre.*?</pre>)", page, flags=re.DOTALL)
    return "".join(p if p.startswith("<pre") else re.sub(r"\n\s+", "\n", p) for p in parts)


if __name__ == "__main__":
    main()
