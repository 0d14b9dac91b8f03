"""Writes the numbers of ensemble.md anew: `python docs/guide/make_ensemble.py`.

Each is what `mlipviewer run` says of the shipped table; the parts between the markers of the page
are replaced, what stands around them is not.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.cli import main as mlipviewer
from mlipviewer.io.tables.reading import read_table

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "resources" / "examples" / "silicon"
TABLE = EXAMPLE / "errors.parquet"
SETS = ("Org", "IntEnh", "VacEnh")
ENRICHED = ("RE_V_M", "RE_I_M", "RE_V_F", "RE_I_F", "vac_Ef", "tet_Ef", "spl_Ef", "test_F", "C11")
PAIRS = (
    ("RE_I_F", "RE_I_M"),
    ("RE_V_F", "RE_V_M"),
    ("RE_V_M", "RE_I_M"),
    ("bulk_F", "bulk_S"),
    ("C11", "ph_mean"),
    ("vac_Ef", "C11"),
    ("test_F", "vac_Ef"),
    ("test_E", "test_rank"),
)
Columns = Mapping[str, Sequence[Any]]


def run(name: str, *words: str) -> dict[str, Any]:
    """What an analysis of the table says, as the command writes it."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        if mlipviewer(["run", name, "--table", str(TABLE), *words, "--out", str(out)]):
            raise SystemExit(f"{name} failed")
        found: dict[str, Any] = json.loads(out.read_text("utf-8"))
        return found


def rows_of(table: Columns) -> list[dict[str, Any]]:
    return [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]


