"""A measure of another distribution that fails is named, and the others stand."""

from pathlib import Path

import pytest
import xarray as xr

from sim.errors import BadRequest, MeasureFailed, SimError
from sim.registry import MEASURES
from sim.tabulate import available, catalogue, differences, held, measure
from tests.example import example_dataset
from tests.plug_ins import install, read_anew
from tests.plug_ins import measure as one_measure


@pytest.fixture(scope="module")
def cells() -> xr.Dataset:
    return example_dataset(["baseline", "flat"], draws=0, replicates=2, layout="cells")


RATE = 'sums["english_maths_pass"] / sums["ks4_n"]'
WRONG = [
    ('raise ValueError("boom")', r"failed: ValueError: boom \(.*measures\.py, line 7\)"),
    ("import sys; sys.exit(1)", "failed: SystemExit: 1"),
    ("return sums['nowhere']", "failed: KeyError"),
    ("return None", r"gave nothing \(None\)"),
    ("return 3.0", "gave a float"),
    ("return sums", "gave a Dataset"),
    (f"return ({RATE}).values", "gave a ndarray"),
    (f"return ({RATE}).astype(str)", "gave values of type"),
    (f"return ({RATE}) * float('nan')", "gave no number anywhere"),
    (f"return ({RATE}) / 0", "gave endless values"),
    (f"return ({RATE}).mean('place')", "gave no value for 'place'"),
    (f"return ({RATE}).isel(cell=[0])", "gave 1 values for 'cell'"),
    (f"return ({RATE}).expand_dims('sort')", "gave a dimension 'sort'"),
    (f"return ({RATE}).drop_vars('scenario')", "gave values without the labels of 'scenario'"),
    (f"return ({RATE}).drop_vars('group')", "gave values without the labels of 'group'"),
]


@pytest.mark.parametrize(("body", "said"), WRONG)
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_a_measure_that_fails_is_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: xr.Dataset, body: str, said: str
) -> None:
    install(tmp_path, "guest", one_measure("guest", body=body))
    read_anew(monkeypatch, tmp_path)
    with pytest.raises(MeasureFailed, match=f"measure 'stranger' of package 'guest' {said}"):
        measure(cells, "stranger")
    problems: dict[str, str] = {}
    found = differences(cells, ["attainment8", "stranger"], problems=problems)
    assert list(found) == ["attainment8"]
    assert "'guest'" in problems["stranger"]
    assert differences(cells, ["stranger"], problems=problems) == {}
    with pytest.raises(SimError):
        differences(cells, ["stranger"])


def test_a_sound_one_is_a_measure_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: xr.Dataset
) -> None:
    install(tmp_path, "guest", one_measure("guest"))
    read_anew(monkeypatch, tmp_path)
    assert "stranger" in available()
    assert "verdict" in differences(cells, ["stranger"])["stranger"]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('age="ks4"', 'age="ks9"', "age='ks9' is not known"),
        ('unit="share"', 'unit=""', "unit='' cannot be"),
        ('unit="share"', "unit=7", "unit=7 cannot be"),
        ('title="x"', "title=None", "title=None cannot be"),
        ("minimum=0.01", "minimum=float('nan')", "minimum=nan cannot be"),
        ("minimum=0.01", "minimum='small'", "minimum='small' cannot be"),
        ("minimum=0.01", "minimum=-1", "minimum=-1 cannot be"),
        ('needs=("english_maths_pass", "ks4_n")', 'needs="ks4_n"', "needs='ks4_n' cannot be"),
        ("minimum=0.01", "paired='yes'", "paired='yes' cannot be"),
        ("minimum=0.01", "by='england'", "by='england' cannot be"),
        ("minimum=0.01", "smallest=1", "smallest= is not known"),
        ('direction="down"', 'direction="less"', "direction='less' is not known"),
        ('"stranger"', '"attainment8"', "registered twice"),
    ],
)  # fmt: skip
def test_one_that_describes_itself_wrongly_is_left_out_of_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: xr.Dataset,
    right: str, wrong: str, said: str,
) -> None:  # fmt: skip
    known = available()
    files = one_measure("guest")
    text = files["guest/measures.py"]
    assert right in text
    install(tmp_path, "guest", files | {"guest/measures.py": text.replace(right, wrong, 1)})
    read_anew(monkeypatch, tmp_path)
    assert available() == known
    assert "attainment8" in held(cells, "england")
    assert len(catalogue()) >= len(known)
    (fault,) = MEASURES.faults()
    assert fault.owner.name == "guest"
    assert said in fault.problem
    if "twice" not in said:
        with pytest.raises(BadRequest, match="package 'guest'"):
            measure(cells, "stranger")
