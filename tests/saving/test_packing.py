"""A session with its data in one file."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from mlipviewer.core.links import Link
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.io.room import TEMPORARY_PREFIX
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import start_panels
from mlipviewer.session.saving.packing import is_packed, pack, unpack, unpacked
from mlipviewer.session.saving.session_file import Saved, read_session, save_session
from mlipviewer.session.saving.trust import questions
from mlipviewer.session.state import Document
from tests import made


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    """Two tables of the same name in two folders, a run with a link, a folder of files."""
    for name in ("a", "b", "parts"):
        (tmp_path / name).mkdir()
    for name in ("a", "b"):
        made.write_table(tmp_path / name / "errors.csv", made.error_table(n_models=ord(name)))
    run = made.write_extxyz(tmp_path / "run.extxyz")
    made.write_extxyz(tmp_path / "parts" / "1.extxyz")
    inputs = (
        Input("errors.csv", str(tmp_path / "a" / "errors.csv"), Kind.TABLE),
        Input("errors.csv (2)", str(tmp_path / "b" / "errors.csv"), Kind.TABLE),
        Input("run.extxyz", str(run), Kind.TRAJECTORY),
        Input("parts", str(tmp_path / "parts"), Kind.TRAJECTORY),
    )
    links = (Link("m1", "trajectory", str(run)),)
    return Saved(Document(inputs=inputs, links=links, panels=start_panels()))


def test_that_a_packed_session_brings_its_data(saved: Saved, tmp_path: Path) -> None:
    path = tmp_path / "packed.mlipview"
    pack(path, saved, Progress())
    assert is_packed(path)
    there = tmp_path / "there"
    session = unpack(path, there, Progress())
    found = read_session(session)
    assert not found.problems
    assert questions(found.document, there) == ()
    for before, after in zip(saved.document.inputs, found.document.inputs, strict=True):
        one, other = Path(before.path), Path(after.path)
        assert other.is_relative_to(there)
        if one.is_dir():
            assert (other / "1.extxyz").read_bytes() == (one / "1.extxyz").read_bytes()
        else:
            assert other.read_bytes() == one.read_bytes()
    assert found.document.links[0].path == found.document.inputs[2].path


def test_that_data_are_packed_into_a_folder_that_is_an_input(saved: Saved, tmp_path: Path) -> None:
    path = tmp_path / "parts" / "packed.mlipview"
    (tmp_path / "parts" / f"{TEMPORARY_PREFIX}abcdefgh").write_bytes(b"half written")
    for _ in range(2):  # the second time it is there
        pack(path, saved, Progress())
        with zipfile.ZipFile(path) as packed:
            names = [one for one in packed.namelist() if one.startswith("data/parts/")]
        assert names == ["data/parts/1.extxyz"]


def test_that_a_file_that_grows_is_packed_as_it_was_before(saved: Saved, tmp_path: Path) -> None:
    run = tmp_path / "run.extxyz"
    before = run.read_bytes()

    class Growing(Progress):
        def step(self, done: int, total: int | None = None) -> None:
            with run.open("ab") as file:
                file.write(bytes(1000))
            super().step(done, total)

    path = tmp_path / "packed.mlipview"
    pack(path, saved, Growing())
    with zipfile.ZipFile(path) as packed:
        assert packed.read("data/run.extxyz") == before


def test_that_a_file_without_a_name_in_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "packed.mlipview"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("session.json", "{}")
        packed.writestr("NONAME", "hello")
    path.write_bytes(path.read_bytes().replace(b"NONAME", b"\0ONAME"))  # cut at a NUL
    with pytest.raises(ReadProblem, match="would leave its folder"):
        unpack(path, tmp_path / "there", Progress())


def test_that_a_stopped_packing_leaves_nothing(saved: Saved, tmp_path: Path) -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        pack(tmp_path / "packed.mlipview", saved, progress)
    assert not list(tmp_path.glob("*.mlipview*"))
    assert not list(tmp_path.glob(".mlip*"))


@pytest.mark.parametrize(
    "name", ["../evil", "/evil", "data/../../evil", "data\\..\\evil", "C:evil", "other/evil"]
)
def test_that_names_that_leave_the_folder_are_refused(
    saved: Saved, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "packed.mlipview"
    pack(path, saved, Progress())
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(name, "evil")
    with pytest.raises(ReadProblem, match="refused"):
        unpack(path, tmp_path / "there", Progress())
    assert not list(tmp_path.rglob("*evil*"))


def test_that_what_was_changed_where_it_was_unpacked_stays(saved: Saved, tmp_path: Path) -> None:
    path = tmp_path / "packed.mlipview"
    pack(path, saved, Progress())
    session, before = unpacked(path, Progress())
    assert not before
    assert session.parent.name == "packed (unpacked)"
    data = session.parent / "data" / "run.extxyz"
    data.write_text("mended")
    found = read_session(session)
    save_session(session, replace(found, document=replace(found.document, condition="a > 1")))
    assert unpacked(path, Progress()) == (session, True)
    assert data.read_text() == "mended"
    assert read_session(session).document.condition == "a > 1"
    pack(path, replace(saved, document=replace(saved.document, frame=1)), Progress())
    other, before = unpacked(path, Progress())
    assert (other.parent.name, before) == ("packed (unpacked 2)", False)
    assert data.read_text() == "mended"


def test_that_a_folder_of_others_is_not_written_to(saved: Saved, tmp_path: Path) -> None:
    path, outside = tmp_path / "packed.mlipview", tmp_path / "mine.txt"
    outside.write_text("mine")
    pack(path, saved, Progress())
    (tmp_path / "packed (unpacked)" / "data").mkdir(parents=True)
    (tmp_path / "packed (unpacked)" / "data" / "run.extxyz").symlink_to(outside)
    (tmp_path / "packed (unpacked 2)").symlink_to(tmp_path / "nowhere")
    session, _ = unpacked(path, Progress())
    assert session.parent.name == "packed (unpacked 3)"
    assert outside.read_text() == "mine"
    with pytest.raises(FileExistsError):
        unpack(path, tmp_path / "packed (unpacked)", Progress())


def test_that_a_stopped_unpacking_leaves_nothing(saved: Saved, tmp_path: Path) -> None:
    path, stopped = tmp_path / "packed.mlipview", Progress()
    pack(path, saved, Progress())
    stopped.stop()
    with pytest.raises(Cancelled):
        unpacked(path, stopped)
    assert not list(tmp_path.glob("*(unpacked*"))


@pytest.mark.parametrize("name", ["data/run.extxyz", "data/run.extxyz/more"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_that_a_name_that_comes_twice_is_refused(saved: Saved, tmp_path: Path, name: str) -> None:
    path = tmp_path / "packed.mlipview"
    pack(path, saved, Progress())
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(name, "evil")
    with pytest.raises(ReadProblem, match="twice"):
        unpack(path, tmp_path / "there", Progress())
    assert not (tmp_path / "there").exists()


def test_that_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.mlipview"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("session.json", "{}")
        with packed.open("data/zeros", "w") as file:
            for _ in range(250):
                file.write(bytes(1 << 20))
    with pytest.raises(ReadProblem, match="refused"):
        unpack(path, tmp_path / "there", Progress())


def test_that_a_damaged_zip_is_said_to_be_damaged(saved: Saved, tmp_path: Path) -> None:
    path = tmp_path / "packed.mlipview"
    pack(path, saved, Progress())
    data = path.read_bytes()
    for damaged in (data[: len(data) // 2], data[:4], data[:60] + b"\0" * 900 + data[960:]):
        path.write_bytes(damaged)
        with pytest.raises(ReadProblem):
            unpack(path, tmp_path / "there", Progress())
