"""Codes: each has one place, and no copy of it, or bare number for it, is left anywhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim import codes, rng
from sim.codes import LUCKS, Purpose, pack
from sim.config import compose
from sim.errors import BadRequest
from sim.rng import Key

SIM = Path(codes.__file__).parent
NAMES = {name: value for name, value in vars(codes).items() if name.isupper()}
OLD = {
    "ACADEMIC", "AGE_30", "APPRENTICE", "APPRENTICESHIP", "AT_25", "FIRST_GRADE", "FURTHER",
    "GOOD", "GOOD_DEGREE", "GRADUATES", "GRADUATION", "HIGH_TARIFF", "INTERMEDIATE", "LATER",
    "LAST_AGE_GRADE", "LONDON", "LOWER", "MIDDLE", "NO_OFFER", "OFFER", "OFFERED", "ONE", "POINT",
    "POUND", "PROFESSIONAL", "PROFESSIONAL_JOB", "QUALIFIED_FROM", "SIFTED", "TECHNICAL",
    "WORKING",
}  # fmt: skip
"""Names that copies had before there was one place."""
COUNTS = {"GROUPS": 5, "JOBS": 4, "OCCUPATIONS": 3, "QUARTERS": 4, "REGIONS": 9, "ROUTES": 6}
"""What lists are long: a number under the name of a list is a copy of its length."""
COLUMNS = {
    "degree", "entered", "job", "level3", "occupation", "offer", "origin", "phase", "route",
    "stage",
}  # fmt: skip
"""Columns of codes; a loop over one is looked at too."""
NO_NONE = {"occupation", "origin", "phase", "stage"}
"""Of them, those whose zero is one of several; of the others it stands for none, or not yet."""
DRAWS = {"draw", "words"}
PURPOSES = {purpose.name for purpose in Purpose}
UNSIGNED = {"uint32", "uint64", "_U"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SIM.rglob("*.py")):
        if path.name != "codes.py":
            yield path.relative_to(SIM).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def plain(node: ast.expr) -> Any:
    """What an expression of literals is, `2**20` and `range(4)` too; None for any other."""
    kept = (ast.Constant, ast.Tuple, ast.List, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop,
            ast.expr_context)  # fmt: skip
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("range", "tuple", "frozenset"):
        return plain(node.args[-1]) if len(node.args) == 1 else None
    if all(isinstance(part, kept) for part in ast.walk(node)):
        return eval(compile(ast.Expression(node), "<a constant>", "eval"))
    return None


def assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names that a module gives to something at its top, each with what it is given."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Tuple):
                    given = node.value.elts if isinstance(node.value, ast.Tuple) else ()
                    several = given or [node.value] * len(target.elts)
                    yield from zip((ast.unparse(n) for n in target.elts), several, strict=True)
                else:
                    yield ast.unparse(target), node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield ast.unparse(node.target), node.value


def copies(tree: ast.Module) -> list[str]:
    """Names of a module that are codes, or lists of labels, given once more."""
    found = []
    for name, node in assigned(tree):
        bare, value = name.lstrip("_"), plain(node)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        listed = isinstance(value, tuple | list) and tuple(value) in LISTS
        coded = number and (bare in NAMES or bare in OLD or COUNTS.get(bare) == value)
        if coded or listed or number_of_purpose(bare, node):
            found.append(name)
    return found


LISTS = {value for value in NAMES.values() if isinstance(value, tuple)}


def number_of_purpose(name: str, node: ast.expr) -> bool:
    """Whether a purpose is given as a number: ``_YEAR = np.uint32(8)``."""
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in UNSIGNED
        and isinstance(plain(node.args[0]), int)
        and name in PURPOSES | {"PURPOSE"}
    )


def column_of(node: ast.expr) -> str:
    """The column an expression reads: `people.degree`, `degree[i]`, `adults.degree[rows]`."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return ast.unparse(node).rpartition(".")[2]


