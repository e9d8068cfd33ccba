"""The code of a plug-in is its whole distribution, and only a cell that uses it hangs on it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.config import compose
from sim.errors import BadRequest
from sim.registry import RULES
from sim.study.cells import code_digest, digest, with_rules
from tests.plug_ins import install, read_anew, rule


def cell(*words: str) -> str:
    return digest(compose("baseline", ["world=tiny", *words]))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Install a rule with changed files and return the code of it as a new process sees it."""

    def code(files: dict[str, str], folder: str = "site", record: bool = True) -> str:
        install(tmp_path / folder, "guest", rule("guest") | files, record=record)
        with pytest.MonkeyPatch.context() as now:
            read_anew(now, tmp_path / folder)
            found = RULES.code("halved")
        assert found is not None
        return found

    return code


def test_a_plug_in_that_comes_or_goes_leaves_cells_of_other_rules_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, code = cell(), code_digest()
    install(tmp_path, "guest", rule("guest"))
    read_anew(monkeypatch, tmp_path)
    assert "halved" in RULES.names()
    assert cell() == before
    assert with_rules(code, ["nff", "flat"]) == code
    assert with_rules(code, ["halved"]) != code
    assert with_rules(code) == with_rules(code, ["halved", "nff"])
    assert cell("policy.funding.rule=halved") != before


@pytest.mark.parametrize("record", [True, False])
def test_any_file_of_the_distribution_makes_another_cell(
    site: Callable[..., str], record: bool
) -> None:
    before = site({}, record=record)
    assert site({}, record=record) == before
    seen = {before}
    for path, text in (
        ("guest/helper.py", "FACTOR = 3\n"),
        ("guest/rates.csv", "1\n"),
        ("guest/deep/__init__.py", "# another\n"),
    ):
        seen.add(site({path: text}, record=record))
    assert len(seen) == 4


def test_the_place_of_a_distribution_is_no_part_of_its_code(site: Callable[..., str]) -> None:
    assert site({}, "here") == site({}, "there")
    assert site({}, "linked", record=False) == site({}, "linked_too", record=False)


def test_what_a_linked_package_imports_from_its_folder_counts_too(site: Callable[..., str]) -> None:
    helped = {"guest/rules.py": "import beside\n" + rule("guest")["guest/rules.py"]}
    before = site(helped | {"beside.py": "A = 1\n"}, record=False)
    assert site(helped | {"beside.py": "A = 2\n"}, record=False) != before
    after = site(helped | {"beside.py": "A = 1\n", "another.py": "A = 1\n"}, record=False)
    assert after == before, "nobody imports it"


def test_papers_and_compiled_files_do_not_count(site: Callable[..., str]) -> None:
    before = site({})
    assert (
        site({"guest/__pycache__/helper.cpython-311.pyc": "x", "guest/.helper.py.swp": ""})
        == before
    )


def test_a_rule_of_two_plug_ins_is_refused_and_ours_stays_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = RULES.get("flat")
    install(tmp_path, "guest", rule("guest", "flat"))
    install(tmp_path, "host", rule("host"))
    install(tmp_path, "twin", rule("twin"))
    read_anew(monkeypatch, tmp_path)
    assert RULES.get("flat") is ours
    assert "halved" not in RULES.names()
    with pytest.raises(BadRequest, match=r"'halved' is registered twice.*host.*twin"):
        RULES.get("halved")
    assert sorted(fault.owner.name for fault in RULES.faults()) == ["guest", "twin"]


def test_a_file_that_no_installer_brought_is_code_too(
    tmp_path: Path, site: Callable[..., str]
) -> None:
    before = site({})
    (tmp_path / "site/guest/rates.csv").write_text("1\n")
    after = site({})
    assert after != before
    (tmp_path / "site/guest/rates.csv").write_text("2\n")
    assert site({}) != after
