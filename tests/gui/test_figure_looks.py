"""Figures have the size on paper, the text and the dots that were asked for."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mlipviewer.cli import main
from mlipviewer.core.plot import Axis, Line, Plot
from mlipviewer.gui.figure import save_plot
from mlipviewer.gui.figure_look import PRESETS, FigureLook, with_size
from tests import made

X = np.linspace(0, 1, 30)
PLOT = Plot(marks=(Line(X, X**2),), x=Axis("time (ps)"), y=Axis("energy (eV)"), title="Energy")
LOOK = FigureLook(85, 60, 7.0, 600)


def test_that_a_vector_figure_is_as_large_as_asked(tmp_path: Path) -> None:
    save_plot(PLOT, tmp_path / "a.svg", look=LOOK)
    text = (tmp_path / "a.svg").read_text()
    size = re.search(r'width="([\d.]+)mm" height="([\d.]+)mm"', text)
    assert size is not None
    assert float(size[1]) == pytest.approx(85, abs=0.3)
    assert float(size[2]) == pytest.approx(60, abs=0.3)
    assert "<image" not in text
    assert "time (ps)" in text
    save_plot(PLOT, tmp_path / "a.pdf", look=LOOK)
    data = (tmp_path / "a.pdf").read_bytes()
    box = re.search(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)", data)
    assert box is not None
    assert float(box[1]) / 72 * 25.4 == pytest.approx(85, abs=0.3)
    assert b"/FontFile" in data, "fonts are embedded"


@pytest.mark.parametrize("points", [6.0, 7.0, 8.5, 12.0])
def test_that_text_has_its_size_exactly(tmp_path: Path, points: float) -> None:
    save_plot(PLOT, tmp_path / "a.svg", look=FigureLook(120, 90, points))
    text = (tmp_path / "a.svg").read_text()
    part = text[: text.index("time (ps)")]
    scale = float(re.findall(r'transform="matrix\(([\d.]+),0,0', part)[-1])
    pixels = float(re.findall(r'font-size="([\d.]+)"', part)[-1])
    width = re.search(r'width="([\d.]+)mm"', text)
    box = re.search(r'viewBox="0 0 ([\d.]+)', text)
    assert width is not None
    assert box is not None
    mm = pixels * scale * float(width[1]) / float(box[1])
    assert mm / 25.4 * 72 == pytest.approx(points, rel=0.02)


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_that_a_picture_has_its_dots(tmp_path: Path, suffix: str) -> None:
    save_plot(PLOT, tmp_path / f"a{suffix}", look=LOOK)
    with Image.open(tmp_path / f"a{suffix}") as image:
        assert image.size == LOOK.dots == (2008, 1417)
        assert image.info["dpi"][0] == pytest.approx(600, abs=1)
        assert image.convert("RGBA").getpixel((3, 3)) == (255, 255, 255, 255)
        drawn = np.asarray(image.convert("L"))
    assert (drawn < 128).sum() > 1000


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_that_a_transparent_picture_has_no_ground(tmp_path: Path, suffix: str) -> None:
    save_plot(PLOT, tmp_path / f"a{suffix}", look=FigureLook(transparent=True))
    with Image.open(tmp_path / f"a{suffix}") as image:
        alpha = np.asarray(image.convert("RGBA"))[..., 3]
    assert alpha[3, 3] == 0
    assert alpha.max() == 255


def test_that_presets_can_be_and_nonsense_cannot(tmp_path: Path) -> None:
    assert not any(look.problem for look in PRESETS.values())
    for look in (
        FigureLook(5, 60),
        FigureLook(font=1),
        FigureLook(dpi=5),
        FigureLook(900, 900, 9, 2400),
    ):
        assert look.problem
        with pytest.raises(ValueError, match=r"figure|Text|picture"):
            save_plot(PLOT, tmp_path / "a.png", look=look)
    assert list(tmp_path.iterdir()) == []
    assert with_size(FigureLook(), " 85 x 64.5 mm") == FigureLook(85, 64.5)
    with pytest.raises(ValueError, match="no size"):
        with_size(FigureLook(), "large")


def test_that_the_command_takes_a_look(tmp_path: Path) -> None:
    table = made.write_table(tmp_path / "errors.csv")
    out = tmp_path / "front.png"
    words = ["run", "pareto", "--table", str(table), "--metrics", "e0,e1", "--figure", str(out)]
    assert main([*words, "--figure-size", "85x64", "--dpi", "300", "--figure-font", "7"]) == 0
    with Image.open(out) as image:
        assert image.size == (1004, 756)
    with pytest.raises(SystemExit) as ended:
        main([*words, "--figure-size", "big"])
    assert ended.value.code == 2