def bare_codes(tree: ast.Module) -> list[str]:
    """Columns of codes that are compared with a number, given one, or run through numbers."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and column_of(node.left) in COLUMNS:
            kind = column_of(node.left)
            least = 0 if kind in NO_NONE else 1
            for other in node.comparators:
                value = plain(other)
                if isinstance(value, int) and not isinstance(value, bool) and value >= least:
                    found.append(ast.unparse(node))
        elif isinstance(node, ast.For | ast.comprehension):
            if column_of(node.target) in COLUMNS and isinstance(plain(node.iter), tuple | list):
                found.append(f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}")
        elif isinstance(node, ast.IfExp) and "FIRST_SECONDARY" in ast.unparse(node.test):
            if [plain(arm) for arm in arms(node)] == [0, 1]:
                found.append(ast.unparse(node))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                coded = isinstance(target, ast.Subscript | ast.Attribute)
                if coded and column_of(target) in COLUMNS:
                    found += [ast.unparse(node) for arm in arms(node.value) if positive(arm)]
    return found


def arms(node: ast.expr) -> list[ast.expr]:
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def positive(node: ast.expr) -> bool:
    value = plain(node)
    return isinstance(value, int) and value > 0


def units(tree: ast.Module) -> list[str]:
    """Fixed point, and the numbers of a cohort in an id, written out."""
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in (2**20, 2**20 - 1)
    ]


def bare_words(tree: ast.Module) -> list[str]:
    """Draws whose word, slot or other party is a number."""
    found = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        held = drawn_names(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Subscript) and (
                draws(node.value) or ast.unparse(node.value) in held
            ):
                first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
                if isinstance(plain(first), int) or (
                    isinstance(first, ast.Slice) and isinstance(first.upper, ast.Constant)
                ):
                    found.append(ast.unparse(node))
            elif draws(node):
                found += [
                    ast.unparse(node)
                    for word in node.keywords
                    if word.arg in ("slot", "other") and isinstance(plain(word.value), int)
                ]
    return found


def draws(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in DRAWS


def drawn_names(function: ast.FunctionDef) -> set[str]:
    """Names under which a function holds words, or numbers made of them."""
    held = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            inside = [call for call in ast.walk(node.value) if draws(call)]
            parts = [part for part in ast.walk(node.value) if isinstance(part, ast.Subscript)]
            if inside and not any(draws(part.value) for part in parts):
                held.add(node.targets[0].id)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("draw_block"):
            held.add(ast.unparse(node.args[-1]))
    return held


def test_no_module_holds_a_copy_of_a_code() -> None:
    assert {name: found for name, tree in modules() if (found := copies(tree))} == {}


def test_no_column_of_codes_is_compared_with_a_number() -> None:
    assert {name: found for name, tree in modules() if (found := bare_codes(tree))} == {}


def test_fixed_point_is_never_written_out() -> None:
    assert {name: found for name, tree in modules() if (found := units(tree))} == {}


def test_words_of_luck_are_taken_by_name() -> None:
    found = {name: at for name, tree in modules() if (at := bare_words(tree))}
    found.pop("rng.py", None)  # it makes the words
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "TECHNICAL = 2", "_WORKING, _GOOD = 2, 2", "LAST_GRADE, X = 11, 5", "ONE = 2**20",
        "_POINT = 2.0**20", "GROUPS = 5", "JOBS: int = 4", "LATER = 3", "ID_BITS = 20",
        "WORDS = ('professional', 'intermediate', 'working')", "_YEAR = np.uint32(8)",
        "_PURPOSE = _U(25)", "LEVELS = (1, 2, 3)",
    ],
)  # fmt: skip
def test_a_copy_is_found(line: str) -> None:
    assert copies(ast.parse(line))


@pytest.mark.parametrize(
    "line",
    [
        "a = people.degree == 2", "a = degree[i] >= 1", "a = adults.occupation[rows] == 0",
        "job[i] = 2", "adults.level3 = 1", "degree[i] = 2 if good else 1",
        "a = (block.route <= 3).sum()", "a = schools.phase == 0", "for phase in (0, 1): pass",
        "a = 0 if grade < FIRST_SECONDARY else 1",
    ],
)  # fmt: skip
def test_a_bare_code_is_found(line: str) -> None:
    assert bare_codes(ast.parse(line))


@pytest.mark.parametrize(
    "line",
    [
        "return words(key, ids, purpose)[0]", "a = rng.words(key, ids, p)\n    b = a[1:3]",
        "luck = normals(words(key, ids, p))\n    return luck[1]", "rng.words(k, i, p, slot=1)",
        "draw_block(p, t, w, z, k0, k1, found)\n    return found[0, j]",
        "return draw(i, t, p, z, k0, k1)[3]",
    ],
)  # fmt: skip
def test_a_bare_word_is_found(line: str) -> None:
    assert bare_words(ast.parse(f"def f():\n    {line}"))


def test_labels_are_as_many_as_their_codes() -> None:
    assert [codes.ROUTES[n] for n in (codes.ROUTE_SCHOOL, codes.ROUTE_NONE)] == [
        "school_sixth_form", "none",
    ]  # fmt: skip
    assert codes.JOBS[codes.JOB_PROFESSIONAL] == codes.OCCUPATIONS[codes.OCCUPATION_PROFESSIONAL]
    assert list(codes.REGIONS) == sorted(codes.REGIONS)
    assert len(NAMES) == len(set(NAMES))
    for name, many in {"GROUP": 5, "JOB": 4, "OCCUPATION": 3, "REGION": 9, "ROUTE": 6}.items():
        assert len(NAMES[f"{name}S"]) == NAMES[f"{name}_COUNT"] == many


# ---- The key of a draw -------------------------------------------------------------------------


def test_no_two_pairs_of_draw_and_replicate_share_their_luck() -> None:
    ends = [0, 1, 2, 999, 1000, 1001, LUCKS - 1]
    assert len({pack(d, r) for d in ends for r in ends}) == len(ends) ** 2
    assert pack(0, 1000) != pack(1, 0)
    assert pack(LUCKS - 1, LUCKS - 1) == 2**32 - 1


@pytest.mark.parametrize(("draw", "replicate"), [(LUCKS, 0), (0, LUCKS), (-1, 0), (0, -1)])
def test_a_draw_or_replicate_that_does_not_fit_is_refused(draw: int, replicate: int) -> None:
    with pytest.raises(ValueError, match="below 65,536"):
        pack(draw, replicate)


def test_settings_refuse_it_too() -> None:
    with pytest.raises(BadRequest, match=r"draw .* below 65,536"):
        compose("baseline", ("world=tiny", f"draw={LUCKS}"))
    with pytest.raises(BadRequest, match=r"replicate .* below 65,536"):
        compose("baseline", ("world=tiny", f"replicate={LUCKS}"))


def test_what_does_not_fit_a_key_is_refused_and_never_cut_off() -> None:
    with pytest.raises(ValueError, match="seed is 4294967296"):
        rng.lock(Key(2**32, 0))
    with pytest.raises(ValueError, match="replicate is -1"):
        rng.lock(Key(0, -1))
    with pytest.raises(ValueError, match="year is 65536"):
        rng.when(2**16)
    with pytest.raises(ValueError, match="slot is 70000"):
        rng.when(2024, 70_000)
    assert rng.lock(Key(2**32 - 1, 2**32 - 1)) == (2**32 - 1, 2**32 - 1)
