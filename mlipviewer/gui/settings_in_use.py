"""The settings of this user, in use in all windows: changed at once, written in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from mlipviewer.session.settings.listing import Value
from mlipviewer.session.settings.values import Settings, read_settings, save_settings


class SettingsInUse(QObject):
    """`changed` names what was changed: a setting, `shortcuts`, or '' for anything. `failed` says
    in one sentence why a change is not kept."""

    changed = Signal(str)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._now: Settings | None = None
        self._written = Settings()  # as the file has them
        self._writing = threading.Lock()
        self._writers: list[threading.Thread] = []
        self.problem = ""  # of the file, as it was read

    @property
    def now(self) -> Settings:
        """Read when they are asked for first."""
        if self._now is None:
            self._now, self.problem = read_settings()
            self._written = self._now
        return self._now

    def set(self, name: str, value: Value) -> None:
        """Change one from now on. Raises ValueError for what it cannot be."""
        self.use(self.now.with_value(name, value), name)

    def use(self, settings: Settings, name: str = "") -> None:
        """Use these, and keep what differs."""
        if settings == self.now:
            return
        self._now = settings
        self.changed.emit(name)
        writer = threading.Thread(target=self._write, name="settings")
        self._writers = [one for one in self._writers if one.is_alive()] + [writer]
        writer.start()

    def change(self, how: Callable[[Settings], Settings], name: str = "") -> None:
        self.use(how(self.now), name)

    def wait(self) -> None:
        """Until all is written."""
        for one in self._writers:
            one.join()

    def read_anew(self) -> None:
        """What the file says now."""
        self.wait()
        self._now = None
        self.changed.emit("")

    def _write(self) -> None:
        with self._writing:
            newest = self.now
            try:
                save_settings(newest, old=self._written)
            except OSError as problem:
                self.failed.emit(f"The settings are not kept: {problem}")
            else:
                self._written = newest


settings_in_use = SettingsInUse()
