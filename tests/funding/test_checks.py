"""A rule of another distribution: what it does wrong is told with its name and its package."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.config.models import Funding
from sim.data.rates import nff_rates
from sim.errors import BadRequest, WorkFailed
from sim.funding.census import Census
from sim.funding.checks import lines_of
from sim.registry import RULES
from tests.plug_ins import install, read_anew, rule


def paid(monkeypatch: pytest.MonkeyPatch, site: Path, body: str) -> dict[str, np.ndarray]:
    """What a plug-in rule with this body pays two schools, one of them closed."""
    install(site, "guest", rule("guest", body="import numpy as np\n    " + body))
    read_anew(monkeypatch, site)
    census = replace(Census.blank(2), pupils=np.array([105, 420]), open=np.array([True, False]))
    return lines_of(census, nff_rates(), Funding(rule="halved"))


def test_a_sound_plug_in_pays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert paid(monkeypatch, tmp_path, "return lines")["basic"][0] > 0


WRONG = [
    ('raise RuntimeError("my bug")', r"failed: RuntimeError: my bug \(.*rules\.py, line 10\)"),
    ("raise SystemExit(3)", "failed: SystemExit: 3"),
    ("1 / 0", "failed: ZeroDivisionError"),
    ("return None", r"returned nothing \(None\)"),
    ("return lines['basic']", "returned a ndarray"),
    ('lines.pop("basic"); return lines', "returned no clause 'basic', which is to meet the pot"),
    ("return {k: v * 1.0 for k, v in lines.items()}", "amounts of type float64"),
    ('return lines | {"lump": lines["lump"] * np.nan}', "2 that are no number"),
    ('return lines | {"lump": lines["lump"] / 0 * 1.0}', "that are no number"),
    ('return lines | {"lump": lines["lump"].astype(np.int32)}', "amounts of type int32"),
    ('return lines | {"lump": lines["lump"] > 0}', "amounts of type bool"),
    ('return lines | {"lump": lines["lump"][:1]}', r"shape \(1,\); there are 2 schools"),
    ('return lines | {"lump": lines["lump"].sum()}', "returned for clause 'lump' a int64"),
    ('return lines | {"lump": lines["lump"].tolist()}', "returned for clause 'lump' a list"),
    ('return lines | {"lump": None}', "returned for clause 'lump' nothing"),
    ('return lines | {"lump": -40 * lines["lump"]}', r"negative .* \(1 schools; first GBP -"),
    ('return lines | {"lump": lines["lump"] + 1}', "money for schools that are closed"),
    ('return lines | {"lump": lines["lump"] * 10**10}', "beyond all money"),
    ('return lines | {"floor": lines["lump"]}', "a clause 'floor', which is not a rule's"),
    ("return lines | {7: lines['lump']}", "a clause 7, which is not a rule's"),
    ("census.pupils[:] = 1; return lines", "failed: ValueError: .* is read-only"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), WRONG)
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_what_a_plug_in_does_wrong_is_told_with_its_name_and_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    with pytest.raises(WorkFailed, match=rf"rule 'halved' of package 'guest' .*{said}"):
        paid(monkeypatch, tmp_path, body)


def test_a_refusal_of_a_rule_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "from sim.errors import BadRequest; raise BadRequest('need_weight has no meaning')"
    with pytest.raises(BadRequest, match="need_weight has no meaning"):
        paid(monkeypatch, tmp_path, body)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('closure="lower_floor"', 'closure="whatever"', "closure='whatever' is not known"),
        ('balance="basic"', 'balance="slice"', "balance='slice' is not a clause it may pay"),
        ('balance="basic"', "balance=3", "balance=3 is not a clause"),
        ("floor=-0.015", 'floor="low"', "floor='low' is not a yearly rate"),
        ("floor=-0.015", 'floor=float("nan")', "floor=nan is not a yearly rate"),
        ("floor=-0.015", "floor=True", "floor=True is not a yearly rate"),
        ("floor=-0.015", "flor=-0.015", "flor= is not known. Did you mean 'floor'"),
        ('title="t"', "title=None", "title=None is not a title"),
        ('title="t"', 'title="t", reductions="lump"', "reductions='lump' is not a tuple"),
    ],
)
def test_a_rule_that_describes_itself_wrongly_is_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str, said: str
) -> None:
    files = rule("guest")
    text = files["guest/rules.py"]
    assert right in text
    install(tmp_path, "guest", files | {"guest/rules.py": text.replace(right, wrong)})
    read_anew(monkeypatch, tmp_path)
    assert "halved" not in RULES.names()
    (fault,) = RULES.faults()
    assert (fault.name, fault.owner.name) == ("halved", "guest")
    assert said in fault.problem
    with pytest.raises(BadRequest, match=r"rule 'halved': .*package 'guest'"):
        RULES.get("halved")


def test_a_declared_reduction_may_take_money_and_only_take_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = rule("guest", body='return lines | {"cut": -lines["lump"] // 9}')
    text = files["guest/rules.py"].replace('title="t"', 'title="t", reductions=("cut",)')
    for body, sound in ((text, True), (text.replace("-lines", "lines"), False)):
        install(tmp_path, "guest", files | {"guest/rules.py": body})
        with pytest.MonkeyPatch.context() as now:
            read_anew(now, tmp_path)
            census = replace(Census.blank(2), pupils=np.array([105, 420]))
            if sound:
                assert (lines_of(census, nff_rates(), Funding(rule="halved"))["cut"] < 0).all()
                continue
            with pytest.raises(WorkFailed, match="declared as a reduction"):
                lines_of(census, nff_rates(), Funding(rule="halved"))
