"""Names found by a few of their letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.fuzzy import best, fit

NAMES = ("Pareto front", "Correlation graph", "Heat map", "Play / pause", "Prediction of errors",
         "Close panel", "Copy figure", "GAP 289-2", "Structure types", "Save session")  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "name"),
    [("cogr", "Correlation graph"), ("graph corr", "Correlation graph"), ("pf", "Pareto front"),
     ("play", "Play / pause"), ("289", "GAP 289-2"), ("gap 289-2", "GAP 289-2"),
     ("SAVE", "Save session"), ("copfig", "Copy figure"), ("errors", "Prediction of errors")],
)  # fmt: skip
def test_that_a_few_letters_find_a_name(asked: str, name: str) -> None:
    assert NAMES[best(asked, NAMES, 3)[0]] == name


def test_that_what_is_not_there_is_not_found() -> None:
    assert best("xyz", NAMES, 9) == []
    assert fit("tt", "at") is None


def test_that_nothing_typed_finds_all() -> None:
    assert len(best("", NAMES, 99)) == len(NAMES)


@given(name=st.text(max_size=20), data=st.data())
def test_that_any_letters_of_a_name_in_order_find_it(name: str, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    asked = "".join(c for c, keep in zip(name.lower(), kept, strict=False) if keep)
    if len(name.lower()) == len(name):
        assert all(fit(word, name) is not None for word in asked.split())


@given(asked=st.text(max_size=10), name=st.text(max_size=30))
def test_that_a_found_name_has_the_letters_in_order(asked: str, name: str) -> None:
    if fit(asked, name) is not None:
        for word in asked.lower().split():
            rest = iter(name.lower())
            assert all(letter in rest for letter in word)
