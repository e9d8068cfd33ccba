"""The ground: what is installed, pinned, promised and shipped agrees with itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PYTHONS = ["3.11", "3.12", "3.13"]
PROMISES = [
    "python -m pip install -c constraints.txt -e . && sim compare",
    'python -m pip install -c constraints.txt -e ".[test]" && python -m pytest',
]


def pins(python: str) -> dict[str, Version]:
    """Name and version of everything pinned for a version of Python on Linux."""
    machine = {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": "linux",
        "platform_python_implementation": "CPython",
    }
    found: dict[str, Version] = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate(machine):
                (exact,) = requirement.specifier
                assert (exact.operator, requirement.name in found) == ("==", False), line
                found[requirement.name] = Version(exact.version)
    return found


@pytest.mark.parametrize("python", PYTHONS)
def test_every_requirement_is_pinned_within_its_range(python: str) -> None:
    pinned = pins(python)
    extras = PROJECT["optional-dependencies"].values()
    for text in [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]:
        requirement = Requirement(text)
        name = requirement.name.lower()
        assert name in pinned, f"{name} is not pinned; run `make lock`"
        assert pinned[name] in requirement.specifier, f"{name}; run `make lock`"
    assert Version(python) in Requirement(f"x{PROJECT['requires-python']}").specifier


def test_constraints_hold_no_addresses_paths_or_extras() -> None:
    text = (ROOT / "constraints.txt").read_text()
    assert not re.search(r"https?:|file:|--|@|\[", text)
    assert not any("/" in line for line in text.splitlines())


def test_build_requirements_are_exact() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert all(re.fullmatch(r"[a-z-]+==[0-9.]+", line) for line in build)


def test_readme_promises_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert [line for line in lines if line.startswith("python -m pip")] == PROMISES


def test_one_version_everywhere() -> None:
    citation = (ROOT / "CITATION.cff").read_text()
    assert f"\nversion: {PROJECT['version']}\n" in citation


def test_wheel_works_elsewhere_with_its_own_conf_and_scenarios(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("placematters-*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)

    for source, copy in [("conf", "_conf"), ("scenarios", "_scenarios")]:
        kept = {path.relative_to(ROOT / source) for path in (ROOT / source).rglob("*.yaml")}
        shipped = site / "sim" / copy
        assert kept == {path.relative_to(shipped) for path in shipped.rglob("*.yaml")}
    for path in (ROOT / "sim").rglob("*.csv"):
        assert (site / path.relative_to(ROOT)).read_bytes() == path.read_bytes()

    code = (
        "from sim.config import compose, config_root, scenario_root\n"
        "print(config_root(), scenario_root(), compose('baseline', ['world=tiny']).world.name)"
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=elsewhere,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    conf, scenarios, world = run.stdout.split()
    assert (Path(conf), Path(scenarios)) == (site / "sim" / "_conf", site / "sim" / "_scenarios")
    assert world == "tiny"


def test_the_page_in_outputs_is_kept_and_names_every_folder_there() -> None:
    page = (ROOT / "outputs" / "README.md").read_text()
    assert all(
        f"| `{name}/" in page for name in ("reports", "studies", "cells", "running", "failed")
    )
    kept = (ROOT / ".gitignore").read_text().splitlines()
    assert kept.index("!/outputs/README.md") == kept.index("/outputs/*") + 1


def test_ci_keeps_the_page_in_outputs_and_names_no_folder_of_a_machine() -> None:
    text = (ROOT / ".ci" / "run").read_text()
    assert "--exclude='./outputs/*/*'" in text and "PLACEMATTERS_SOURCES=$(cd ../shared" in text
    assert not re.search(r"(?<![\w$}.*])/(home|root|work|tmp|opt)\b", text)
