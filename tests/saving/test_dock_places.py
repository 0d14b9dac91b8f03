"""Places of docks from a session of a stranger: understood to the last byte, or left out."""

from __future__ import annotations

import random

import pytest

from mlipviewer.session.saving.dock_places import (
    CORNERS,
    Area,
    Astray,
    Group,
    Nested,
    Place,
    Places,
    dock_bytes,
    dock_places,
    on_screen,
)

WHOLE = (19, 500, 80, 16777215)


def places(*areas: int, front: int = 1, numbers: tuple[int, int, int, int] = WHOLE) -> Places:
    """In each area a table above tabs, of which the last one floats."""

    def group(n: int) -> Group:
        tabs = (Place(f"sets{n}", 1, WHOLE), Place(f"jobs{n}", 3, (5, 6, 9000, 80)))
        nested = Nested(WHOLE, Group(2, front, tabs))
        return Group(2, None, (Place(f"table{n}", 0, numbers), nested))

    many = tuple(Area(n, (500, 800), group(n)) for n in areas)
    return Places(many, (0, 801), (4, 4, 8, 8))


def test_that_places_are_written_as_they_were_read() -> None:
    for one in (places(), places(0), places(0, 1, 3)):
        assert dock_places(dock_bytes(one)) == one


@pytest.mark.parametrize(
    "bad",
    [
        places(-253),
        places(4),
        places(1, 1),
        places(1, 0),
        places(0, front=2),
        places(0, numbers=(0, 2**31 - 1, 0, 0)),
    ],
)
def test_that_numbers_out_of_their_bounds_are_refused(bad: Places) -> None:
    with pytest.raises(Astray):
        dock_places(dock_bytes(bad))


def test_that_what_is_cut_or_goes_on_is_refused() -> None:
    whole = dock_bytes(places(0, 1))
    for n in range(len(whole)):
        with pytest.raises(Astray):
            dock_places(whole[:n])
    with pytest.raises(Astray):
        dock_places(whole + b"\0")


def test_that_a_dock_is_in_one_place_and_groups_have_an_end() -> None:
    twice = Group(2, None, (Place("a", 1, WHOLE), Place("a", 1, WHOLE)))
    deep = Group(2, None, (Place("a", 1, WHOLE),))
    for _ in range(100):
        deep = Group(1, None, (Nested(WHOLE, deep),))
    for group in (twice, deep, Group(2, None, ())):
        with pytest.raises(Astray):
            dock_places(dock_bytes(Places((Area(0, (1, 1), group),), (0, 0), (4, 4, 8, 8))))


def test_that_a_floating_dock_is_no_larger_than_the_screen() -> None:
    (area,) = on_screen(places(0), 1600, 1200).areas
    nested = area.group.parts[1]
    assert isinstance(nested, Nested)
    assert [getattr(one, "numbers", None) for one in nested.group.parts] == [
        WHOLE,
        (5, 6, 1600, 80),
    ]


def test_that_damaged_bytes_are_refused_or_understood() -> None:
    whole, chance = dock_bytes(places(0, 1, 3)), random.Random(1)
    for _ in range(3000):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            found = dock_places(bytes(damaged))
        except Astray:
            continue
        assert {one.number for one in found.areas} <= {0, 1, 2, 3}
        assert set(found.corners) <= set(CORNERS)
        assert dock_bytes(found) == bytes(damaged)
