"""Values of the document as JSON and back, by their types."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.core.computation import Asked
from mlipviewer.core.rows import RowKey, rows
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.saving import document as _readers  # noqa: F401 (registers its readers)
from mlipviewer.session.saving.typed import (
    Misfit,
    Reading,
    as_plain,
    from_plain,
    plain_rows,
    rows_from,
)
from mlipviewer.session.state import Document, Panel

TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
NUMBERS = st.one_of(st.integers(-(2**40), 2**40), st.integers(0, 30))
ROWS = st.lists(NUMBERS, max_size=8).map(rows)


def values(kind: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 (one return a kind)
    """Any value of a type that the document holds."""
    origin, args = get_origin(kind), get_args(kind)
    simple = {bool: st.booleans(), int: NUMBERS, str: TEXT, RowKey: ROWS.map(RowKey)}
    if kind in simple:
        return simple[kind]
    if kind is float:
        return st.floats(allow_nan=False)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if isinstance(kind, type) and is_dataclass(kind):
        return OWN.get(kind, record)(kind)
    if origin in (Union, UnionType):
        if any(get_origin(one) is np.ndarray for one in args):
            return st.one_of(*([st.none()] if type(None) in args else []), ROWS)
        return st.one_of(*(st.none() if one is type(None) else values(one) for one in args))
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(values(args[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, args))
    if origin is frozenset:
        return st.frozensets(values(args[0]), max_size=3)
    return st.dictionaries(values(args[0]), values(args[1]), max_size=2).map(MappingProxyType)


def record(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{one.name: values(hints[one.name]) for one in fields(kind)})


def panel(_kind: Any) -> st.SearchStrategy[Any]:
    def of(name: str) -> st.SearchStrategy[Any]:
        one = ANALYSES[name]
        return st.builds(
            Panel,
            id=TEXT,
            view=st.just("plot"),
            title=TEXT,
            analysis=st.just(name),
            plot=st.sampled_from(list(one.plots)),
            params=st.just(one.params()),
            logs=st.lists(st.tuples(st.sampled_from("xy"), st.booleans()), max_size=2).map(tuple),
        )

    return st.sampled_from(sorted(ANALYSES)).flatmap(of)


def asked(_kind: Any) -> st.SearchStrategy[Any]:
    names = st.sampled_from(sorted(COMPUTATIONS))
    return names.map(lambda name: Asked(name, COMPUTATIONS[name].params()))


def an_input(_kind: Any) -> st.SearchStrategy[Any]:
    path = st.text("abc/.", min_size=1, max_size=8)
    return st.builds(Input, name=TEXT, path=path, kind=st.sampled_from(Kind), frames=TEXT)


OWN = {Panel: panel, Asked: asked, Input: an_input}
HINTS = get_type_hints(Document)


@pytest.mark.parametrize("name", [one.name for one in fields(Document)])
@settings(max_examples=12)
@given(data=st.data())
def test_that_each_part_of_the_document_comes_back(name: str, data: st.DataObject) -> None:
    value = data.draw(values(HINTS[name]))
    plain = json.loads(json.dumps(as_plain(value), allow_nan=False))
    reading = Reading()
    back = from_plain(HINTS[name], plain, (), reading)
    assert not reading.problems
    assert not reading.unknown
    assert json.dumps(as_plain(back)) == json.dumps(as_plain(value))
    assert type(back) is type(value)


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@pytest.mark.parametrize("name", [one.name for one in fields(Document)])
@settings(max_examples=20)
@given(junk=JUNK)
def test_that_junk_is_a_misfit_or_is_told_and_nothing_else(name: str, junk: Any) -> None:
    reading = Reading()
    with suppress(Misfit):
        from_plain(HINTS[name], junk, (), reading)
    assert all(len(problem) < 400 for problem in reading.problems)


@given(chosen=st.lists(st.integers(-(10**6), 10**12), max_size=30))
def test_that_rows_come_back_from_runs(chosen: list[int]) -> None:
    wanted = rows(chosen)
    assert np.array_equal(rows_from(json.loads(json.dumps(plain_rows(wanted)))), wanted)


def test_that_a_million_rows_in_a_row_are_one_run() -> None:
    assert plain_rows(rows(np.arange(5, 1_000_005))) == [[5, 1_000_004]]
    assert plain_rows(rows([1, 2, 4])) == [1, 2, 4]


@pytest.mark.parametrize("bad", [[[0, 10**12]], [["a", "b"]], "1-5", [[1, 2, 3]], [1.5], [2**70]])
def test_that_bad_rows_are_misfits(bad: Any) -> None:
    with pytest.raises(Misfit):
        rows_from(bad)


def test_that_every_parameter_of_all_analyses_can_be_saved() -> None:
    for registry in (ANALYSES, COMPUTATIONS):
        for one in registry.values():
            params = one.params()
            plain = json.loads(json.dumps(as_plain(params), allow_nan=False))
            assert from_plain(type(params), plain, (), Reading()) == params


def test_that_no_part_of_the_document_lacks_a_default() -> None:
    """An older session does not know of a part that is new."""
    usual = [one for one in fields(Document) if one.default is MISSING]
    assert all(one.default_factory is not MISSING for one in usual)
