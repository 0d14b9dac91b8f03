"""Keys and actions: normal forms, conflicts, what a user changed."""

from __future__ import annotations

import pytest

from mlipviewer.session.actions.action import Where
from mlipviewer.session.actions.keymap import Keymap, normal, problem_of
from mlipviewer.session.actions.listing import ACTIONS, action_of

KEYMAP = Keymap(ACTIONS)


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("ctrl+shift+p", "Ctrl+Shift+P"),
        ("Shift+Ctrl+P", "Ctrl+Shift+P"),
        ("Escape", "Esc"),
        ("+", "+"),
        ("Ctrl++", "Ctrl++"),
        ("alt+PgDown", "Alt+PgDown"),
        ("Delete", "Del"),
        ("", ""),
        ("Hyper+X", ""),
    ],
)
def test_that_keys_have_one_form(key: str, wanted: str) -> None:
    assert normal(key) == wanted


def test_that_a_key_means_what_its_place_says() -> None:
    assert KEYMAP.within(Where.ATOMS)["R"] == "look.all"
    assert KEYMAP.within(Where.PLOT)["R"] == "plot.all"
    assert KEYMAP.within(Where.ATOMS)["Ctrl+A"] == "atoms.all"
    assert "Ctrl+A" not in KEYMAP.within(Where.PLOT)  # means models, as everywhere


def test_that_conflicts_name_the_other_actions() -> None:
    hide = action_of("atoms.hide")
    assert [one.id for one in KEYMAP.conflicts(hide, "I")] == ["atoms.isolate"]
    assert KEYMAP.conflicts(hide, "H") == ()  # its own
    assert KEYMAP.conflicts(hide, "L") == ()  # of the timeline only
    assert [one.id for one in KEYMAP.conflicts(action_of("file.open"), "Ctrl+S")] == [
        "session.save"
    ]


def test_that_single_characters_are_not_given_to_what_acts_anywhere() -> None:
    assert "text" in problem_of(action_of("file.open"), "O")
    assert "text" in problem_of(action_of("file.open"), "Shift+O")
    assert problem_of(action_of("file.open"), "F4") == ""
    assert problem_of(action_of("atoms.hide"), "Q") == ""


def test_that_only_changed_keys_are_kept() -> None:
    other = KEYMAP.with_keys("atoms.hide", ("ctrl+h", "Ctrl+H"))
    assert other.keys_of("atoms.hide") == ("Ctrl+H",)
    assert dict(other.own) == {"atoms.hide": ("Ctrl+H",)}
    assert "H" not in other.within(Where.ATOMS)
    assert dict(other.with_keys("atoms.hide", ("H",)).own) == {}
    assert KEYMAP.with_keys("atoms.hide", ()).keys_of("atoms.hide") == ()
