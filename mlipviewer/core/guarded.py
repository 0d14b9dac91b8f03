"""Analyses and columns of plug-ins, made so that what they raise is a sentence in their panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np

from mlipviewer.core.analysis import Analysis, AnalysisProblem, Result
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.plot import Plot, Space
from mlipviewer.core.plugins import Kind, failed
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled
from mlipviewer.core.scenery import Scenery

OURS = (AnalysisProblem, ReadProblem, Cancelled)


def guarded_analysis(one: Analysis) -> Analysis:
    """What it finds is a Result and what it draws a Plot, or there is a sentence."""
    about = (Kind.ANALYSIS, one.name)

    def drawn(draw: Callable[..., Any]) -> Callable[..., Any]:
        safe = _guard(draw, about, Plot)

        @wraps(draw)
        def plot(*given: Any) -> Any:
            try:
                return safe(*given)
            except AnalysisProblem as problem:
                return Plot(one.title, empty=str(problem))

        return plot

    return replace(
        one,
        run=_guard(one.run, about, Result),
        plots={name: drawn(draw) for name, draw in one.plots.items()},
        adjust=None if one.adjust is None else _guard(one.adjust, about, Result),
        scenery=None if one.scenery is None else _scene(_guard(one.scenery, about, Scenery)),
    )


def guarded_computation(one: Computation) -> Computation:
    """What it finds of a frame is Computed, or there is a sentence."""
    return replace(one, run=_guard(one.run, (Kind.COMPUTATION, one.name), Computed))


def _scene(show: Callable[..., Any]) -> Callable[..., Any]:
    none, no_text = np.zeros(0, int), ()
    places, sticks, ends = np.zeros((0, 3)), np.zeros((0, 2, 3)), np.zeros((0, 2), int)
    nothing = Scenery(
        0, Space.SITE, places, none, no_text, sticks, ends, none, np.zeros(0), no_text
    )

    def shown(*given: Any) -> Any:
        try:
            return show(*given)
        except AnalysisProblem:
            return nothing

    return shown


def _guard(act: Callable[..., Any], about: tuple[Kind, str], wanted: type) -> Callable[..., Any]:
    @wraps(act)
    def safe(*given: Any) -> Any:
        try:
            found = act(*given)
        except OURS:
            raise
        except (Exception, SystemExit) as problem:  # whatever a stranger's function does
            raise AnalysisProblem(failed(*about, problem)) from problem
        if not isinstance(found, wanted):
            wrong = TypeError(f"it gives {type(found).__name__}, not {wanted.__name__}")
            raise AnalysisProblem(failed(*about, wrong))
        return found

    return safe
