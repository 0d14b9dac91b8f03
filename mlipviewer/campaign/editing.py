"""Changes of the text of a design that leave the rest of it, and its comments, as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mlipviewer.campaign import FAMILIES
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.space import Choice, Dimension, Real

Change = Callable[[Any], None]


def edited(text: str, change: Change) -> str:
    """The text after `change(document)`, a mapping of its tables. Raises DesignProblem for a text
    that is no TOML."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        change(document)
    except TOMLKitError as problem:
        raise DesignProblem(f"is no TOML: {problem}") from None
    except (KeyError, TypeError, IndexError, AttributeError):
        raise DesignProblem("has no such place") from None
    return tomlkit.dumps(document)


def with_value(text: str, table: str, key: str, value: Any) -> str:
    """With `key = value` in `[table]`, or at the top for ''. Raises DesignProblem."""

    def change(document: Any) -> None:
        place = document if not table else document.setdefault(table, {})
        place[key] = value

    return edited(text, change)


def with_part_value(text: str, kind: str, place: int, key: str, value: Any) -> str:
    """With `key = value` in the table of this number of `[[kind]]`; None takes the key out.
    Raises DesignProblem."""

    def change(document: Any) -> None:
        part = document[kind][place]
        if value is None:
            part.pop(key, None)
        else:
            part[key] = _inline(value)

    return edited(text, change)


def with_part(text: str, kind: str, said: Mapping[str, Any]) -> str:
    """With one more table `[[kind]]` at the end of those of its kind. Raises DesignProblem."""
    import tomlkit

    def change(document: Any) -> None:
        table = tomlkit.table()
        for key, value in said.items():
            table.add(key, _inline(value))
        table.add(tomlkit.nl())
        if kind in document:
            document[kind].append(table)
        else:
            tables = tomlkit.aot()
            tables.append(table)
            document.append(kind, tables)

    return edited(text if text.endswith("\n\n") else f"{text.rstrip()}\n\n", change)


def without_part(text: str, kind: str, place: int) -> str:
    """Without the table of this number of `[[kind]]`. Raises DesignProblem."""

    def change(document: Any) -> None:
        del document[kind][place]
        if not len(document[kind]):
            del document[kind]

    return edited(text, change)


def _inline(value: Any) -> Any:
    import tomlkit

    if not isinstance(value, Mapping):
        return value
    table = tomlkit.inline_table()
    for key, one in value.items():
        table[key] = _inline(one)
    return table


def family_said(name: str, models: int = 4) -> dict[str, Any]:
    """What a new `[[family]]` says: as many models of twice as many candidates, in all ranges."""
    ranges = {key: range_of(one) for key, one in FAMILIES[name].space.items()}
    return {"name": name, "models": models, "candidates": 2 * models, "ranges": ranges}


def range_of(one: Dimension) -> list[Any]:
    """A dimension as a design writes it."""
    return list(one.values) if isinstance(one, Choice) else [one.low, one.high]


def range_text(one: Dimension) -> str:
    """A dimension as people read it: `4.2 to 5.4 Å`, `4, 6 or 8`."""
    if isinstance(one, Choice):
        return _or(one.values)
    return f"{one.low:g} to {one.high:g}{', log' if isinstance(one, Real) and one.log else ''}"


def _or(values: Sequence[object]) -> str:
    *before, last = map(str, values)
    return f"{', '.join(before)} or {last}" if before else last
