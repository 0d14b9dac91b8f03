"""Bad and odd files, each with the behaviour demanded of it, where the shared corpus is present."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.io.probe import probe
from tests.conftest import SHARED_DATA

CORPUS = Path(os.environ.get("MLIPVIEWER_CORPUS", SHARED_DATA.parent / "corpus"))
IMPOSSIBLE = {
    "extxyz/nul_hole.xyz": "the hole swallows the count, the cell and the first row of the second"
    " frame: it cannot be shown as good, so one frame is left, not two",
}
USABLE = ("error", "refused", "partial")


def cases() -> list[Any]:
    manifest = CORPUS / "manifest.json"
    if not manifest.is_file():
        return [pytest.param(None, marks=pytest.mark.skip(reason="no shared corpus"))]
    wanted = (e for e in json.loads(manifest.read_text("utf-8")) if e["format"] != "session")
    return [
        pytest.param(e, id=e["file"])
        for e in wanted
        if not e["format"].startswith("session") and not e["special"]
    ]


@pytest.mark.parametrize("case", cases())
def test_that_a_file_of_the_corpus_is_read_as_demanded(case: dict[str, Any]) -> None:
    path = CORPUS / case["file"]
    answer = probe(str(path), case["format"])
    spoken = json.dumps(answer["problems"], ensure_ascii=False)
    assert answer["seconds"] < case["max_seconds"]
    assert answer["rss_mb"] < case["max_extra_rss_mb"]
    assert not any(word in spoken for word in ("Traceback", "object at 0x"))
    if answer["problems"]:
        assert all(word.lower() in spoken.lower() for word in case["must_mention"])
    globals()[f"judge_{case['cls']}"](case, answer, spoken)


def judge_valid(case: dict[str, Any], answer: dict[str, Any], _spoken: str) -> None:
    check, columns = case["check"], answer.get("columns", {})
    assert answer["status"] == "ok"
    assert case["good_frames"] in (None, answer["good_frames"])
    assert answer.get("natoms") == check.get("natoms", answer.get("natoms"))
    if "cell" in check:
        assert np.allclose(answer["cell"], check["cell"], atol=1e-4)
    if "volume" in check:
        assert answer["volume"] == pytest.approx(check["volume"], abs=1e-2)
    told = {key: str(answer["info"].get(key)) for key in check.get("info", {})}
    assert told == check.get("info", {})
    assert all(
        columns.get(name) == check.get(name) for name in ("system", "element") & check.keys()
    )
    assert set(check.get("has_columns", ())) <= set(columns)
    for name, value in check.get("first", {}).items():
        assert float(columns[name][0]) == pytest.approx(value, abs=1e-9)
    assert answer.get("same_position", True) or "same_position" not in check


def judge_valid_warn(case: dict[str, Any], answer: dict[str, Any], spoken: str) -> None:
    assert answer["problems"], "silent"
    assert Path(case["file"]).name in spoken


def judge_salvage(case: dict[str, Any], answer: dict[str, Any], spoken: str) -> None:
    good, wanted = answer["good_frames"], case["good_frames"]
    if case["file"] in IMPOSSIBLE:
        assert good == wanted - 1, IMPOSSIBLE[case["file"]]
    elif wanted is not None:
        assert good == wanted if case["strict"] else good >= wanted
    assert Path(case["file"]).name in spoken
    places = [p for p in answer["problems"] if p["frame"] is not None or p["line"] is not None]
    assert places, "no problem says where"


def judge_error(case: dict[str, Any], answer: dict[str, Any], spoken: str) -> None:
    assert answer["status"] in USABLE
    assert Path(case["file"]).name in spoken


judge_refuse = judge_error


def judge_inert(case: dict[str, Any], answer: dict[str, Any], _spoken: str) -> None:
    assert not answer.get("audit")


def test_that_a_hole_of_nul_bytes_is_named_by_its_byte(tmp_path: Path) -> None:
    from trajectory_samples import extxyz

    content = bytearray(extxyz(4, 8))
    content[700:1100] = bytes(400)
    (tmp_path / "hole.xyz").write_bytes(content)
    answer = probe(str(tmp_path / "hole.xyz"), "extxyz")
    assert answer["good_frames"] >= 2
    assert "NUL bytes from byte 700" in json.dumps(answer["problems"])
