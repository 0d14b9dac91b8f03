"""The table of elements and the door to the shipped files."""

import pytest

from mlipviewer.core.elements import UNKNOWN_RADIUS, atomic_number, element, elements
from mlipviewer.core.resources import resource, resource_json


def test_that_every_element_is_known_by_symbol_and_number() -> None:
    assert len(elements()) == 119
    assert all(atomic_number(one.symbol) == one.number for one in elements())
    assert [element(z).symbol for z in (1, 3, 26, 118)] == ["H", "Li", "Fe", "Og"]


def test_that_radii_and_colours_are_the_published_ones() -> None:
    assert element(3).radius == 1.28
    assert element(8).colour == (255, 13, 13)
    assert element(98).radius == UNKNOWN_RADIUS


@pytest.mark.parametrize("number", [-1, 0, 119, 10_000])
def test_that_an_unknown_number_is_an_atom_of_unknown_kind(number: int) -> None:
    assert element(number).symbol == "X"


def test_that_only_exact_symbols_are_looked_up() -> None:
    assert atomic_number("LI") is None
    assert atomic_number("Li1") is None


def test_that_a_missing_resource_is_named() -> None:
    assert resource("elements.json").is_file()
    assert "sources" in resource_json("elements.json")
    with pytest.raises(FileNotFoundError, match="no_such"):
        resource("no_such.json")
