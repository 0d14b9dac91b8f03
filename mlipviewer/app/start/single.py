"""One window for each user and screen: a second start hands its files to the first, and ends."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_MS, ANSWER_MS, LOCK_MS, STALE_MS = 1000, 3000, 10_000, 60_000
LONGEST = 1 << 20  # bytes of a request
TAKEN = b"taken\n"


@dataclass(frozen=True)
class Handed:
    """Absolute paths (with their `@a:b:c`), what is said about trajectories (see
    `io.trajectories.choices`), and by what right the window may come to the front (Wayland)."""

    files: tuple[str, ...] = ()
    choices: str = ""
    token: str = ""


def address() -> str:
    """Where the window of this user on this screen listens: a socket or, on Windows, a pipe."""
    screen = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or "screen"
    user = os.getuid() if sys.platform != "win32" else getpass.getuser()
    who = f"{user} {screen} {os.environ.get('QT_QPA_PLATFORM', '')}"
    name = f"mlipviewer-{hashlib.sha256(who.encode()).hexdigest()[:12]}"
    if sys.platform == "win32":
        return name
    return str(_own_folder() / name)


def _own_folder() -> Path:
    """A folder that only this user can write to."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given and Path(given).is_dir():
        return Path(given)
    folder = Path(tempfile.gettempdir()) / f"mlipviewer-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    if about.st_uid != os.getuid() or about.st_mode & 0o077 or folder.is_symlink():
        raise PermissionError(f"{folder} is not this user's alone")
    return folder


class Answer(Enum):
    """What a running window said; one that is `SILENT` is there, but busy or stuck."""

    TAKEN = auto()
    ABSENT = auto()
    SILENT = auto()


def hand_over(files: tuple[str, ...], choices: str = "", where: str = "") -> Answer:
    """Ask a running window to take the files."""
    token = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
    whole = tuple(os.path.abspath(one) for one in files)  # noqa: PTH100 (keeps what follows an @)
    socket = QLocalSocket()
    socket.connectToServer(where or address())
    if not socket.waitForConnected(CONNECT_MS):
        return Answer.ABSENT
    socket.write(json.dumps(asdict(Handed(whole, choices, token))).encode() + b"\n")
    answer = b""
    while TAKEN not in answer and socket.waitForReadyRead(ANSWER_MS):
        answer += bytes(socket.readAll().data())
    socket.disconnectFromServer()
    return Answer.TAKEN if answer == TAKEN else Answer.SILENT


class Listener(QObject):
    """Takes what later starts hand over, one line of JSON each."""

    handed = Signal(object)  # Handed

    def __init__(self, where: str = "") -> None:
        super().__init__()
        self._where = where or address()
        self.takes: Callable[[], bool] = lambda: True  # whether anybody is there to open files
        self._server = QLocalServer(self)
        self._talking: list[QLocalSocket] = []
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connect)

    def listen(self) -> bool:
        """Begin, over a socket that a crash left if need be; False where that cannot be done."""
        QLocalServer.removeServer(self._where)
        return self._server.listen(self._where)

    def close(self) -> None:
        self._server.close()

    def _connect(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._talking.append(socket)
            # by method, not by a partial: what a socket holds must not be the last to hold this
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(self._forget)

    def _forget(self) -> None:
        socket = self.sender()
        self._talking = [one for one in self._talking if one is not socket]
        socket.deleteLater()

    def _read(self) -> None:
        socket = self.sender()
        assert isinstance(socket, QLocalSocket)
        if socket.canReadLine():
            handed = _understood(bytes(socket.readLine().data()))
            if handed is not None and self.takes():
                socket.write(TAKEN)
                socket.flush()
                self.handed.emit(handed)
            socket.disconnectFromServer()
        elif socket.bytesAvailable() > LONGEST:
            socket.abort()


def _understood(line: bytes) -> Handed | None:
    try:
        found = json.loads(line)
        files = found["files"]
        if not all(isinstance(one, str) and Path(one).is_absolute() for one in files):
            return None
        return Handed(tuple(files), str(found["choices"]), str(found["token"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


class Turn:
    """One start of the program at a time asks for a running window, or becomes it."""

    def __init__(self, where: str = "") -> None:
        self.where = where or address()
        path = self.where if os.sep in self.where else str(_beside(self.where))
        self._lock = QLockFile(f"{path}.lock")
        self._lock.setStaleLockTime(STALE_MS)
        self._mine = self._lock.tryLock(LOCK_MS)
        self._answer = Answer.SILENT

    def hand_over(self, files: tuple[str, ...], choices: str = "") -> bool:
        """Whether a running window took the files; then the turn is over."""
        self._answer = hand_over(files, choices, self.where)
        if self._answer is Answer.TAKEN:
            self.end()
        return self._answer is Answer.TAKEN

    def listen(self) -> Listener | None:
        """Be the window that later starts find, unless there is one that did not answer. Needs an
        application. The turn is over."""
        listener = Listener(self.where)
        free = self._mine and self._answer is Answer.ABSENT
        heard = free and listener.listen()
        self.end()
        return listener if heard else None

    def end(self) -> None:
        if self._mine:
            self._lock.unlock()
        self._mine = False


def turn() -> Turn | None:
    """The turn of this start; None where this user has no place for a socket."""
    try:
        return Turn()
    except OSError:
        return None


def _beside(name: str) -> Path:
    return Path(tempfile.gettempdir()) / name
