"""Turn validation errors into messages that say what, where and what to do."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Sequence
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.config.asked_for import instead_of
from sim.config.renamed import new_value
from sim.errors import BadRequest, did_you_mean

__all__ = ["explain", "refuse"]

_WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
_LONGEST = 120  # characters of a value that a message repeats
_MOST_KEYS = 20  # of a group that a message lists


def refuse(problems: Sequence[str]) -> None:
    """Raise one `BadRequest` that lists every problem once; do nothing if there are none."""
    unique = list(dict.fromkeys(problems))
    if len(unique) == 1:
        raise BadRequest(unique[0])
    if unique:
        lines = "".join(f"\n  - {problem}" for problem in unique)
        raise BadRequest(f"{len(unique)} things are wrong:{lines}")


def explain(
    error: ValidationError, model: type[BaseModel], source: Callable[[str], str]
) -> list[str]:
    """Return one message an error; ``source`` names where the value at a dotted path came from."""
    messages = []
    for detail in error.errors(include_url=False):
        path = ".".join(str(part) for part in detail["loc"] if part != "records")
        origin = source(path)
        where = f"{path} ({origin})" if origin else path
        messages.append(f"{where}: {_what(detail, model)}")
    return messages


def _what(detail: Any, model: type[BaseModel]) -> str:
    given, kind, loc = detail["input"], detail["type"], detail["loc"]
    if kind == "value_error":
        return _sentence(str(detail["ctx"]["error"]))
    if kind == "extra_forbidden":
        owner = _model_at(model, loc[:-1])
        known = list(owner.model_fields) if owner is not None else []
        if told := instead_of(str(loc[-1])):
            return f"no such key: {told}."
        return f"no such key. {did_you_mean(str(loc[-1]), known)}"
    if kind == "missing":
        return "missing. Give it a value."
    info = _field_at(model, loc)
    if info is None:
        return _sentence(f"{_show(given)}: {detail['msg']}")
    if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
        return _not_a_group(given, ".".join(str(part) for part in loc), info.annotation)
    options = _options(info.annotation)
    if options:
        if told := new_value(".".join(str(part) for part in loc), given):
            return told
        hint = did_you_mean(str(given), options)
        return f"{_show(given)} is not one of {', '.join(options)}." + (
            f" {hint}" if hint.startswith("Did") else ""
        )
    return f"{_show(given)} is not allowed. Give {_allowed(info)}{_how(given, info)}."


def _not_a_group(given: object, path: str, model: type[BaseModel]) -> str:
    """Say which keys a group has, to somebody who gave it a value."""
    hint = next(
        (
            f"Did you mean {path}.{name}={given}?"
            for name, info in model.model_fields.items()
            if str(given) in _options(info.annotation)
        ),
        f"Write for example {path}.{next(iter(model.model_fields))}=VALUE.",
    )
    keys = list(model.model_fields)
    more = len(keys) - _MOST_KEYS
    told = [*keys[:_MOST_KEYS], f"and {more} more"] if more > 1 else keys
    return f"{_show(given)} is one value, and this is a group of keys: {', '.join(told)}. {hint}"


def _how(given: object, info: FieldInfo) -> str:
    """Say how numbers are written, where a text was meant as one."""
    kinds = {info.annotation, *get_args(info.annotation)}
    if str in kinds and isinstance(given, int | float):
        return f'. Put it in quotes: "{_show(given)}"'
    if not kinds & {int, float} or not isinstance(given, str) or not re.search("[0-9]", given):
        return ""
    return (
        " (numbers are written 500000000, 0.5 or 5e8, without quotes, leading noughts, "
        "commas or units)"
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else text + "."


def _show(given: object) -> str:
    if isinstance(given, bool) or given is None:
        return {True: "true", False: "false", None: "null"}[given]
    shown = repr(given)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."


def _model_at(model: type[BaseModel], loc: Sequence[str | int]) -> type[BaseModel] | None:
    """Follow a location to the model that owns it, through mappings of records too."""
    found: Any = model
    for part in loc:
        if isinstance(found, type) and issubclass(found, BaseModel):
            info = found.model_fields.get(str(part))
            found = info.annotation if info is not None else None
        elif get_origin(found) is dict:
            found = get_args(found)[1]
        else:
            return None
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _field_at(model: type[BaseModel], loc: Sequence[str | int]) -> FieldInfo | None:
    owner = _model_at(model, loc[:-1]) if loc else None
    return None if owner is None else owner.model_fields.get(str(loc[-1]))


def _options(annotation: object) -> list[str]:
    """Return the words a setting may take, if it takes words from a list."""
    if get_origin(annotation) is Literal:
        return [str(option) for option in get_args(annotation)]
    if get_origin(annotation) in (Union, types.UnionType):
        return [option for part in get_args(annotation) for option in _options(part)]
    return []


def _allowed(info: FieldInfo) -> str:
    """Describe what a setting may be: ``a whole number from 1 to 60``."""
    union = get_origin(info.annotation) in (Union, types.UnionType)
    kinds = get_args(info.annotation) if union else (info.annotation,)
    words = next((_WORDS[kind] for kind in kinds if kind in _WORDS), "of the right kind")
    bounds = {
        name: getattr(rule, name)
        for rule in info.metadata
        for name in ("ge", "gt", "le", "lt", "min_length")
        if getattr(rule, name, None) is not None
    }
    low = bounds.get("ge", bounds.get("gt"))
    high = bounds.get("le", bounds.get("lt"))
    if low is not None and high is not None:
        words += f" {'above' if 'gt' in bounds else 'from'} {low:,g} "
        words += f"{'and below' if 'lt' in bounds else 'to'} {high:,.15g}"
    if "min_length" in bounds:
        words += " that is not empty"
    return words + (" or null" if type(None) in kinds else "")
