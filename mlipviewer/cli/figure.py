"""`mlipviewer figure SESSION --view NAME --out FILE`: what the window would export, without one."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from mlipviewer.cli.codes import DONE, BadInput, one_line


def figure(words: list[str]) -> int:
    """Draw a view or a composite figure of a session. Returns the exit code."""
    parser = _parser()
    given = parser.parse_args(words)
    from mlipviewer.core.problem import ReadProblem
    from mlipviewer.gui.figure_look import FigureLook, with_size

    look = None
    if given.size or given.font or given.dpi or given.transparent or given.show or given.hide:
        usual = FigureLook()
        parts = [(name, True) for name in given.show] + [(name, False) for name in given.hide]
        look = replace(
            usual,
            font=given.font or usual.font,
            dpi=given.dpi or usual.dpi,
            transparent=given.transparent,
            parts=tuple(parts),
        )
        try:
            look = with_size(look, given.size) if given.size else look
        except ValueError as problem:
            parser.error(f"--size {problem}")
        if look.problem:
            parser.error(look.problem)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    work = import_module("mlipviewer.app.figures.of_session")
    try:
        said = work.write(
            Path(given.session).absolute(),
            given.view,
            [Path(one).absolute() for one in given.out],
            look,
            given.trust,
            given.receipt,
        )
    except (ReadProblem, ValueError, OSError) as problem:
        raise BadInput(one_line(problem)) from None
    print(said)
    return DONE


def _parser() -> argparse.ArgumentParser:
    from mlipviewer.gui.figure_look import PARTS

    parser = argparse.ArgumentParser(prog="mlipviewer figure")
    given = parser.add_argument
    given("session", metavar="SESSION", help="a session, or a figure with a receipt")
    given(
        "--view",
        default="",
        metavar="NAME",
        help="a panel (pareto, atoms, table ...) or a composite figure; else the first of these",
    )
    kinds = "a .svg, .pdf, .png or .tiff file"
    given("--out", required=True, action="append", metavar="FILE", help=kinds)
    given("--size", default="", metavar="WxH", help="in mm, e.g. 85x64, or 1920x1080px")
    given("--font", type=float, default=0.0, metavar="PT", help="size of text in points")
    given("--dpi", type=int, default=0, metavar="N", help="dots per inch of pictures")
    given("--transparent", action="store_true", help="without a background")
    for name, what in (("--show", "with"), ("--hide", "without")):
        given(name, action="append", default=[], choices=PARTS, help=f"{what} this part")
    given("--no-receipt", dest="receipt", action="store_false", help="nothing about the inputs")
    given("--trust", action="store_true", help="let it open what it names anywhere")
    return parser
