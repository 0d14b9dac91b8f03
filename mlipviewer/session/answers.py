"""Answers to what panels ask: computed, adjusted from a near one, or the reason there is none."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Request, Result, param_defaults
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.growing import same_run
from mlipviewer.session.panels import inputs_of
from mlipviewer.session.state import Failure, State, frozen

log = logging.getLogger(__name__)

KEPT_RESULTS = 64


def at_once(state: State, request: Request) -> Result | Failure | None:
    """The answer of a quick analysis, or one adjusted from a result that is nearly the same."""
    analysis = ANALYSES[request.analysis]
    try:
        if analysis.quick:
            return answer(request, inputs_of(state, request), Progress())
        return _adjusted(state, request)
    except AnalysisProblem as problem:
        return Failure(str(problem))
    except Exception as problem:  # it fails in its panel, not while all views are being told
        log.exception("analysis %s failed", request.analysis)
        return Failure(str(problem) or type(problem).__name__)


def _adjusted(state: State, request: Request) -> Result | None:
    analysis = ANALYSES[request.analysis]
    if analysis.adjust is None:
        return None
    wanted = _coarse(request)
    for known, result in state.moment.results.items():
        alike = known.analysis == request.analysis and _coarse(known) == wanted
        if alike and isinstance(result, Result):
            return analysis.adjust(inputs_of(state, request), request.params, result)
    return None


def _coarse(request: Request) -> Request:
    """The request without what its analysis can adjust."""
    analysis = ANALYSES[request.analysis]
    usual = param_defaults(analysis.params)
    params = replace(request.params, **{name: usual[name] for name in analysis.adjustable})
    return replace(request, params=params)


def same_data(one: Inputs, other: Inputs) -> bool:
    """Whether both hold the same loaded things (models and atoms are part of a request).

    A trajectory that has grown is the same; what was found of it is to be asked again.
    """
    if one.table is not other.table or not same_run(one.trajectory, other.trajectory):
        return False
    return _same_runs(one.runs, other.runs) and _same_runs(one.beside, other.beside)


def _same_runs(some: Mapping[Any, Trajectory], others: Mapping[Any, Trajectory]) -> bool:
    same = (same_run(run, others.get(key)) for key, run in some.items())
    return len(some) == len(others) and all(same)


def answer(request: Request, inputs: Inputs, progress: Progress) -> Result | Failure:
    """Run an analysis; what the user can mend becomes a Failure with the reason."""
    try:
        return ANALYSES[request.analysis].run(inputs, request.params, progress)
    except (AnalysisProblem, ReadProblem, KeyError) as problem:
        return Failure(str(problem.args[0]) if problem.args else str(problem))


def add_results(
    state: State, new: Mapping[Request, Result | Failure], wanted: tuple[Request, ...]
) -> State:
    results = {**state.moment.results, **new}
    spare = [request for request in results if request not in wanted]
    for request in spare[: max(0, len(results) - KEPT_RESULTS)]:
        del results[request]
    return state.with_moment(results=frozen(results))
