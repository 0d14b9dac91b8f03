"""Which metrics of two tables are the same though they are named differently."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

WORDS: Mapping[str, tuple[str, ...]] = {
    "energy": ("e", "en", "ener", "energies"),
    "force": ("f", "forces", "frc"),
    "stress": ("s", "stresses", "sigma"),
    "virial": ("v", "virials"),
    "rmse": ("rms", "rmsd", "rmserror"),
    "mae": ("mean_absolute_error", "meanabserr", "mad"),
    "r2": ("rsq", "r²", "rsquared"),
    "vacancy": ("vac", "vacancies"),
    "interstitial": ("int", "interstitials"),
    "tetrahedral": ("tet", "tetra"),
    "hexagonal": ("hex", "hexa"),
    "split": ("spl", "dumbbell"),
    "supercell": ("super",),
    "formation": ("ef", "eform", "eformation"),
    "bulk": (),
    "modulus": ("mod", "moduli"),
    "bulkmodulus": ("kvrh", "kbulk", "b0", "bulkmod"),
    "shearmodulus": ("gvrh", "kshear", "shearmod"),
    "lattice": ("a", "a0", "alat", "latticeconst", "latticeconstant"),
    "validation": ("val", "valid"),
    "training": ("train",),
    "testing": ("test",),
    "atom": ("atoms", "natoms", "peratom"),
}
SAME = {other: word for word, others in WORDS.items() for other in (word, *others)}
FILLERS = frozenset({"per", "of", "the", "error", "errors", "err", "const", "constant"})
TOGETHER = (
    (re.compile(r"\be[_ ]?f(orm(ation)?)?\b", re.IGNORECASE), " formation "),
    (re.compile(r"\bformation[_ ]energy\b", re.IGNORECASE), " formation "),
    (re.compile(r"\bbulk[_ ]?mod(ulus)?\b", re.IGNORECASE), " bulkmodulus "),
    (re.compile(r"\bk[_ ](vrh|bulk)\b", re.IGNORECASE), " bulkmodulus "),
    (re.compile(r"\b(g[_ ]vrh|k[_ ]shear|shear[_ ]?modulus)\b", re.IGNORECASE), " shearmodulus "),
)
UNIT = re.compile(r"\s*[\[(][^\])]*[\])]\s*$")


def canonical(name: str) -> frozenset[str]:
    """The words that say what a metric is, whatever their order, spelling and separators."""
    text = re.sub(r"[_\-.|/:]+", " ", UNIT.sub("", name))
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    for pattern, words in TOGETHER:
        text = pattern.sub(words, text)
    found = (SAME.get(word, word) for word in re.findall(r"[^\W_]+", text.lower()))
    return frozenset(word for word in found if word not in FILLERS)


def same_metrics(
    one: Sequence[str], two: Sequence[str], told: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Name in `two` -> name in `one` of the metrics that both have.

    What is `told` wins, then equal names, then names of the same words; names whose words fit
    several are left out.
    """
    found = {b: a for b, a in (told or {}).items() if a in one and b in two}
    found |= {name: name for name in two if name in one and name not in found}
    taken = set(found.values())
    by_words = {canonical(name): name for name in one if name not in taken}
    clear_one = Counter(canonical(name) for name in one if name not in taken)
    clear_two = Counter(canonical(name) for name in two if name not in found)
    for name in two:
        words = canonical(name)
        clear = words and clear_one[words] == 1 and clear_two[words] == 1
        if name not in found and clear:
            found[name] = by_words[words]
    return {name: found[name] for name in two if name in found}
