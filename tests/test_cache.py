"""Compiled kernels are kept between runs, and never outlive the source they came from."""

from __future__ import annotations

import ast
import importlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim import cache

CALLER = """
import numpy as np
from sim.kernel import kernel
from sim.rng import philox

@kernel
def first_word(number):
    zero = np.uint64(0)
    return philox(np.uint64(number), zero, zero, zero, zero, zero)[0]

if __name__ == "__main__":
    print(first_word(7), sum(first_word.stats.cache_hits.values()))
"""

ALONE = """
from sim.kernel import kernel

@kernel
def squared(number):
    return number * number

if __name__ == "__main__":
    print(squared(7), sum(squared.stats.cache_hits.values()))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder that holds a copy of the package and, beside it, a kernel that calls it."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(cache.PACKAGE, tmp_path / "sim", ignore=ignore)
    (tmp_path / "caller.py").write_text(CALLER)
    return tmp_path


def call(folder: Path) -> tuple[int, int]:
    """Run the caller in a fresh interpreter: its result, and how often the cache served it."""
    environment = os.environ | {
        "PYTHONPATH": str(folder),
        "NUMBA_CACHE_DIR": str(folder / "cache"),
    }
    run = subprocess.run(
        [sys.executable, "caller.py"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    word, hits = run.stdout.split()
    return int(word), int(hits)


def test_an_edit_in_rng_reaches_callers_in_other_files(copy: Path) -> None:
    first, compiled = call(copy)
    again, served = call(copy)
    assert (compiled, served) == (0, 1)  # the second run did use the cache that must not be stale
    assert again == first

    rng = copy / "sim" / "rng.py"
    source = rng.read_text()
    assert source.count("0xD2511F53") == 1
    rng.write_text(source.replace("0xD2511F53", "0xD2511F55"))
    edited, served = call(copy)
    assert served == 0
    assert edited != first

    rng.write_text(source)
    assert call(copy) == (first, 1)  # back in the first folder, still there


def test_digest_sees_kernel_files_but_not_the_place_nor_other_files(tmp_path: Path) -> None:
    def tree(name: str, files: dict[str, str]) -> Path:
        for path, text in files.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path / name

    base = {"a.py": "import sim.kernel\n", "b/c.py": "from sim.kernel import kernel\n"}
    same = [{"b/notes.txt": "sim.kernel"}, {"b/d.py": "x = 1\n"}]
    different = [
        {"a.py": "import sim.kernel\n\n"},
        {"b/c.py": "from sim.kernel import kernel as k\n"},
        {"b/d.py": "import sim.kernel\n"},
    ]
    digest = cache.source_digest(tree("base", base))
    for number, more in enumerate(same):
        assert cache.source_digest(tree(f"same{number}", base | more)) == digest
    digests = [
        cache.source_digest(tree(f"different{number}", base | more))
        for number, more in enumerate(different)
    ]
    moved = cache.source_digest(tree("moved", {"a.py": base["a.py"], "b/e.py": base["b/c.py"]}))
    assert len({digest, moved, *digests}) == 5


def modules_with_kernels() -> Iterator[tuple[str, set[str]]]:
    """Name of each module that defines kernels, and the global names its kernels use."""
    for path in cache.source_files():
        text = path.read_text()
        if "sim.kernel" not in text or path.name in ("cache.py", "kernel.py"):
            continue
        name = ".".join(["sim", *path.relative_to(cache.PACKAGE).with_suffix("").parts])
        module = importlib.import_module(name.removesuffix(".__init__"))
        kernels = [
            value.py_func
            for value in vars(module).values()
            if hasattr(value, "py_func") and value.__module__ == module.__name__
        ]
        used = {word for function in kernels for word in function.__code__.co_names}
        yield module.__name__, used


def test_kernels_borrow_from_kernel_files_only() -> None:
    """What a kernel takes from a file outside the digest could change without its notice."""
    kernel_modules = dict(modules_with_kernels())
    assert "sim.rng" in kernel_modules
    for module, used in kernel_modules.items():
        path = Path(sys.modules[module].__file__ or "")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
                for alias in node.names:
                    origins = {node.module, f"{node.module}.{alias.name}"}
                    name = alias.asname or alias.name
                    assert name not in used or origins & set(kernel_modules), (module, name)
            elif isinstance(node, ast.Import):
                assert not any(alias.name.startswith("sim") for alias in node.names), module


@pytest.mark.parametrize(
    ("which", "body"), [("*.nbi", b""), ("*.nbc", b"\0" * 4096), ("*.nb?", b"no pickle at all")]
)
def test_a_damaged_cache_costs_time_and_nothing_else(copy: Path, which: str, body: bytes) -> None:
    small = copy / "caller.py"
    small.write_text(ALONE)
    first, _ = call(copy)
    damaged = list((copy / "cache").rglob(which))
    assert damaged
    for path in damaged:
        path.write_bytes(body or path.read_bytes()[:60])
    assert call(copy) == (first, 0), "compiled anew"
    assert call(copy) == (first, 1), "and kept again"


def test_a_note_of_whole_kernels_holds_for_this_source_only_and_while_they_lie_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "sim_0"
    home.mkdir()
    tag = f"py{sys.version_info.major}{sys.version_info.minor}"
    index, code = home / f"f-1.{tag}.nbi", home / f"f-1.{tag}.1.nbc"
    for path in (index, code):
        path.write_bytes(b"1234")
    assert not cache.is_whole(tmp_path), "some kernels are not all"
    cache.note_whole(tmp_path, [str(home)])
    assert cache.is_whole(tmp_path)
    index.write_bytes(b"12345678")
    assert cache.is_whole(tmp_path), "another type was added"
    with monkeypatch.context() as patch:
        patch.setattr(cache, "PACKAGE", tmp_path)
        assert not cache.is_whole(tmp_path), "another place compiles its own"
    code.write_bytes(b"12")
    assert not cache.is_whole(tmp_path)
    code.unlink()
    assert not cache.is_whole(tmp_path)
    (note,) = tmp_path.glob("whole-*.json")
    for damage in (b"", b"[]", b"{", b"{}", b"[1]"):
        note.write_bytes(damage)
        assert not cache.is_whole(tmp_path)


def test_why_kernels_are_not_kept_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert cache.not_kept(cache.kernel_folder()) is None
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    private = cache.kernel_folder()
    assert "Not a directory" in str(cache.not_kept(private))
    monkeypatch.setenv(cache.LENT, str(private))
    assert cache.kernel_folder() == private, "workers use the folder of their driver"


def test_folder_is_under_the_chosen_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    folder = cache.kernel_folder()
    assert folder == tmp_path / "placematters" / cache.source_digest()
    assert folder.is_dir()
    assert list(folder.iterdir()) == []


def test_unwritable_cache_gives_a_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(in_the_way))
    one, two = cache.kernel_folder(), cache.kernel_folder()
    assert one != two
    assert one.is_dir()
    assert one.stat().st_mode & 0o077 == 0
    assert in_the_way.read_text() == "no folder"


def test_only_our_long_unused_folders_are_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    long_ago = time.time() - 365 * 86_400
    shelf = tmp_path / "placematters"
    old, recent, foreign = shelf / ("0" * 32), shelf / ("1" * 32), shelf / "keep-me"
    for folder in (old, recent, foreign):
        folder.mkdir(parents=True)
    for folder in (old, foreign):
        os.utime(folder, (long_ago, long_ago))
    current = cache.kernel_folder()
    assert {path.name for path in shelf.iterdir()} == {current.name, recent.name, foreign.name}
