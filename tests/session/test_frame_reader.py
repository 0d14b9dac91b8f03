"""The frames that are shown: kept by bytes, the newest wish first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pytest

from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session.frames import FrameCache, FrameReader, frame_bytes
from tests import made

LONG = 10.0


def test_that_the_frames_used_last_are_kept() -> None:
    run = made.trajectory(n_frames=4)
    cache = FrameCache(limit=2 * frame_bytes(run.frame(0)))
    for index in (0, 1):
        cache.put(run, index, run.frame(index))
    assert cache.get(run, 0) is run.frame(0)
    cache.put(run, 2, run.frame(2))
    assert cache.get(run, 1) is None
    assert cache.get(run, 0) is run.frame(0)
    assert cache.get(run, 2) is run.frame(2)


def test_that_a_frame_larger_than_the_limit_is_kept_alone() -> None:
    run = made.trajectory(n_frames=2)
    cache = FrameCache(limit=1)
    cache.put(run, 0, run.frame(0))
    assert cache.get(run, 0) is not None
    cache.put(run, 1, run.frame(1))
    assert cache.get(run, 0) is None
    assert cache.get(run, 1) is not None


def test_that_all_arrays_of_a_frame_are_counted() -> None:
    plain = made.trajectory(n_frames=1).frame(0)
    ids, species = np.arange(plain.n_atoms), np.full(plain.n_atoms, "Type 1")
    rich = replace(plain, ids=ids, species=species)
    none = replace(plain, ids=None, species=None)
    assert frame_bytes(rich) == frame_bytes(none) + ids.nbytes + species.nbytes


def test_that_parts_of_one_array_count_as_all_of_it_once() -> None:
    plain = replace(made.trajectory(n_frames=1).frame(0), columns=MappingProxyType({}))
    block = np.zeros((plain.n_atoms, 9))
    parts = {"forces": block[:, 3:6], "charge": block[:, 7], "also": block[:, 7]}
    rich = replace(plain, columns=MappingProxyType(parts))
    assert frame_bytes(rich) == frame_bytes(plain) + block.nbytes


def test_that_a_frame_put_twice_counts_once() -> None:
    run = made.trajectory(n_frames=2)
    cache = FrameCache(limit=2 * frame_bytes(run.frame(0)))
    for index in (0, 1, 1, 1):
        cache.put(run, index, run.frame(index))
    assert cache.get(run, 0) is not None


def test_that_trajectories_do_not_share_frames() -> None:
    one, other = made.trajectory(), made.trajectory()
    cache = FrameCache()
    cache.put(one, 0, one.frame(0))
    assert cache.get(other, 0) is None


def test_that_a_frame_forgotten_while_it_is_read_is_not_kept() -> None:
    run, source = slow()
    cache = FrameCache()
    thread = threading.Thread(target=cache.read, args=(run, 3))
    thread.start()
    assert source.begun.acquire(timeout=LONG)
    cache.forget(run.source, 3)  # its file has grown: the end of the last frame has come
    source.allowed.release()
    thread.join(LONG)
    assert cache.get(run, 3) is None
    source.allowed.release()
    cache.read(run, 3)
    assert cache.get(run, 3) is not None


def test_that_a_frame_before_those_forgotten_is_kept() -> None:
    run, source = slow()
    cache = FrameCache()
    thread = threading.Thread(target=cache.read, args=(run, 2))
    thread.start()
    assert source.begun.acquire(timeout=LONG)
    cache.forget(run.source, 3)
    source.allowed.release()
    thread.join(LONG)
    assert cache.get(run, 2) is not None


def test_that_frames_that_are_shown_do_not_make_room_for_each_other() -> None:
    run = made.trajectory(n_frames=3)
    cache = FrameCache(limit=1)
    cache.show([(run, 0), (run, 1)])
    for index in (0, 1):
        cache.put(run, index, run.frame(index))
    assert cache.get(run, 0) is not None
    assert cache.get(run, 1) is not None
    cache.show([(run, 1)])
    assert cache.get(run, 0) is None
    cache.put(run, 2, run.frame(2))
    assert cache.get(run, 1) is not None
    assert cache.get(run, 2) is not None  # the newest stays too: it is about to be shown


# --- the reader --------------------------------------------------------------------------------


@dataclass(frozen=True)
class SlowFrames(made.FramesInMemory):
    """Reads a frame when it is allowed to, and remembers which were read."""

    allowed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    read: list[int] = field(default_factory=list)

    def frame(self, index: int) -> Frame:
        self.begun.release()
        assert self.allowed.acquire(timeout=LONG)
        self.read.append(index)
        return super().frame(index)


@dataclass
class Reading:
    """A reader whose wakes can be awaited."""

    reader: FrameReader
    cache: FrameCache
    woken: threading.Semaphore

    def wish(self, run: Trajectory, index: int, ahead: tuple[int, ...] = ()) -> None:
        self.reader.wish({run.name: (run, index)}, [(run, i) for i in ahead])

    def wait(self) -> None:
        assert self.woken.acquire(timeout=LONG)


@pytest.fixture
def reading() -> Iterator[Reading]:
    woken, cache = threading.Semaphore(0), FrameCache()
    reader = FrameReader(cache, woken.release)
    yield Reading(reader, cache, woken)
    reader.close()


def slow() -> tuple[Trajectory, SlowFrames]:
    source = SlowFrames(made.made_frames())
    return Trajectory.whole("slow.xyz", source), source


def test_that_a_wish_is_read_and_tells_so(reading: Reading) -> None:
    run = made.trajectory()
    reading.wish(run, 3)
    reading.wait()
    assert reading.cache.get(run, 3) is run.frame(3)


def test_that_the_newest_wish_wins(reading: Reading) -> None:
    run, source = slow()
    reading.wish(run, 1)
    assert source.begun.acquire(timeout=LONG)  # frame 1 is being read
    for index in (2, 3, 4):
        reading.wish(run, index)
    for _ in range(2):
        source.allowed.release()
        reading.wait()
    assert source.read == [1, 4]


def test_that_in_a_drag_the_newest_frame_read_shows(reading: Reading) -> None:
    run, source = slow()
    reading.wish(run, 1)
    assert source.begun.acquire(timeout=LONG)
    reading.wish(run, 4)  # the mouse went on
    assert reading.reader.latest(run.name, run) is None
    source.allowed.release()
    reading.wait()
    found = reading.reader.latest(run.name, run)
    assert found is not None
    assert found.index == 1
    source.allowed.release()
    reading.wait()
    reading.reader.wish({}, [])  # frame 4 shows
    assert reading.reader.latest(run.name, run) is None


def test_that_a_frame_that_comes_after_the_drag_is_not_shown(reading: Reading) -> None:
    run, source = slow()
    reading.wish(run, 1)
    assert source.begun.acquire(timeout=LONG)
    reading.reader.wish({}, [])  # another frame was there at once
    reading.wish(run, 3)
    source.allowed.release()
    reading.wait()
    assert reading.reader.latest(run.name, run) is None
    source.allowed.release()
    reading.wait()


def test_that_a_smaller_limit_lets_go_of_frames() -> None:
    run = made.trajectory(n_frames=4)
    cache = FrameCache()
    for index in range(4):
        cache.put(run, index, run.frame(index))
    one = frame_bytes(run.frame(0))
    assert cache.n_bytes == 4 * one
    cache.set_limit(2 * one)
    assert cache.n_bytes == 2 * one
    assert cache.get(run, 1) is None
    assert cache.room_for(run.frame(3)) == 1


def test_that_frames_ahead_are_read_after_the_wished_one(reading: Reading) -> None:
    run, source = slow()
    source.allowed.release(3)
    reading.wish(run, 1, ahead=(2, 3))
    for _ in range(3):
        assert source.begun.acquire(timeout=LONG)
    reading.wish(run, 3)
    reading.wait()
    assert source.read == [1, 2, 3]


def test_that_a_frame_that_is_there_is_not_read_again(reading: Reading) -> None:
    run, source = slow()
    source.allowed.release()
    reading.wish(run, 1)
    reading.wait()
    reading.wish(run, 1)
    reading.wait()
    assert source.read == [1]


def test_that_a_damaged_frame_tells_why_and_the_next_is_read(reading: Reading) -> None:
    run = made.trajectory(damaged=(2,))
    reading.wish(run, 2)
    reading.wait()
    assert reading.reader.problem(run, 2) == "memory.xyz: frame 3: the atoms are cut"
    assert reading.reader.problem(run, 3) is None
    reading.wish(run, 3)
    reading.wait()
    assert reading.cache.get(run, 3) is run.frame(3)


def test_that_the_same_file_read_anew_is_tried_again(reading: Reading) -> None:
    reading.wish(made.trajectory(damaged=(2,)), 2)
    reading.wait()
    assert reading.reader.problem(made.trajectory(), 2) is None


def test_that_an_unforeseen_failure_does_not_end_the_reading(reading: Reading) -> None:
    frames = made.made_frames()
    broken = Trajectory("broken.xyz", made.FramesInMemory(frames[:1]), range(8))
    reading.wish(broken, 5)  # the source has one frame only
    reading.wait()
    assert reading.reader.problem(broken, 5)
    source = made.FramesInMemory((None,) * 8)  # type: ignore[arg-type]
    odd = Trajectory("odd.xyz", source, range(8))
    reading.wish(odd, 1)  # None is no frame
    reading.wait()
    assert reading.reader.problem(odd, 1)
    run = made.trajectory()
    reading.wish(run, 1)
    reading.wait()
    assert reading.cache.get(run, 1) is run.frame(1)


def test_that_closing_ends_the_thread() -> None:
    before = threading.enumerate()
    reader = FrameReader(FrameCache())
    run = made.trajectory()
    reader.wish({run.name: (run, 0)}, [])
    thread = next(t for t in threading.enumerate() if t.name == "frames" and t not in before)
    reader.close()
    thread.join(LONG)
    assert not thread.is_alive()


def test_that_a_library_that_leaves_does_not_end_the_reader(reading: Reading) -> None:
    class Leaving(made.FramesInMemory):
        def frame(self, index: int) -> Frame:
            if index == 0:
                raise SystemExit(2)
            return super().frame(index)

    run = Trajectory.whole("run", Leaving(made.made_frames(), "run"))
    reading.wish(run, 0)
    reading.wait()
    assert reading.reader.problem(run, 0)
    reading.wish(run, 1)
    reading.wait()
    assert reading.cache.get(run, 1) is not None
