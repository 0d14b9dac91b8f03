"""How far the edges of the correlation graph can be trusted: chance, blocks, families, one model.

Models are not independent - those of one family and training set are alike - and one failed fit can
carry an edge. Each edge is therefore asked in several ways whether it would be there without.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.pair_sums import (
    Ints,
    all_pairs,
    discovery_rates,
    drawn_again,
    p_values,
    within_groups,
    without_one,
)
from mlipviewer.analysis.methods.pairwise import pearson
from mlipviewer.analysis.methods.transforms import CHOICES, transform
from mlipviewer.analysis.models.correlation import CorrelationParams
from mlipviewer.analysis.models.correlation import run as correlate_all
from mlipviewer.analysis.models.correlation_checks_plots import (
    draw_least,
    draw_trusted,
    draw_within,
)
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Result,
    Scalar,
    param,
)
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Mask, Rows, to_mask
from mlipviewer.core.table import ErrorTable, Floats

SURE = 0.95  # share of draws in which a sure edge is there
INTERVAL = (2.5, 97.5)  # percentiles


@dataclass(frozen=True)
class CorrelationChecksParams(Params):
    metrics: tuple[str, ...] = param((), "errors to compare; all by default", names="metrics")
    category: str = param("", "compare the errors of this category", names="category")
    threshold: float = param(0.6, "an edge joins metrics with a larger r²", low=0.0, high=1.0)
    transform: str = param(
        "default",
        "default: log10, without references and failed models; authors: all rows and cells",
        choices=CHOICES,
    )
    blocks: tuple[str, ...] = param(
        (),
        "text columns that say which models go together; none: family and training set",
        names="texts",
        formula="whole blocks are drawn with replacement",
        reference="block bootstrap: Davison and Hinkley, Bootstrap Methods (1997)",
    )
    draws: int = param(1000, "how often blocks of models are drawn again", low=10, high=100_000)
    level: float = param(0.05, "false discovery rate that is accepted", low=0.0, high=1.0,
        reference="Benjamini and Hochberg, J. R. Stat. Soc. B 57, 289 (1995)",
    )  # fmt: skip
    every_pair: bool = param(False, "list all pairs, not only those that are edges")
    seed: int = param(0, "seed of the draws", low=0, high=2**31 - 1)


@dataclass(frozen=True, eq=False)
class Checks:
    """What was asked of each of k pairs of metrics (positions)."""

    pairs: Ints
    r: Floats
    n: Ints
    p: Floats
    q: Floats
    low: Floats
    high: Floats
    share: Floats
    within: Floats
    least: Floats
    model: Ints  # rows of the table


def run(inputs: Inputs, params: CorrelationChecksParams, progress: Progress) -> Result:
    """Every pair of metrics: Pearson r, its p and q, its interval, within families, less a model.

    Summary: n_edges, n_carried (edges that are none without one of the models), n_unsure (edges in
    less than 95 % of the draws), n_within (edges also within families), n_significant (pairs, of
    n_pairs, with q below the level), n_blocks, n_models, n_failed. Table `edges`, strongest first:
    a, b, r, r2, n, p (as if models were independent), q (Benjamini and Hochberg, over all pairs),
    r_low, r_high (95 %, blocks drawn again), share (of draws with r² above the threshold), r_within
    (of what is left when each family's mean is taken away), r2_without_one and without (the model
    whose absence weakens the pair most), carried. Table `carriers`: model, n_edges.
    Arrays of `correlation`, and `within`, `least` (m, m). Raises AnalysisProblem, Cancelled.
    """
    shared = ("metrics", "category", "threshold", "transform", "seed")
    known = CorrelationParams(**{name: getattr(params, name) for name in shared})
    found = correlate_all(inputs, known, progress)
    table = inputs.the_table()
    data = transform(table, found.names, params.transform)
    rows = data.rows
    if inputs.models is not None:
        rows = rows[to_mask(inputs.models, table.n_rows)[rows]]
    values = data.values[rows]
    block = _blocks(table, rows, params.blocks)
    checks = _checked(table, values, rows, block, params, progress)
    is_edge = np.asarray(np.nan_to_num(checks.r**2, nan=-1.0) > params.threshold)
    carried = is_edge & ~(checks.least > params.threshold)
    arrays = {
        "within": _matrix(checks.pairs, checks.within, len(found.names)),
        "least": _matrix(checks.pairs, checks.least, len(found.names)),
        "carried": checks.pairs[carried],
    }
    return replace(
        found,
        summary=_summary(checks, is_edge, carried, block, params, found),
        tables={
            "edges": _edge_table(table, found.names, checks, is_edge, carried, params),
            "carriers": _carrier_table(table, checks, carried),
        },
        arrays=dict(found.arrays) | arrays,
        notes=(*found.notes, *_block_note(block)),
    )


def _checked(
    table: ErrorTable,
    values: Floats,
    rows: Rows,
    block: Ints,
    params: CorrelationChecksParams,
    progress: Progress,
) -> Checks:
    pairs = all_pairs(values.shape[1])
    first, second = pairs.T
    r, common = pearson(values)
    p = p_values(r[first, second], common[first, second])
    draws = drawn_again(values, pairs, block, params.draws, params.seed, progress)
    known = np.isfinite(draws).any(axis=0)
    low, high = np.full((2, len(pairs)), np.nan)
    low[known], high[known] = np.nanpercentile(draws[:, known], INTERVAL, axis=0)
    family = np.unique([table.families[row] for row in rows], return_inverse=True)[1]
    within, _ = pearson(within_groups(values, family))
    one = without_one(values, pairs, progress)
    return Checks(
        pairs=pairs,
        r=r[first, second],
        n=common[first, second],
        p=p,
        q=discovery_rates(p),
        low=low,
        high=high,
        share=(np.nan_to_num(draws**2, nan=-1.0) > params.threshold).mean(axis=0),
        within=within[first, second],
        least=one.r2,
        model=rows[one.row].astype(np.int64),
    )


def _blocks(table: ErrorTable, rows: Rows, named: tuple[str, ...]) -> Ints:
    """(n,) the block of each row: equal text in all of the columns; each its own without any."""
    for name in named:
        if name not in table.text:
            known = ", ".join(table.text) or "none"
            raise AnalysisProblem(f"{name} is no text column; there are {known}")
    columns = named or tuple(
        name for name in table.text if name == table.family or "train" in name.lower()
    )
    if not columns:
        return np.arange(len(rows))
    labels = ["\x1f".join(table.text[name][row] for name in columns) for row in rows]
    return np.unique(labels, return_inverse=True)[1]


def _matrix(pairs: Ints, values: Floats, m: int) -> Floats:
    full = np.ones((m, m))
    full[pairs[:, 0], pairs[:, 1]] = full[pairs[:, 1], pairs[:, 0]] = values
    return full


def _summary(
    checks: Checks,
    is_edge: Mask,
    carried: Mask,
    block: Ints,
    params: CorrelationChecksParams,
    found: Result,
) -> dict[str, Scalar]:
    within = np.nan_to_num(checks.within**2, nan=-1.0) > params.threshold
    return {
        "n_edges": int(is_edge.sum()),
        "n_carried": int(carried.sum()),
        "n_unsure": int((is_edge & (checks.share < SURE)).sum()),
        "n_within": int((is_edge & within).sum()),
        "n_significant": int((np.nan_to_num(checks.q, nan=1.0) < params.level).sum()),
        "n_pairs": len(checks.pairs),
        "n_blocks": int(block.max()) + 1,
        "n_nodes": len(found.names),
        "n_isolated": found.summary["n_isolated"],
        "n_models": found.summary["n_models"],
        "n_failed": found.summary["n_failed"],
    }


def _edge_table(
    table: ErrorTable,
    names: tuple[str, ...],
    checks: Checks,
    is_edge: Mask,
    carried: Mask,
    params: CorrelationChecksParams,
) -> dict[str, list[object]]:
    shown = np.arange(len(is_edge)) if params.every_pair else np.flatnonzero(is_edge)
    shown = shown[np.argsort(-np.nan_to_num(checks.r[shown] ** 2, nan=-1.0), kind="stable")]
    numbers = {
        "r": checks.r, "r2": checks.r**2, "n": checks.n, "p": checks.p, "q": checks.q,
        "r_low": checks.low, "r_high": checks.high, "share": checks.share,
        "r_within": checks.within, "r2_without_one": checks.least,
    }  # fmt: skip
    return {
        "a": [names[i] for i in checks.pairs[shown, 0]],
        "b": [names[i] for i in checks.pairs[shown, 1]],
        **{name: values[shown].tolist() for name, values in numbers.items()},
        "without": [table.keys[row] for row in checks.model[shown]],
        "carried": carried[shown].tolist(),
    }


def _carrier_table(table: ErrorTable, checks: Checks, carried: Mask) -> dict[str, list[object]]:
    """The models without which edges vanish, those of the most edges first."""
    rows, count = np.unique(checks.model[np.flatnonzero(carried)], return_counts=True)
    order = np.argsort(-count, kind="stable")
    return {
        "model": [table.keys[row] for row in rows[order]],
        "n_edges": count[order].tolist(),
    }


def _block_note(block: Ints) -> tuple[str, ...]:
    n = int(block.max()) + 1
    if n == len(block):
        return ("models are drawn one by one: the table does not say which of them go together",)
    return () if n >= 5 else (f"only {n} blocks of models: intervals are rough",)


ANALYSIS = Analysis(
    name="correlation-checks",
    title="Correlation, checked",
    about="Which edges of the correlation graph are by chance, by family or by a single model.",
    needs=(Needs.TABLE,),
    params=CorrelationChecksParams,
    run=run,
    plots=MappingProxyType(
        {"Graph": draw_trusted, "Within families": draw_within, "Without one model": draw_least}
    ),
)
