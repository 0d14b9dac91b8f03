"""The terms of one column within a condition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.query import matching_mask
from mlipviewer.core.terms import (
    CannotBeWritten,
    Limits,
    Missing,
    chosen_of,
    filtered_columns,
    limits_of,
    limits_term,
    replace_terms,
    terms_of,
    values_term,
    without_column,
)

KINDS = ("GAP", "MTP", "", "it's", 'a "b"')
NAMES = {
    "x": np.array([-2.0, 0.5, 1.0, np.nan, 3.0, 12.0]),
    "y": np.array([1.0, 2.0, 3.0, 4.0, np.nan, 6.0]),
    "c[1]": np.array([1.0, -1.0, 2.0, -2.0, 3.0, np.nan]),
    "kind": np.array(["GAP", "MTP", "", "it's", 'a "b"', "GAP"], object),
}
N = 6


def mask(condition: str) -> list[bool]:
    if not condition:
        return [True] * N
    return matching_mask(condition, NAMES, N).tolist()


@pytest.mark.parametrize(
    ("condition", "terms"),
    [
        ("", ()),
        ("x < 5", ("x < 5",)),
        ('x < 5 and kind == "a and b"', ("x < 5", 'kind == "a and b"')),
        ("1 <= `c[1]` <= 2 and (y > 1 or x < 2)", ("1 <= `c[1]` <= 2", "(y > 1 or x < 2)")),
        ("x < 5 or y > 1 and x > 0", ("x < 5 or y > 1 and x > 0",)),
        ("not isnull(x) AND y > 1", ("not isnull(x)", "y > 1")),
    ],
)
def test_that_a_condition_comes_apart_at_its_ands(condition: str, terms: tuple[str, ...]) -> None:
    assert terms_of(condition) == terms


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("0.1 <= x <= 5", Limits(0.1, 5.0)),
        ("x < 5 and -2 < x", Limits(-2.0, 5.0, low_open=True, high_open=True)),
        ("5 >= x", Limits(None, 5.0)),
        ("x > 1 and x > 2 and x >= 1.5", Limits(2.0, None, low_open=True)),
        ("x == 3", Limits(3.0, 3.0)),
        ("isnull(x)", Limits(missing=Missing.ONLY)),
        ("not isnull(x) and y > 2", Limits(missing=Missing.WITHOUT)),
        ("x * 2 > 3", Limits()),
        ("x < y", Limits()),
        ("x < 1 or y < 2", Limits()),
    ],
)
def test_that_limits_are_read(condition: str, found: Limits) -> None:
    assert limits_of(condition, "x") == found


def test_that_only_simple_terms_belong_to_a_column() -> None:
    condition = 'x < 3 and y + x > 2 and x * 2 > 0 and kind in ("GAP") and isnull(`c[1]`)'
    assert filtered_columns(condition) == {"x", "kind", "c[1]"}
    assert without_column(condition, "x") == (
        'y + x > 2 and x * 2 > 0 and kind in ("GAP") and isnull(`c[1]`)'
    )
    assert filtered_columns("x < 1 or y < 1") == frozenset()
    assert filtered_columns("x < '") == frozenset()


def test_that_the_new_term_stands_where_the_old_one_stood() -> None:
    condition = "y > 1 and x > 0 and kind != 'MTP' and x < 9"
    assert replace_terms(condition, "x", "x > 2") == "y > 1 and x > 2 and kind != 'MTP'"
    assert replace_terms("y > 1", "x", "x > 2") == "y > 1 and x > 2"
    assert replace_terms("", "x", "x > 2") == "x > 2"
    assert replace_terms("x > 2", "x", "") == ""


def test_that_a_condition_with_or_is_put_in_parentheses() -> None:
    mixed = "x < 1 or y > 2 and x > 0"
    joined = replace_terms(mixed, "x", "x <= 3")
    assert joined == f"({mixed}) and x <= 3"
    assert replace_terms(joined, "x", "x <= 1") == f"({mixed}) and x <= 1"
    inside = "(x < 1) or (y > 2)"
    assert replace_terms(inside, "x", "x <= 3") == f"({inside}) and x <= 3"


def test_that_odd_names_are_quoted_or_refused() -> None:
    assert limits_term("c[1]", Limits(1.0, 2.0)) == "1 <= `c[1]` <= 2"
    assert limits_term("and", Limits(1.0)) == "`and` >= 1"
    with pytest.raises(CannotBeWritten):
        limits_term("a`b", Limits(1.0))
    with pytest.raises(CannotBeWritten):
        values_term("kind", {"'\""}, ("a", "'\"", "b"))


ENDS = st.none() | st.sampled_from([-3.0, -0.25, 0.5, 1.0, 3.0, 1e-7, 2e12])
FOREIGN = st.sampled_from(["y > 2", "y < x", "isnull(y) or x > 1", "x / 2 < 1", "`c[1]` >= 0"])


@given(ENDS, ENDS, st.booleans(), st.booleans())
def test_that_limits_come_back_as_written(
    low: float | None, high: float | None, low_open: bool, high_open: bool
) -> None:
    limits = Limits(low, high, Missing.ANY, low_open and low is not None,
                    high_open and high is not None)  # fmt: skip
    assert limits_of(limits_term("c[1]", limits), "c[1]") == limits


@given(st.lists(FOREIGN, max_size=3), ENDS, ENDS, st.sampled_from(list(Missing)))
def test_that_the_other_terms_mean_what_they_meant(
    foreign: list[str], low: float | None, high: float | None, missing: Missing
) -> None:
    before = " and ".join(f"({one})" for one in foreign)
    term = limits_term("x", Limits(low, high, missing))
    after = replace_terms(before, "x", term)
    both = np.array(mask(before)) & np.array(mask(term))
    assert mask(after) == both.tolist()
    assert mask(without_column(after, "x")) == mask(before)


@given(st.sets(st.sampled_from(KINDS)))
def test_that_ticked_values_are_those_kept(chosen: set[str]) -> None:
    term = values_term("kind", chosen, KINDS)
    assert mask(term) == [cell in chosen for cell in NAMES["kind"]]
    assert chosen_of(term, "kind", KINDS) == chosen
    assert filtered_columns(term) == ({"kind"} if term else frozenset())
