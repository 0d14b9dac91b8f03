"""A user outside the program: starts it, moves the pointer of the screen and presses its keys by
xdotool, sees by asking (tests.story.watched_window), and can kill it."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.story import drag_source

PATIENCE = 60.0  # s
Place = Sequence[int]


def xdotool(*words: object) -> None:
    subprocess.run(["xdotool", *map(str, words)], check=True, timeout=PATIENCE)


class Outside:
    """One run of the program and its user."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    # -- the program -----------------------------------------------------------------------

    def start(self, *files: Path) -> None:
        command = [sys.executable, "-m", "tests.story.watched_window", *map(str, files)]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        self.process, self._lines = process, queue.SimpleQueue()
        out = process.stdout
        assert out is not None
        into = self._lines
        threading.Thread(target=lambda: [into.put(line) for line in out], daemon=True).start()
        found = ["search", "--sync", "--onlyvisible", "--pid", process.pid, "--name", "MLIPViewer"]
        xdotool(*found, "windowactivate", "--sync")
        self.until(lambda: self.ask("active") is True)
        self.settled()

    def kill(self) -> None:
        """As the system does when memory ends: nothing can be saved any more."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._end_pipes()

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def _end_pipes(self) -> None:
        assert self.process is not None
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    # -- eyes ------------------------------------------------------------------------------

    def ask(self, *question: object) -> Any:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self._lines.get(timeout=PATIENCE))

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"nothing happens: {self.state}, {self.ask('dialog')}"
            time.sleep(0.03)

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("state")
        return found

    def is_now(self, **wanted: object) -> None:
        self.until(lambda: wanted.items() <= self.state.items())

    def settled(self) -> dict[str, Any]:
        self.until(lambda: self.state.get("working") is False)
        return self.state

    def place(self, *question: object) -> Place:
        """Where something is, once it is there and lies still."""
        seen: list[Any] = [None]

        def still() -> bool:
            before, seen[0] = seen[0], self.ask(*question)
            return not isinstance(seen[0], dict) and seen[0] == before

        self.until(still)
        found: Place = seen[0]
        return found

    # -- hands -----------------------------------------------------------------------------

    def click(self, at: Place, key: str = "") -> None:
        xdotool("mousemove", *at)
        time.sleep(0.05)
        if key:
            xdotool("keydown", key, "click", 1, "keyup", key)
        else:
            xdotool("click", 1)

    def drag(self, path: Sequence[Place]) -> None:
        xdotool("mousemove", *path[0], "mousedown", 1)
        for at in path[1:]:
            time.sleep(0.05)
            xdotool("mousemove", *at)
        xdotool("mouseup", 1)

    def keys(self, *keys: str) -> None:
        xdotool("key", *keys)

    def type(self, text: str) -> None:
        xdotool("type", "--delay", 5, text)

    def show(self, panel: str, title: str) -> None:
        """Bring a panel in front by its tab."""
        if not self.ask("is_seen", panel):
            self.click(self.place("tab", title))
        self.until(lambda: self.ask("is_drawn", panel) is True)

    def command(self, words: str) -> None:
        """By the palette."""
        self.keys("ctrl+shift+p")
        time.sleep(0.3)
        self.type(words)
        time.sleep(0.3)
        self.keys("Return")

    def fill_dialog(self, title: str, path: Path) -> None:
        """Name a file in the dialog of that title; it is there afterwards, or the dialog gone."""
        self.until(lambda: self.ask("dialog") == title)
        self.keys("ctrl+a")
        self.type(str(path))
        self.keys("Return")
        self.until(lambda: self.ask("dialog") != title)

    def drop(self, paths: Sequence[Path], at: Place) -> None:
        """Drag files out of another program's window and let them fall."""
        with self.holding(paths, at) as source:
            n_jobs = self.state["n_jobs"]
            xdotool("mouseup", 1)
            self.until(lambda: self.state["n_jobs"] > n_jobs)  # the source is asked meanwhile
            assert source() == "taken"

    @contextmanager
    def holding(self, paths: Sequence[Path], at: Place) -> Iterator[Callable[[], str]]:
        """Files are held over a place with the button down; gives who says what became of them."""
        x, y, middle = 1780, 1060, drag_source.SIZE // 2
        command = [sys.executable, drag_source.__file__, str(x), str(y), *map(str, paths)]
        source = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        out = source.stdout
        try:
            assert out is not None
            assert out.readline() == "ready\n"
            xdotool("mousemove", x + middle, y + middle, "mousedown", 1)
            xdotool("mousemove", x, y, "mousemove", x - 40, y)
            self.hold(at)
            yield lambda: out.readline().strip()
        finally:
            xdotool("mouseup", 1)
            source.kill()
            source.communicate()

    def hold(self, at: Place) -> None:
        """What is held goes there: by small steps, as a hand does."""
        for nudge in range(30):
            xdotool("mousemove", at[0] + nudge % 2, at[1])
            time.sleep(0.03)
