"""The pictures of front scores: bars by family, and the shares of subsets that each family wins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Bars, Plot, Space

BETTER = {
    "hv": "lowest",
    "igd": "lowest",
    "hypervolume": "highest",
    "hv_equal_n": "lowest",
    "igd_equal_n": "lowest",
}
"""The scores that families are ranked by, and which end is the better one."""

TITLES = {
    "hv": "HV (log₁₀, lower is better)",
    "igd": "IGD (log₁₀, lower is better)",
    "hypervolume": "hypervolume (log₁₀, higher is better)",
    "hv_equal_n": "HV at equal n (log₁₀, lower is better)",
    "igd_equal_n": "IGD at equal n (log₁₀, lower is better)",
}
ERRORS = {
    "hv": "hv_error",
    "hypervolume": "hypervolume_error",
    "hv_equal_n": "hv_equal_n_std",
    "igd_equal_n": "igd_equal_n_std",
}
LONGEST = 32  # characters of a name beside an axis
MOST_GROUPS = 12  # subsets that have bars of their own; of more, medians are drawn
WIDE = 50.0  # largest / smallest value from which on the axis is logarithmic


def draw_scores(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """One score: a bar for each family and subset; with many subsets, medians by their size.

    The subset of all metrics has a plot of its own, its volumes being of another dimension.
    """
    return _drawn(params.score, result, _smaller(result))


def _smaller(result: Result) -> Array:
    """The scores of all subsets but that of all metrics, which counts only where it is alone."""
    smaller = np.array(result.tables["scores"]["n_metrics"]) < result.summary["n_metrics"]
    return smaller if smaller.any() else ~smaller


def draw_whole(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """One score of all the metrics at once: a bar for each family."""
    sizes = np.array(result.tables["scores"]["n_metrics"])
    return _drawn(params.score, result, sizes == sizes.max())


def _drawn(score: str, result: Result, shown: Array) -> Plot:
    scores = result.tables["scores"]
    values = np.where(shown, np.array(scores[score], float), np.nan)
    if not np.isfinite(values).any():
        return Plot(title="Front scores", empty="This score was not computed: ask for resamples.")
    of_row, sizes = np.array(scores["metrics"], object), np.array(scores["n_metrics"])
    labels = list(dict.fromkeys(of_row[shown]))
    if len(labels) <= MOST_GROUPS:
        groups = [(_short(name), of_row == name) for name in labels]
    else:
        n = result.summary["n_metrics"]
        groups = [(f"{k} of {n}", shown & (sizes == k)) for k in np.unique(sizes[shown]).tolist()]
    bars, ticks = _bars(result, score, values, groups)
    drawn = np.asarray(bars.end)
    is_log = bool(drawn.min() > 0 and drawn.max() > WIDE * drawn.min())
    over = "" if len(labels) <= MOST_GROUPS else " / medians with 5 to 95 % of the subsets"
    return Plot(
        title="Front scores",
        x=Axis(TITLES[score], log=is_log),
        y=Axis(ticks=ticks),
        marks=(bars,),
        status=_status(result, len(labels)) + over,
    )


def _short(names: str) -> str:
    """The metrics of a subset, or how many they are where that would be too long."""
    return names if len(names) <= LONGEST else f"{names.count('|') + 1} metrics"


def _bars(
    result: Result, score: str, values: Array, groups: list[tuple[str, Array]]
) -> tuple[Bars, tuple[tuple[float, str], ...]]:
    """Bars from the top down, subset by subset, in the order of the families."""
    of_family = np.array(result.tables["scores"]["family"], object)
    step = len(result.names) + 1
    parts: list[tuple[float, Array, int]] = []
    for number, (_, own) in enumerate(groups):
        for place, family in enumerate(result.names):
            rows = np.flatnonzero(own & (of_family == family) & np.isfinite(values))
            if len(rows):
                parts.append((-float(number * step + place), rows, place))
    end = np.array([np.median(values[rows]) for _, rows, _ in parts])
    low, high = _ends(result, score, values, [rows for _, rows, _ in parts])
    middle = (len(result.names) - 1) / 2
    ticks = tuple((-(g * step + middle), name) for g, (name, _) in enumerate(groups))
    bars = Bars(
        at=np.array([at for at, _, _ in parts]),
        end=end,
        rows=tuple(np.unique(np.concatenate(_fronts(result, rows))) for _, rows, _ in parts),
        space=Space.MODEL,
        thick=0.9,
        across=True,
        group=np.array([place for _, _, place in parts], np.int32),
        group_names=result.names,
        labels=tuple(
            f"{result.names[place]}: {value:.6g}"
            for (_, _, place), value in zip(parts, end.tolist(), strict=True)
        ),
        low=low,
        high=high,
    )
    return bars, ticks


def _ends(
    result: Result, score: str, values: Array, parts: list[Array]
) -> tuple[Array | None, Array | None]:
    """Error bars: the spread over subsets, else that of the score itself, where it has one."""
    if any(len(rows) > 1 for rows in parts):
        ends = np.array([np.percentile(values[rows], (5, 95)) for rows in parts])
        return ends[:, 0], ends[:, 1]
    if score not in ERRORS:
        return None, None
    error = np.array(result.tables["scores"][ERRORS[score]], float)
    value = np.array([values[rows[0]] for rows in parts])
    spread = np.array([error[rows[0]] or np.nan for rows in parts])  # 0 is exact: no error bar
    return value - spread, value + spread


def _fronts(result: Result, scores: Array) -> list[Array]:
    ends = result.arrays["front_end"]
    starts = np.r_[0, ends[:-1]]
    return [result.arrays["front"][starts[i] : ends[i]] for i in scores]


def draw_wins(inputs: Inputs, params: Any, result: Result) -> Plot:
    """In how many of the subsets each family is the best, and the second, by the score."""
    better, families = BETTER[params.score], result.names
    wins = result.tables["wins"]
    first = _per_cent(wins[f"{params.score}_{better}"])
    second = _per_cent(wins[f"{params.score}_second_{better}"])
    if not np.isfinite(first).all():
        return Plot(title="Wins", empty="This score was not computed: ask for resamples.")
    n_won = len(set(np.array(result.tables["scores"]["metrics"], object)[_smaller(result)]))
    at = -np.arange(len(families), dtype=float)
    of_row = np.array(inputs.the_table().families, object)
    rows = [np.flatnonzero(of_row == name).astype(np.int32) for name in families]
    if len(families) == 1:
        rows = [inputs.the_table().models.astype(np.int32)]
    label = zip(families, first.tolist(), second.tolist(), strict=True)
    bars = Bars(
        at=np.r_[at, at],
        end=np.r_[first, first + second],
        rows=tuple(rows * 2),
        space=Space.MODEL,
        base=np.r_[0.0 * first, first],
        across=True,
        group=np.repeat(np.array([0, 1], np.int32), len(families)),
        group_names=(better, f"second {better}"),
        labels=tuple(f"{n}: {a:.1f} % {better}, {b:.1f} % second" for n, a, b in label) * 2,
    )
    return Plot(
        title=f"Subsets with the {better} {params.score}",
        x=Axis("subsets (%)"),
        y=Axis(ticks=tuple(zip(at.tolist(), families, strict=True))),
        marks=(bars,),
        status=_status(result, n_won),
    )


def _status(result: Result, n_subsets: int) -> str:
    families = "family" if len(result.names) == 1 else "families"
    subsets = "subset" if n_subsets == 1 else "subsets"
    models = f"{result.summary['n_models']} models"
    return f"{len(result.names)} {families} / {n_subsets} {subsets} / {models}"


def _per_cent(shares: Sequence[Any]) -> Array:
    return 100.0 * np.array(shares, float)