def markdown(head: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    made = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    made += [f"| {' | '.join(str(one) for one in line)} |" for line in lines]
    return "\n".join(made)


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


# -- the parts


def models() -> str:
    facts = json.loads((EXAMPLE / "facts.json").read_text("utf-8"))
    table = read_table(TABLE)
    pairs = zip(table.families, table.text["TrainingData"], strict=True)
    counts = Counter(pair for pair in pairs if pair[1])
    lines = [(one, *(counts[one, name] for name in SETS)) for one in facts["families"]]
    said = [
        f"{facts['models']} models of {facts['designed']} that the design asks for are in the "
        f"table (`facts.json`), {facts['whole_rows']} of them with all {facts['metrics']} errors; "
        f"{facts['untrained']} could not be trained. They took {facts['processor_hours']} hours "
        "of a processor.",
        "",
        markdown(("family", *SETS), lines),
    ]
    return "\n".join(said)


def passing() -> str:
    found = run("passing")
    hard = rows_of(found["tables"]["metrics"])
    hard.sort(key=lambda one: one["share"])
    families = rows_of(found["tables"]["families"])
    said = found["summary"]
    ends = [
        (one["metric"], one["category"], percent(one["share"])) for one in (*hard[:8], *hard[-5:])
    ]
    return "\n".join(
        [
            f"{said['n_passing_all']} models pass all {said['n_metrics']} thresholds; the best, "
            f"`{said['best_model']}`, passes {said['best_n_passed']}. The eight hardest errors, "
            "and the five easiest:",
            "",
            markdown(("error", "category", "models that pass"), ends),
            "",
            markdown(
                ("family", "models", "passed on average", "by the best"),
                [
                    (
                        one["family"],
                        one["n_models"],
                        f"{one['mean_passed']:.1f}",
                        one["best_n_passed"],
                    )
                    for one in families
                ],
            ),
        ]
    )


def fronts() -> str:
    found = run("front-size")
    kinds = rows_of(found["tables"]["categories"])
    said = found["summary"]
    return "\n".join(
        [
            f"With all {said['n_metrics']} errors {said['n_front']} of {said['n_models']} models "
            f"are optimal ({percent(said['share'])}); up to {said['n_useful']} errors at once "
            "fewer than 30 % are.",
            "",
            markdown(
                ("category", "errors", "optimal models", "share"),
                [
                    (one["category"], one["n_metrics"], one["n_front"], percent(one["share"]))
                    for one in kinds
                ],
            ),
        ]
    )


def tradeoff() -> str:
    lines = [
        (
            one["dimension"],
            f"{one['n_optimal_median']:.0f}",
            f"{one['n_optimal_expected']:.0f}",
            f"{one['equivalent_r']:.2f}",
        )
        for one in rows_of(run("tradeoff")["tables"]["medians"])
    ]
    return markdown(
        ("errors", "optimal models (median)", "of independent errors", "as if correlated with r ="),
        lines,
    )


def scores() -> str:
    lines = []
    for category in ("defects", "elastic", "rare events"):
        wins = rows_of(run("indicators", "--category", category)["tables"]["wins"])
        wins.sort(key=lambda one: -one["hv_equal_n_lowest"])
        lines += [
            (
                category,
                one["family"],
                percent(one["hv_lowest"]),
                percent(one["hv_equal_n_lowest"]),
            )
            for one in wins[:3]
        ]
    head = ("errors", "family", "pairs won", "pairs won, samples of equal size")
    return markdown(head, lines)


def clusters() -> str:
    lines = []
    for category in ("defects", "elastic"):
        found = run("clusters", "--category", category)["summary"]
        lines.append((category, found["n_optimal"], found["n_communities"], f"{found['ari']:.2f}"))
    return markdown(("errors", "optimal models", "communities", "adjusted Rand index"), lines)


def graph() -> str:
    found = run("correlation")
    said, edges = found["summary"], rows_of(found["tables"]["edges"])
    n = said["n_nodes"]
    groups: dict[int, list[str]] = {}
    for one in rows_of(found["tables"]["nodes"]):
        groups.setdefault(one["component"], []).append(one["metric"])
    large = sorted((one for one in groups.values() if len(one) > 1), key=len, reverse=True)
    values = correlations()
    return "\n".join(
        [
            f"{len(edges)} of {n * (n - 1) // 2} pairs have r² above 0.6 "
            f"({percent(len(edges) / (n * (n - 1) / 2))}); {said['n_isolated']} of {n} errors have "
            f"no edge, {said['n_components']} components, of which these have more than one:",
            "",
            *(f"- {', '.join(f'`{name}`' for name in one)}" for one in large),
            "",
            markdown(
                ("pair of log errors", "r"),
                [(f"`{a}`, `{b}`", f"{values(a, b):.2f}") for a, b in PAIRS],
            ),
        ]
    )


def correlations() -> Callable[[str, str], float]:
    """r of the logarithms of two errors over all models that have both."""
    table = read_table(TABLE)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log10(table.values[table.models])

    def r(a: str, b: str) -> float:
        pair = logs[:, [table.metric_index(a), table.metric_index(b)]]
        whole = pair[np.isfinite(pair).all(axis=1)]
        return float(np.corrcoef(whole.T)[0, 1])

    return r


def representatives() -> str:
    found = run("representatives")
    said = found["summary"]
    chosen = rows_of(found["tables"]["representatives"])
    busy = [f"`{one['metric']}` ({one['n_stands_for']})" for one in chosen if one["n_stands_for"]]
    return (
        f"{said['n_representatives']} errors stand for all {said['n_nodes']}. Those that stand for "
        f"others too, and for how many: {', '.join(busy)}."
    )


def prediction() -> str:
    found = run("prediction")
    said = found["summary"]
    targets = sorted(rows_of(found["tables"]["r2"]), key=lambda one: -one["r2"])
    others = float(np.median([one["r2_other_families"] for one in targets]))
    return (
        f"R² is above 0.6 for {said['n_predicted']} of {said['n_metrics']} errors, the median is "
        f"{said['median_r2']:.2f}; of a family that was not in the fit, {others:.2f}.\n\n"
        f"Best: {named(targets[:5])}. Worst: {named(targets[-8:])}."
    )


def named(ones: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"`{one['metric']}` {one['r2']:.2f}" for one in ones)


def enriched() -> str:
    """Medians of families that have all three training sets."""
    table = read_table(TABLE)
    place = {row: table.text["TrainingData"][row] for row in table.models.tolist()}
    rows = list(place)
    counts = Counter((table.families[row], place[row]) for row in rows)
    whole = [f for f in sorted(set(table.families)) if all(counts[f, one] for one in SETS)]
    lines = []
    for metric in ENRICHED:
        values = table.values[:, table.metric_index(metric)]
        cells = []
        for name in SETS:
            of = [row for row in rows if place[row] == name and table.families[row] in whole]
            cells.append(f"{np.nanmedian(values[of]):.3g}")
        lines.append((f"`{metric}`", *cells))
    head = f"Medians of the families that were trained on all three sets ({', '.join(whole)}):"
    return f"{head}\n\n{markdown(('error', *SETS), lines)}"


def selected() -> str:
    table = read_table(TABLE)
    kinds = np.array(table.text["SelectionType"])
    lines = []
    for metric in ("test_F", "RE_I_M", "C11", "vac_Ef", "bulk_F"):
        values = table.values[:, table.metric_index(metric)]
        cells = [f"{np.nanmedian(values[kinds == one]):.3g}" for one in ("selected", "random")]
        lines.append((f"`{metric}`", *cells))
    return markdown(("error", "selected", "random"), lines)


PARTS: dict[str, Callable[[], str]] = {
    "models": models,
    "passing": passing,
    "fronts": fronts,
    "tradeoff": tradeoff,
    "scores": scores,
    "clusters": clusters,
    "graph": graph,
    "representatives": representatives,
    "prediction": prediction,
    "enriched": enriched,
    "selected": selected,
}


def main(page: Path) -> int:
    text = page.read_text("utf-8")
    for name, made in PARTS.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        if begin not in text:
            raise SystemExit(f"{page.name} has no part {name}")
        print(name, file=sys.stderr, flush=True)
        part = f"{begin}\n\n{made()}\n\n{end}"
        text = re.sub(f"{begin}.*?{end}", lambda _m, part=part: part, text, flags=re.S)
    page.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(HERE / "ensemble.md"))
