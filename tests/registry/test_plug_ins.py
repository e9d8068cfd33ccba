"""Named plug-ins: found by name, in the folder, and in other distributions."""

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import BadRequest
from sim.registry import Registry


def _one() -> int:
    """Return one.

    More words.
    """
    return 1


def _two() -> int:
    return 2


def _filled() -> Registry[Callable[..., int]]:
    registry: Registry[Callable[..., int]] = Registry("number")
    registry.add("one", title="The first", unit="1")(_one)
    registry.add("two")(_two)
    return registry


def test_a_function_is_found_by_its_name_and_unchanged() -> None:
    registry = _filled()
    assert registry.get("one") is _one
    assert registry.names() == ("one", "two")
    assert registry.meta("one")["unit"] == "1"


def test_a_record_holds_name_title_and_the_first_paragraph() -> None:
    first, second = _filled().describe()
    assert first == {"name": "one", "title": "The first", "unit": "1", "meaning": "Return one."}
    assert second["title"] == "two"


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadRequest, match=r"number 'onne' is not known\. Did you mean 'one'\?"):
        _filled().get("onne")


def test_two_functions_cannot_share_a_name_but_one_may_register_again() -> None:
    registry = _filled()
    registry.add("one")(_one)
    with pytest.raises(BadRequest, match=r"registered twice: in .*_one and in .*_two"):
        registry.add("one")(_two)


def test_what_a_plug_in_says_of_itself_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        _filled().meta("one")["unit"] = "2"  # type: ignore[index]


PLUG_IN = """
from {package}.registry import NUMBERS

@NUMBERS.add("{name}", title="{name}")
def {name}() -> str:
    return "{name}"
"""


def _package(folder: Path) -> None:
    """Write a package with a registry, one plug-in in its folder and one distribution beside."""
    home = folder / "house"
    (home / "rooms").mkdir(parents=True)
    (home / "__init__.py").write_text("")
    (home / "rooms" / "__init__.py").write_text("")
    (home / "registry.py").write_text(
        "from sim.registry import Registry\n"
        'NUMBERS = Registry("number", "house.rooms", "house.rooms")\n'
    )
    (home / "rooms" / "inside.py").write_text(PLUG_IN.format(package="house", name="inside"))
    (home / "rooms" / "_private.py").write_text("raise RuntimeError('not a plug-in')\n")
    (folder / "guest.py").write_text(PLUG_IN.format(package="house", name="outside"))
    record = folder / "guest-1.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: guest\nVersion: 1\n")
    (record / "entry_points.txt").write_text("[house.rooms]\nguest = guest\n")


def _python(folder: Path, code: str) -> str:
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={"PYTHONPATH": f"{folder}:{root}", "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_plug_ins_are_found_in_the_folder_and_in_other_distributions(tmp_path: Path) -> None:
    _package(tmp_path)
    said = _python(
        tmp_path,
        """
        from house.registry import NUMBERS
        print(NUMBERS.names(), NUMBERS.get("outside")())
        """,
    )
    assert said.split("\n")[0] == "('inside', 'outside') outside"


def test_a_broken_plug_in_is_named_with_the_distribution_to_repair_and_leaves_the_others(
    tmp_path: Path,
) -> None:
    _package(tmp_path)
    (tmp_path / "guest.py").write_text("import nowhere\n")
    said = _python(
        tmp_path,
        """
        from house.registry import NUMBERS
        from sim.errors import BadRequest
        for _ in range(2):
            try:
                NUMBERS.get("outside")
            except BadRequest as error:
                print(error)
        print(NUMBERS.names(), *((f.name, str(f.owner)) for f in NUMBERS.faults()))
        """,
    )
    assert "('inside',) ('guest', \"package 'guest'\")" in said
    assert said.count("plug-in 'guest' (guest) of guest cannot be loaded") == 2
    assert "Repair or uninstall guest." in said


def test_what_nobody_could_ask_for_or_run_is_left_out_and_the_others_are_there(
    tmp_path: Path,
) -> None:
    _package(tmp_path)
    (tmp_path / "guest.py").write_text(
        "from house.registry import NUMBERS\n"
        "for name in (7, None, '', ' ', 'two\\nlines'):\n"
        "    NUMBERS.add(name)(len)\n"
        "NUMBERS.add('no_function')(5)\n"
        "for number in (1, 2):\n"
        "    NUMBERS.add('twice')(lambda: number)\n"
        "NUMBERS.add('whole')(lambda: 3)\n"
    )
    said = _python(
        tmp_path,
        """
        from house.registry import NUMBERS
        from sim.errors import BadRequest
        print(NUMBERS.names())
        print(*(fault.problem for fault in NUMBERS.faults()), sep="\\n")
        for name in ("twice", "no_function"):
            try:
                NUMBERS.get(name)
            except BadRequest as error:
                print("asked for:", error)
        """,
    )
    assert said.startswith("('inside', 'whole')\n")
    for name in ("7", "None", "''", "' '", "'two\\nlines'"):
        assert f"number {name}: that is no name." in said
    assert "asked for: number 'twice' is registered twice" in said
    assert "asked for: number 'no_function' is not a function" in said


def test_a_name_that_is_none_and_a_thing_that_cannot_run_are_refused() -> None:
    registry = _filled()
    with pytest.raises(BadRequest, match="that is no name"):
        registry.add("")(_one)
    with pytest.raises(BadRequest, match="is not a function"):
        registry.add("three")(3)  # type: ignore[type-var]


def test_discovery_waits_until_somebody_asks(tmp_path: Path) -> None:
    _package(tmp_path)
    said = _python(
        tmp_path,
        """
        import sys
        from house.registry import NUMBERS
        print("house.rooms.inside" in sys.modules)
        """,
    )
    assert said.strip() == "False"
