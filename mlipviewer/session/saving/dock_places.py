"""Places of docks as `QMainWindow.saveState` writes them, read to the last byte and written anew.

Qt believes what it restores: a number out of its bounds ends the program. So it is only given what
was understood here and written here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

HEAD = (0xFF, 0)  # marker and version
DOCKS, TABS, SEQUENCE, WIDGET = 0xFD, 0xFA, 0xFC, 0xFB
NO_TOOL_BARS = bytes.fromhex("fc00000000")
FLOATING = 2  # among the flags of a dock
CORNERS = (1, 2, 4, 8)  # the areas that may have a corner
ORIENTATIONS = (1, 2)

MOST_BYTES = 100_000
MOST_DOCKS = 500  # of a window, with those whose places are kept
DEEPEST = 20
LONGEST_NAME = 200
FARTHEST = 32_000  # pixels
WIDEST = 1 << 25  # the largest size that Qt gives a dock is half of it and a bit

Four = tuple[int, int, int, int]


class Astray(ValueError):
    """Bytes that Qt would not have written."""


@dataclass(frozen=True)
class Place:
    """A dock: where it begins, its size and the bounds of it; of a floating one x, y, width and
    height."""

    name: str
    flags: int
    numbers: Four


@dataclass(frozen=True)
class Group:
    """What stands side by side, or upon each other with `front` in front (None: side by side)."""

    orientation: int
    front: int | None
    parts: tuple[Place | Nested, ...]


@dataclass(frozen=True)
class Nested:
    """A group within another: where it begins, its size and the bounds of it."""

    numbers: Four
    group: Group


@dataclass(frozen=True)
class Area:
    number: int
    size: tuple[int, int]
    group: Group


@dataclass(frozen=True)
class Places:
    """All docks of a window, by the areas where they stand."""

    areas: tuple[Area, ...]
    centre: tuple[int, int]
    corners: Four


def dock_places(data: bytes) -> Places:
    """What the bytes say. Raises Astray where not each of them is understood."""
    if len(data) > MOST_BYTES:
        raise Astray("more bytes than any window has")
    try:
        return _Reader(data).places()
    except (struct.error, UnicodeDecodeError) as error:
        raise Astray(str(error)) from None


@dataclass
class _Reader:
    data: bytes
    at: int = 0
    names: set[str] = field(default_factory=set)

    def places(self) -> Places:
        _must(self._take(">2i") == HEAD and self._byte() == DOCKS, "is no state of a window")
        areas = tuple(self._area() for _ in range(self._number(0, 4)))
        numbers = [one.number for one in areas]
        _must(numbers == sorted(set(numbers)), "an area comes twice")
        centre = self._size()
        corners = self._four(1, 8)
        _must(all(one in CORNERS for one in corners), "a corner belongs to no area")
        _must(self.data[self.at :] == NO_TOOL_BARS, "more than docks follows")
        return Places(areas, centre, corners)

    def _area(self) -> Area:
        number = self._number(0, 3)
        size = self._size()
        return Area(number, size, self._group(0))

    def _size(self) -> tuple[int, int]:
        """Where docks have no room Qt makes them, and what is between them, less than nothing."""
        return self._number(-FARTHEST, FARTHEST), self._number(-FARTHEST, FARTHEST)

    def _group(self, depth: int) -> Group:
        _must(depth < DEEPEST, "is nested too deep")
        kind = self._byte()
        _must(kind in (TABS, SEQUENCE), f"{kind} is no kind of a group")
        tabs = kind == TABS
        front = self._number(-1, MOST_DOCKS) if tabs else None
        orientation = self._byte()
        _must(orientation in ORIENTATIONS, f"{orientation} is no orientation")
        n = self._number(1, MOST_DOCKS)
        _must(front is None or front < n, "the tab in front is not there")
        return Group(orientation, front, tuple(self._part(depth, tabs) for _ in range(n)))

    def _part(self, depth: int, tabs: bool) -> Place | Nested:
        kind = self._byte()
        if kind == WIDGET:
            return self._place()
        _must(kind == SEQUENCE and not tabs, f"{kind} is no kind of a part")
        return Nested(self._sizes(), self._group(depth + 1))

    def _place(self) -> Place:
        name = self._text()
        _must(name not in self.names and len(self.names) < MOST_DOCKS, "a dock comes twice")
        self.names.add(name)
        flags = self._byte()
        _must(flags < 4, f"{flags} are no flags of a dock")
        floats = flags & FLOATING
        return Place(name, flags, self._geometry() if floats else self._sizes())

    def _text(self) -> str:
        n = self._number(2, LONGEST_NAME)
        found = self.data[self.at : self.at + n].decode("utf-16-be")
        _must(len(self.data) >= self.at + n, "is cut short")
        self.at += n
        return found

    def _sizes(self) -> Four:
        found = self._four(-FARTHEST, WIDEST)
        _must(max(found[:2]) <= FARTHEST, "is larger than any screen")
        return found

    def _geometry(self) -> Four:
        found = self._four(-FARTHEST, FARTHEST)
        _must(min(found[2:]) >= 0, "a window has a size")
        return found

    def _four(self, low: int, high: int) -> Four:
        a, b, c, d = self._take(">4i")
        _must(all(low <= one <= high for one in (a, b, c, d)), "a number is out of bounds")
        return a, b, c, d

    def _number(self, low: int, high: int) -> int:
        (found,) = self._take(">i")
        _must(low <= found <= high, f"{found} is out of bounds")
        return int(found)

    def _byte(self) -> int:
        return int(self._take(">B")[0])

    def _take(self, form: str) -> tuple[int, ...]:
        found = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return found


def _must(good: bool, why: str) -> None:
    if not good:
        raise Astray(why)


def on_screen(places: Places, width: int, height: int) -> Places:
    """The same, with no floating dock larger than that."""

    def tamed(group: Group) -> Group:
        return replace(group, parts=tuple(part(one) for one in group.parts))

    def part(one: Place | Nested) -> Place | Nested:
        if isinstance(one, Nested):
            return replace(one, group=tamed(one.group))
        x, y, wide, high = one.numbers
        floats = one.flags & FLOATING
        return replace(one, numbers=(x, y, min(wide, width), min(high, height))) if floats else one

    areas = (replace(one, group=tamed(one.group)) for one in places.areas)
    return replace(places, areas=tuple(areas))


# -- writing -------------------------------------------------------------------------------


def dock_bytes(places: Places) -> bytes:
    """As Qt reads them."""
    head = struct.pack(">2iBi", *HEAD, DOCKS, len(places.areas))
    areas = (struct.pack(">3i", one.number, *one.size) + _of(one.group) for one in places.areas)
    end = struct.pack(">6i", *places.centre, *places.corners)
    return b"".join((head, *areas, end, NO_TOOL_BARS))


def _of(group: Group) -> bytes:
    front = b"" if group.front is None else struct.pack(">i", group.front)
    kind = SEQUENCE if group.front is None else TABS
    how = struct.pack(">Bi", group.orientation, len(group.parts))
    return b"".join((bytes([kind]), front, how, *(_of_part(one) for one in group.parts)))


def _of_part(part: Place | Nested) -> bytes:
    if isinstance(part, Nested):
        return struct.pack(">B4i", SEQUENCE, *part.numbers) + _of(part.group)
    name = part.name.encode("utf-16-be")
    named = struct.pack(">Bi", WIDGET, len(name)) + name
    return named + struct.pack(">B4i", part.flags, *part.numbers)
