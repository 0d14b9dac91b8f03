"""What of the state the table has to show anew."""

from __future__ import annotations

from mlipviewer.core.order import Columns
from mlipviewer.core.plot import Space
from mlipviewer.session.state import State


def same_marks(old: State | None, new: State) -> bool:
    """Whether the coloured rows and columns are those painted last: hovering paints nothing."""
    if old is None or order_changed(old, new) or old.focus != new.focus:
        return False
    spaces = (Space.MODEL, Space.METRIC)
    return all(old.selected(space) is new.selected(space) for space in spaces)


def computed_differ(before: Columns, after: Columns) -> bool:
    """Whether computed columns are other ones, or have other numbers."""
    same = tuple(before) == tuple(after)
    return not same or any(before[name] is not after[name] for name in before)


def columns_changed(old: State | None, new: State) -> bool:
    if old is None or old.table is not new.table:
        return True
    before, after = old.document, new.document
    return any(
        getattr(before, name) != getattr(after, name) for name in ("hidden", "grouped", "arranged")
    )


def order_changed(old: State | None, new: State) -> bool:
    if old is None or old.table is not new.table:
        return True
    before, after = old.document, new.document
    of_sets = ("sets",) if "set(" in after.condition else ()
    return any(
        getattr(before, name) != getattr(after, name)
        for name in ("condition", "sorting", "shaded", "grouped", "arranged", *of_sets)
    )
