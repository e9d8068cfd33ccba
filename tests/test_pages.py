"""What the pages promise holds: links, settings, scenarios, the sample; every line composes."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest

from sim.cli import main
from sim.config import compose_all
from tests.pages import blocks, numbers
from tests.processes import ROOT

PAGES = [
    "README.md",
    "outputs/README.md",
    *sorted(f"docs/{p.name}" for p in ROOT.glob("docs/*.md")),
]
SAMPLE = ROOT / "docs" / "sample_report.html"


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def lines(page: str) -> list[list[str]]:
    """Every `sim` line of a page's blocks, without the `sim` in front."""
    every = [line for block in blocks(page, "sh") for line in block.text.splitlines()]
    return [shlex.split(line)[1:] for line in every if line.startswith("sim ")]


@pytest.mark.parametrize("page", PAGES)
def test_links_between_files_lead_somewhere(page: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text_of(page)) if "://" not in link]
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]
    assert missing == []


def test_the_readme_leads_to_every_page_and_stays_short() -> None:
    readme = text_of("README.md")
    reached = {page for page in PAGES if f"({page})" in readme}
    assert set(PAGES) - reached <= {"README.md"}
    assert len(readme.splitlines()) <= 140


def test_the_readme_names_scenarios_that_exist() -> None:
    rows = re.findall(r"^\| (`.+?) \|", text_of("README.md"), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    known = {path.stem for path in (ROOT / "scenarios").glob("*.yaml")}
    assert len(named) > 5
    assert named <= known


def settings_of(text: str) -> set[str]:
    """Words key=value that a text gives as they would be typed, with a dot or a known key."""
    words = re.findall(
        r"(?<![\w.\"'=-])((?:\w+\.)*\w+=[\w.+-]+)(?=[\s,)`;|]|$)", text, re.MULTILINE
    )
    keys = ("beliefs", "policy", "switches", "machine", "world", "years", "past", "seed", "draws")
    return {word for word in words if word.startswith(keys) and "GROUP" not in word}


@pytest.mark.parametrize("page", [*PAGES, "conf/config.yaml", *sorted(
    str(p.relative_to(ROOT)) for p in ROOT.glob("conf/*/*.yaml"))])  # fmt: skip
def test_settings_that_a_page_names_compose(page: str) -> None:
    # The belief of adding.md is made there; a test of that page has it checked.
    named = settings_of(text_of(page)) - {"beliefs.learning.summer_loss=0.04", "world=region"}
    for word in sorted(named):
        compose_all(["baseline"], [word.rstrip(".")])


@pytest.mark.parametrize("page", PAGES)
def test_every_line_can_be_planned(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(page):
        if block.path is not None:
            block.path.parent.mkdir(exist_ok=True, parents=True)
            block.path.write_text(block.text)
    for words in lines(page):
        if words[0] in ("compare", "sweep") and not {"--from", "--status", "--table"} & set(words):
            assert main([*words, "--dry-run"]) == 0, words
            assert "To run: " in capsys.readouterr().out


def test_the_table_of_the_readme_is_of_the_sample_report() -> None:
    (table,) = blocks("README.md", "text")
    page = SAMPLE.read_text(encoding="utf-8")
    assert len(numbers(table.text)) > 20
    assert set(numbers(table.text)) <= set(numbers(page))


def test_the_readme_names_the_command_that_makes_its_table() -> None:
    """It said "one command", and the one it gives stops early, with fewer replicates."""
    command = runpy.run_path(str(ROOT / "docs" / "make_sample.py"))["COMMAND"]
    named = [word for word in command[1:] if word not in ("--name", "sample")]
    assert f"This is what `{' '.join(named)}` prints" in text_of("README.md")


def test_the_readme_shows_what_a_list_does_in_the_areas_on_it() -> None:
    """The largest sure gain of the sample stood on no line of the README."""
    make_sample = runpy.run_path(str(ROOT / "docs" / "make_sample.py"))
    said = (
        "table\nArea list EIA, in the 8 listed areas: Disadvantaged pupils +1.13 points\n(more).\n"
        "Area list EIA, in all other areas (17): Disadvantaged pupils -0.10.\nWho gains: A.\n"
        "Over all areas: B.\nReport: C\n"
    )
    kept = (
        "table\nArea list EIA, in the 8 listed areas: Disadvantaged pupils +1.13 points\n(more).\n"
    )
    assert make_sample["_opening"](said) == kept + "Who gains: A.\n"


def test_the_sample_report_is_one_file_of_moderate_size() -> None:
    page = SAMPLE.read_text(encoding="utf-8")
    assert SAMPLE.stat().st_size < 3_000_000
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)(?!https?://)[^"']""", page)


def test_a_sample_offers_nothing_to_save_and_says_so_once() -> None:
    make_sample = runpy.run_path(str(ROOT / "docs" / "make_sample.py"))
    template = (ROOT / "sim" / "show" / "templates" / "report.html.j2").read_text(encoding="utf-8")
    page = re.sub(r"\{\{ save\(\S+, \"(.*?)\"\) \}\}", r'<a href="x.csv">\1</a>', template)
    smaller = make_sample["_smaller"](page)
    assert smaller.count("This is a sample") == 1
    assert not re.search(r"Save:|\(CSV\)|record\.json|results\.nc", smaller)


WITHOUT_PLAIN_WORDS = ("arms", "shelves", "equal-dose")
"""Words of the code that no reader should meet; `arm` is a setting, and only named as such."""


@pytest.mark.parametrize("page", [*PAGES, "conf/config.yaml", "conf/claims.yaml", *sorted(
    str(p.relative_to(ROOT)) for p in ROOT.glob("scenarios/*.yaml"))])  # fmt: skip
def test_words_of_the_code_do_not_reach_a_reader(page: str) -> None:
    words = text_of(page)
    assert not [word for word in WITHOUT_PLAIN_WORDS if re.search(rf"\b{word}\b", words)]
    bare = re.sub(r"`(?:policy\.targeting\.)?arm`|\barm:|targeting\.arm|as arm says", "", words)
    assert not re.search(r"\barm\b", bare), page
