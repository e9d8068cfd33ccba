"""`sim check` looks at plug-ins, the disk and the terminal, and every measure of ours is sound."""

import json
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from sim.cli import check_plug_ins
from sim.record.variables import VARIABLES
from sim.registry import RULES
from sim.tabulate import available
from tests.plug_ins import install, measure, read_anew, rule


def found(sim: Any) -> tuple[int, dict[str, dict[str, Any]]]:
    done = sim("check", "--json")
    return done.status, {record["name"]: record for record in json.loads(done.out)}


def test_without_plug_ins_that_is_said(sim: Any) -> None:
    status, findings = found(sim)
    assert status == 0
    assert findings["plug-ins"]["fit"]
    assert "MB free" in findings["disk"]["title"]
    assert "written as" in findings["terminal"]["title"]


def test_a_sound_plug_in_is_named_with_its_distribution_and_version(
    sim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "guest", rule("guest") | measure("guest"))
    read_anew(monkeypatch, tmp_path)
    status, findings = found(sim)
    assert status == 0
    for name in ("rule halved", "measure stranger"):
        assert findings[name]["title"] == "guest 1: sound on made-up figures"


@pytest.mark.parametrize(
    ("files", "name", "said"),
    [
        (rule("guest", body="raise RuntimeError('bug')"), "rule halved", "RuntimeError: bug"),
        (rule("guest", body="return None"), "rule halved", "returned nothing"),
        (rule("guest", body="print('x'); return lines['lump']"), "rule halved", "a ndarray"),
        (measure("guest", body="raise ValueError('boom')"), "measure stranger", "boom"),
        (
            measure("guest", body="return sums['ks4_n'] * float('nan')"),
            "measure stranger",
            "no num",
        ),
        ({"guest/__init__.py": "", "guest/rules.py": "import nowhere"}, "rule guest", "nowhere"),
    ],
)
def test_a_faulty_one_makes_the_machine_unfit_and_is_named(
    sim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: Any, name: str, said: str
) -> None:
    install(tmp_path, "guest", files)
    read_anew(monkeypatch, tmp_path)
    status, findings = found(sim)
    assert status == 1
    assert not findings[name]["fit"]
    assert findings[name]["title"].startswith("guest 1: ")
    assert said in findings[name]["title"]


def test_what_a_plug_in_prints_is_no_part_of_our_output(
    sim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = rule("guest")
    files["guest/rules.py"] += "\nprint('hello from the guest')\n"
    install(tmp_path, "guest", files)
    read_anew(monkeypatch, tmp_path)
    done = sim("list", "rules", "--json")
    assert "halved" in {record["name"] for record in json.loads(done.out)}
    assert "hello from the guest" in done.err


@pytest.mark.filterwarnings("ignore")
def test_every_sum_that_a_measure_may_need_can_be_made_up() -> None:
    for name, one in VARIABLES.items():
        assert check_plug_ins._made_up((name,))[name].dims == ("cell", *one.dims)


@pytest.mark.slow
def test_all_of_ours_are_sound_on_the_figures_that_strangers_are_tried_on() -> None:
    for name in available():
        check_plug_ins._try_measure(name)
    for name in RULES.names():
        check_plug_ins._try_rule(name)


def test_a_disk_without_room_is_unfit(sim: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10**9, 10**9, 10**6))
    status, findings = found(sim)
    assert status == 1
    assert "1 MB free" in findings["disk"]["title"]
    assert "machine.outputs" in findings["disk"]["title"]
