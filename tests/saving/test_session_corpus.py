"""Bad session files, each with the behaviour demanded of it; the shared ones where they are."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.session.saving.probe import probe_session
from tests.conftest import SHARED_DATA

CORPUS = SHARED_DATA.parent / "corpus"


def like_ours(found: Any) -> Any:
    """A session of the corpus in the words of ours: its fields are only a template."""
    if not isinstance(found, dict):
        return found
    files = found.get("files")
    inputs: Any = files
    if isinstance(files, list):
        inputs = [
            {"name": Path(one["path"]).name, "path": one["path"], "role": "trajectory"}
            for one in files
        ]
    document: dict[str, Any] = {"inputs": inputs, "frame": found.get("current_frame")}
    if isinstance(inputs, list) and inputs:
        document["trajectory"] = inputs[0]["name"]
        document["selected"] = [[["atom", inputs[0]["name"]], found.get("selection")]]
    else:
        document["selected"] = found.get("selection")
    if found.get("views"):
        document["panels"] = found["views"]
    known = {"app", "schema", "files", "current_frame", "selection", "views"}
    more = {key: value for key, value in found.items() if key not in known}
    return {"app": "MLIPViewer", "format": found.get("schema"), "document": document, **more}


def session(**about: Any) -> dict[str, Any]:
    return {"schema": 1, "files": [{"path": "a.xyz"}], "current_frame": 0, "selection": [0, 1],
            "views": [], **about}  # fmt: skip


TWINS: dict[str, tuple[str, Any]] = {
    "future.json": ("99", session(schema=99, newstuff={"x": 1})),
    "missing_file.json": ("a.xyz", session(files=[{"path": "gone/a.xyz"}])),
    "dev_zero.json": ("/dev/zero", session(files=[{"path": "/dev/zero"}])),
    "url.json": ("address", session(files=[{"path": "http://127.0.0.1:9/x.csv"}])),
    "outside.json": (
        "outside",
        session(files=[{"path": "../../../../etc/passwd"}, {"path": "~/.ssh/id_rsa"}]),
    ),
    "types.json": (
        "inputs",
        session(files="a.xyz", current_frame="NaN", selection={"a": 1}, views=7),
    ),
    "frame_range.json": ("frame", session(current_frame=10**9, selection=[-1, 10**12])),
}


@pytest.mark.parametrize("name", TWINS)
def test_that_a_bad_session_is_told_of(tmp_path: Path, name: str) -> None:
    word, found = TWINS[name]
    (tmp_path / "a.xyz").write_text('1\nLattice="3 0 0 0 3 0 0 0 3"\nLi 0 0 0\n')
    path = tmp_path / name
    path.write_text(json.dumps(like_ours(found)))
    answer = probe_session(str(path))
    spoken = json.dumps(answer["problems"])
    assert answer["status"] == "partial"
    assert word in spoken
    assert name in spoken
    assert answer["seconds"] < 2


@pytest.mark.parametrize("data", [b'{"app": "MLIPViewer", "files": [{"pa', b"\x80\x04cprint\n."])
def test_that_what_is_no_session_is_an_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.json").write_bytes(data)
    answer = probe_session(str(tmp_path / "x.json"))
    assert answer["status"] == "error"
    assert "x.json" in answer["problems"][0]["message"]


def test_that_a_good_session_has_no_problems(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_text('1\nLattice="3 0 0 0 3 0 0 0 3"\nLi 0 0 0\n')
    (tmp_path / "good.json").write_text(json.dumps(like_ours(session(views=None))))
    answer = probe_session(str(tmp_path / "good.json"))
    assert answer["problems"] == []
    assert answer["status"] == "ok"
    assert answer["good_frames"] == 1


def cases() -> list[Any]:
    manifest = CORPUS / "manifest.json"
    if not manifest.is_file():
        return [pytest.param(None, marks=pytest.mark.skip(reason="no shared corpus"))]
    found = json.loads(manifest.read_text("utf-8"))
    return [pytest.param(e, id=e["file"]) for e in found if e["format"] == "session"]


@pytest.mark.parametrize("case", cases())
def test_that_a_session_of_the_corpus_is_read_as_demanded(
    case: dict[str, Any], tmp_path: Path
) -> None:
    data = (CORPUS / case["file"]).read_bytes()
    with suppress(ValueError):  # what is no JSON stays as it is
        data = json.dumps(like_ours(json.loads(data))).encode()
    path = tmp_path / Path(case["file"]).name
    path.write_bytes(data)
    opened: list[str] = []
    sys.addaudithook(lambda event, args: _note(opened, event, args))
    answer = probe_session(str(path))
    listened, opened[:] = list(opened), []
    spoken = json.dumps(answer["problems"])
    assert answer["seconds"] < case["max_seconds"]
    assert all(word in spoken for word in case["must_mention"])
    assert "Traceback" not in spoken
    assert path.name in spoken
    if case["cls"] == "error":
        assert answer["status"] in ("error", "refused", "partial")
    assert not [one for one in listened if "passwd" in one or "id_rsa" in one or "socket" in one]


def _note(opened: list[str], event: str, args: tuple[Any, ...]) -> None:
    if event in ("open", "socket.connect", "exec", "os.system", "subprocess.Popen"):
        opened.append(f"{event} {args[:1]}")
