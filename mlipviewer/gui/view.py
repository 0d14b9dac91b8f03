"""A view shows the state and keeps none of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mlipviewer.session.state import State
from mlipviewer.session.store import Store

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget as _Widget
else:
    _Widget = object


class View(_Widget):
    """Mixed into a QWidget before it: `class TableView(View, QWidget)`.

    `attach` begins the showing. A hidden view does nothing, and catches up in one step when it is
    shown: `show_state(old, new)` always tells all that changed since this view was last told,
    `old` being None the first time.
    """

    store: Store
    deeds: Mapping[str, Callable[[], object]] = MappingProxyType({})
    """What the view does of the actions of the focus, by their ids."""

    def __init__(self, store: Store, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.store = store
        self._shown: State | None = None
        self._attached = False
        self._front = True

    def attach(self) -> None:
        """Be told of changes from now on."""
        self._attached = True
        self._unsubscribe = self.store.subscribe(lambda _old, new: self._tell(new))
        self.catch_up()

    def detach(self) -> None:
        """Be told no more, before the view is destroyed."""
        if self._attached:
            self._attached = False
            self._unsubscribe()

    def catch_up(self) -> None:
        if self._attached:
            self._tell(self.store.state)

    def set_front(self, front: bool) -> None:
        """Whether it can be seen: behind other tabs a view is visible to Qt, yet need not work."""
        self._front = front
        if front:
            self.catch_up()

    def _tell(self, new: State) -> None:
        if not (self._front and self.isVisible()) or new is self._shown:
            return
        old, self._shown = self._shown, new
        try:
            self.show_state(old, new)
        except Exception:
            self._shown = None  # half shown: the next time all of it
            raise

    def show_state(self, old: State | None, new: State) -> None:
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.catch_up()
