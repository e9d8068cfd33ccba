"""Where the configuration is found: the checkout first, then the copy inside the wheel."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.config import compose, config_root, scenario_root
from sim.config.roots import folder_problem
from sim.errors import BadRequest, WorkFailed

ROOT = Path(__file__).resolve().parents[2]


def tree(folder: Path, *files: str) -> Path:
    """Write empty files and return the folder of the package among them."""
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return folder / "sim"


CHECKOUT = ("pyproject.toml", "conf/config.yaml", "scenarios/baseline.yaml")
WHEEL = ("sim/_conf/config.yaml", "sim/_scenarios/baseline.yaml")


def test_a_checkout_beats_the_copy_an_editable_install_leaves(tmp_path: Path) -> None:
    package = tree(tmp_path, *CHECKOUT, *WHEEL)
    assert config_root(package) == tmp_path / "conf"
    assert scenario_root(package) == tmp_path / "scenarios"


def test_a_wheel_uses_its_own_copy(tmp_path: Path) -> None:
    package = tree(tmp_path, *WHEEL)
    assert config_root(package) == package / "_conf"
    assert scenario_root(package) == package / "_scenarios"


def test_folders_of_the_same_name_beside_a_wheel_are_not_ours(tmp_path: Path) -> None:
    package = tree(tmp_path, *WHEEL, "conf/config.yaml", "scenarios/baseline.yaml")
    assert config_root(package) == package / "_conf"
    beside = tree(tmp_path / "other", *WHEEL, "pyproject.toml", "conf/something.yaml")
    assert config_root(beside) == beside / "_conf"


def test_without_either_the_message_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(WorkFailed, match=r"looked in .*conf and .*_conf\. Install"):
        config_root(tmp_path / "sim")


def test_this_checkout_is_used_from_anywhere(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from sim.config import config_root; print(config_root())"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()) == ROOT / "conf"


def test_a_folder_that_is_there_or_can_be_made_is_no_problem(tmp_path: Path) -> None:
    assert folder_problem(str(tmp_path)) is None
    assert folder_problem(str(tmp_path / "new" / "deeper")) is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_and_a_dangling_link_are_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "file/deeper", "link", "link/deeper"):
        problem = folder_problem(str(tmp_path / name))
        assert problem is not None
        assert "Move it away" in problem


@pytest.mark.parametrize(
    ("line", "light"), [("import sim.config", "hydra"), ("import sim", "yaml")]
)
def test_imports_stay_light(line: str, light: str) -> None:
    code = f"{line}\nimport sys\nprint({light!r} in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, as a user does."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(*overrides: str) -> str:
    with pytest.raises(BadRequest) as caught:
        compose("flat", overrides)
    return str(caught.value)


def test_an_output_folder_that_cannot_be_one_is_refused(elsewhere: Path) -> None:
    (elsewhere / "outputs").write_text("in the way")
    assert "machine.outputs: 'outputs' cannot be a folder" in refusal()
    told = refusal("machine.outputs=outputs/deeper")
    assert "Move it away or give another folder" in told


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_an_output_folder_without_permission_is_refused(elsewhere: Path) -> None:
    (elsewhere / "locked").mkdir(mode=0o500)
    assert "no permission" in refusal("machine.outputs=locked/results")


@pytest.mark.parametrize(
    ("word", "folder"),
    [
        ("machine.outputs=~/x", "HOME/x"),
        ("machine.outputs='~/x'", "HOME/x"),
        ('machine.outputs="~/é (1), b"', "HOME/é (1), b"),
        ("machine.outputs=(a folder)=y", "(a folder)=y"),
        ("machine.outputs=a#b", "a#b"),
        ("machine.outputs=é", "é"),
        ("machine.outputs=a(b", "a(b"),
        ("machine.outputs=./~x", "./~x"),
    ],
)
def test_a_folder_may_have_any_name(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, word: str, folder: str
) -> None:
    monkeypatch.setenv("HOME", str(elsewhere))
    wanted = folder.replace("HOME", str(elsewhere))
    assert compose("baseline", [word]).machine.outputs == wanted
