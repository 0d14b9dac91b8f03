"""The design that a new campaign begins with: a text with words on what may be changed."""

from __future__ import annotations

from collections.abc import Sequence

from mlipviewer.campaign import FAMILIES
from mlipviewer.campaign.space import Choice, Dimension, Real

HEAD = """\
# A campaign: models are trained on sets of labelled structures, judged by properties, and become
# a table of errors. `mlipviewer campaign run` does it; a run that was ended goes on where it was.
format = 1
name = "{name}"
seed = 1
sampler = "sobol"       # or latin-hypercube, random
evidence = true         # keep the structures and runs behind the numbers
properties = [{properties}]

[crystal]
element = "Si"
structure = "diamond"   # or fcc, bcc
a = 5.43                # a first guess in A
repeat = 2              # cubic cells along each edge of the large cells

# What labels the structures, and what values are compared with: stillinger-weber, emt,
# lennard-jones, morse, an ASE calculator as module:Class, or a LAMMPS potential.
[reference]
calculator = "stillinger-weber"

[limits]                # of the process of each piece of work
seconds = 300.0
memory_gb = 4.0

# Sets with `file` are read: energies and forces of extxyz, or sets of forces as JSON.
[[set]]
name = "Org"
generate = ["bulk", "strained", "vacancy", "interstitial", "surface", "liquid", "phases"]
frames = 70

[[set]]
name = "VacEnh"
generate = ["bulk", "strained", "vacancy", "interstitial", "surface", "liquid", "phases"]
frames = 42
enrich = {{ vacancy = 28 }}

[[set]]
name = "test"
role = "test"
generate = ["bulk", "vacancy", "interstitial", "liquid"]
frames = 20
"""
FAMILY = """
[[family]]
name = "{name}"          # {about}
models = {models}              # for each training set: half the best by validation, half at random
candidates = {candidates}         # that are trained
ranges = {{ {ranges} }}
"""
PROPERTIES = ("lattice", "elastic", "set-errors")


def new_design(name: str, families: Sequence[str], models: int) -> str:
    """The text of a design for these families."""
    quoted = ", ".join(f'"{one}"' for one in PROPERTIES)
    parts = [HEAD.format(name=name, properties=quoted)]
    for one in families:
        family = FAMILIES[one]
        ranges = ", ".join(f"{key} = {_range(d)}" for key, d in family.space.items())
        filled = {"name": one, "about": family.title, "models": models, "candidates": 2 * models}
        parts.append(FAMILY.format(**filled, ranges=ranges))
    return "".join(parts)


def _range(one: Dimension) -> str:
    if isinstance(one, Choice):
        values = ", ".join(f'"{v}"' if isinstance(v, str) else repr(v) for v in one.values)
        return f"[{values}]"
    if isinstance(one, Real):
        return f"[{float(one.low)!r}, {float(one.high)!r}]"
    return f"[{one.low}, {one.high}]"
