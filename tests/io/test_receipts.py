"""Receipts in figures: found again in all formats, and harmless where somebody made them up."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mlipviewer.core.plot import Axis, Line, Plot
from mlipviewer.core.problem import ReadProblem
from mlipviewer.gui.drawing import FORMATS, write_drawing
from mlipviewer.gui.figure import PlotDrawing, ensure_application
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.io import receipts
from mlipviewer.io.receipts import packet, read_receipt
from mlipviewer.session.saving.receipts import read_figure

RECEIPT = json.dumps({"figure": "é <&>", "session": "{}"})


def figure(path: Path, xmp: str) -> Path:
    ensure_application()
    x = np.linspace(0, 1, 20)
    plot = Plot(marks=(Line(x, x**2),), x=Axis("time (ps)"), title="Energy")
    write_drawing(PlotDrawing(plot, FigureLook(60, 40, 7, 100)), path, xmp)
    return path


@pytest.mark.parametrize("suffix", FORMATS)
def test_that_a_receipt_is_found_in_every_format(tmp_path: Path, suffix: str) -> None:
    xmp = packet(RECEIPT, ["errors.csv: sha256 abc"], "MLIPViewer 1")
    path = figure(tmp_path / f"a{suffix}", xmp)
    assert read_receipt(path) == RECEIPT
    assert b"errors.csv: sha256 abc" in path.read_bytes(), "people can read it"
    bare = figure(tmp_path / f"b{suffix}", "")
    with pytest.raises(ReadProblem, match="without a receipt"):
        read_receipt(bare)
    if suffix in (".png", ".tiff", ".tif"):
        with Image.open(path) as one, Image.open(bare) as other:
            assert np.array_equal(np.asarray(one), np.asarray(other))
            assert one.getxmp() or suffix == ".png"


def test_that_the_svg_is_still_xml(tmp_path: Path) -> None:
    from xml.etree import ElementTree

    path = figure(tmp_path / "a.svg", packet(RECEIPT, ["a & b <c>"], "M"))
    root = ElementTree.parse(path).getroot()
    assert any(one.tag.endswith("metadata") for one in root)
    assert "a & b <c>" in "".join(root.itertext())


def made_up(path: Path, packed: bytes) -> Path:
    path.write_bytes(b"\x89PNG\r\n\x1a\n<mlip:receipt>" + packed + b"</mlip:receipt>")
    return path


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        (lambda: b"!!", "without a receipt"),
        (lambda: b"AAAA", "damaged"),
        (lambda: base64.b64encode(zlib.compress(b"\xff\xfe")), "damaged"),
        (lambda: base64.b64encode(zlib.compress(b"x" * 50_000)[:40]), "cut short"),
        (lambda: base64.b64encode(zlib.compress(b" " * 40 * 2**20)), "too large"),
        (lambda: base64.b64encode(zlib.compress(b"[" * 100_000)), "damaged"),
        (lambda: base64.b64encode(zlib.compress(b"[1]")), "without a session"),
        (lambda: base64.b64encode(zlib.compress(b'{"session": "[]"}')), "no session"),
    ],
)
def test_that_a_made_up_receipt_is_refused(
    tmp_path: Path, pack: Callable[[], bytes], said: str
) -> None:
    with pytest.raises(ReadProblem, match=said):
        read_figure(made_up(tmp_path / "a.png", pack()))


@given(st.binary(max_size=200))
def test_that_any_bytes_are_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.pdf"
    path.write_bytes(b"<mlip:receipt>" + base64.b64encode(data) + b"</mlip:receipt>")
    with pytest.raises(ReadProblem):
        read_figure(path)


def test_that_a_receipt_over_the_border_of_two_blocks_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = figure(tmp_path / "a.svg", packet(RECEIPT, [], "M"))
    for size in (7, 61, 1000):
        monkeypatch.setattr(receipts, "_BLOCK", size)
        monkeypatch.setattr(receipts, "MOST_FILE", 10**7)
        assert read_receipt(path) == RECEIPT


def test_that_what_is_too_large_leaves_no_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "MOST_PACKED", 10)
    assert packet(RECEIPT, [], "M") == ""
