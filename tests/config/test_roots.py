"""Where the configuration is found: the checkout first, then the copy inside the wheel."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.config import config_root, scenario_root
from sim.config.roots import folder_problem
from sim.errors import WorkFailed

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
