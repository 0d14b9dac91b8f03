"""Properties of the readers that hold for any file: round trips, orders, another reader's view.

Tests of a promised property bear its number: p1 round trip, p2 cuts, p3 growth, p4 any order and
the kept index, p5 permutation, p6 one damaged frame, p7 tables, p8 another reader, p9 kinds of
errors. Cuts and damage are in test_damage.py, growth in test_following.py, the kept index in
test_side_index.py, tables in test_table_properties.py, random damage in test_fuzz.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ase import Atoms
from ase.io import read, write
from ase.io.trajectory import Trajectory
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from trajectory_samples import frames, opened, same

from mlipviewer.io.trajectories.opening import open_trajectory

NUMBERS = st.integers(1, 118)
REALS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [-0.0, 5e-324, 1e300, -1e-300, 0.1]
)
COORDINATES = st.floats(-1e6, 1e6) | st.sampled_from([-0.0, 5e-324, 1e-300, 0.1])
CELLS = st.sampled_from(
    [
        np.diag([5.0, 6.0, 7.0]),
        np.array([[5.0, 0.0, 0.0], [1.0, 6.0, 0.0], [-0.5, 0.25, 7.0]]),
        np.array([[0.0, 3.0, 3.0], [3.0, 0.0, 3.0], [3.0, 3.0, 0.0]]),
    ]
)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12).filter(
    lambda word: not set(word) & set("\"'=\\{}[](),")
)


@st.composite
def made(draw: st.DrawFn, smallest: int = 0) -> Atoms:
    n = draw(st.integers(smallest, 6))
    atoms = Atoms(
        draw(st.lists(NUMBERS, min_size=n, max_size=n)),
        draw(arrays(float, (n, 3), elements=COORDINATES)),
        cell=draw(CELLS),
        pbc=draw(st.tuples(*[st.booleans()] * 3)),
    )
    if n:
        atoms.arrays["drift"] = draw(arrays(float, (n, 3), elements=REALS))
        atoms.arrays["kind"] = draw(arrays(np.int64, n, elements=st.integers(-(2**40), 2**40)))
    return atoms


def written(path: Path, images: list[Atoms]) -> None:
    """Extended XYZ with every digit."""
    text = ""
    for k, atoms in enumerate(images):
        lattice = " ".join(repr(float(x)) for x in atoms.cell.array.ravel())
        pbc = " ".join("FT"[int(p)] for p in atoms.pbc)
        columns = "species:S:1:pos:R:3" + (":drift:R:3:kind:I:1" if len(atoms) else "")
        text += f'{len(atoms)}\nLattice="{lattice}" pbc="{pbc}" Properties={columns} step={k}\n'
        for i, symbol in enumerate(atoms.get_chemical_symbols()):
            row = [*atoms.positions[i], *atoms.arrays["drift"][i]]
            numbers = " ".join(repr(float(x)) for x in row)
            text += f"{symbol} {numbers} {int(atoms.arrays['kind'][i])}\n"
    path.write_text(text)


@settings(max_examples=50, deadline=None)
@given(images=st.lists(made(), min_size=1, max_size=4))
def test_that_p1_extxyz_comes_back_bit_for_bit(
    images: list[Atoms], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("round") / "run.xyz"
    written(path, images)
    source = open_trajectory(path)
    assert source.n_frames == len(images)
    for atoms, frame in zip(images, frames(source), strict=True):
        assert frame.positions.tobytes() == atoms.positions.tobytes()  # -0.0 and 5e-324 too
        assert np.array_equal(frame.numbers, atoms.numbers)
        assert np.array_equal(frame.cell, atoms.cell.array)  # type: ignore[arg-type]
        assert frame.pbc == tuple(atoms.pbc)
        if len(atoms):
            assert frame.columns["drift"].tobytes() == atoms.arrays["drift"].tobytes()
            assert np.array_equal(frame.columns["kind"], atoms.arrays["kind"])


@settings(max_examples=50, deadline=None)
@given(key=WORDS.filter(lambda w: w[0].isalpha()), value=WORDS)
def test_that_p1_labels_come_back_as_they_stand(
    key: str, value: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    taken = {"lattice", "properties", "pbc", "origin", "virial", "stress"}
    if key.lower() in taken or any(c.isdigit() for c in value) or value in ("T", "F"):
        return
    content = f'1\nProperties=species:S:1:pos:R:3 {key}="{value} a"\nH 0 0 0\n'
    source = opened(tmp_path_factory.mktemp("labels"), content.encode(), "run.xyz")
    assert source.info(0)[key] == f"{value} a"


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_that_p5_the_order_of_the_rows_of_a_dump_changes_nothing(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    n = data.draw(st.integers(2, 8))
    values = data.draw(arrays(float, (n, 6), elements=st.floats(-99, 99)))
    ids = data.draw(st.lists(st.integers(1, 10**9), min_size=n, max_size=n, unique=True))
    order = data.draw(st.permutations(range(n)))
    folder = tmp_path_factory.mktemp("order")
    head = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n{}\nITEM: BOX BOUNDS pp pp pp\n"
    head += "0 5\n0 6\n0 7\nITEM: ATOMS id type x y z fx fy fz\n"
    rows = [
        f"{ids[i]} {i % 3 + 1} " + " ".join(map(repr, values[i].tolist())) + "\n" for i in range(n)
    ]
    one, other = (
        opened(folder, (head.format(n) + "".join(lines)).encode(), name).frame(0)
        for name, lines in (("a", rows), ("b", [rows[i] for i in order]))
    )
    assert one.ids is not None
    assert other.ids is not None
    a, b = np.argsort(one.ids), np.argsort(other.ids)
    for left, right in (
        (one.ids, other.ids),
        (one.positions, other.positions),
        (one.columns["forces"], other.columns["forces"]),
        (one.columns["type"], other.columns["type"]),
    ):
        assert np.array_equal(left[a], right[b])


def _atoms_of(path: Path, format: str, **how: Any) -> list[Atoms]:
    with path.open("rb" if format == "traj" else "r") as file:
        found = read(file, index=":", format=format, **how)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("format", ["extxyz", "vasp-xdatcar", "traj"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_that_p8_ase_reads_the_same(
    format: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("ase") / {"vasp-xdatcar": "XDATCAR"}.get(format, f"a.{format}")
    first = data.draw(made(smallest=1))
    first.positions %= 4.0
    images = [first.copy() for _ in range(data.draw(st.integers(1, 3)))]
    for k, atoms in enumerate(images):
        del atoms.arrays["kind"]  # ASE reads integers of 32 bits only
        atoms.positions = (atoms.positions + 0.25 * k) % 4.0
    if format == "traj":
        with Trajectory(path, "w") as writer:
            for atoms in images:
                writer.write(atoms)
    elif format == "extxyz":
        write(path, images, format=format)
    else:
        write(path, [atoms[np.argsort(atoms.numbers)] for atoms in images], format=format)
    source = open_trajectory(path)
    theirs = _atoms_of(path, format)
    assert source.n_frames == len(theirs)
    for frame, atoms in zip(frames(source), theirs, strict=True):
        assert np.allclose(frame.positions, atoms.positions, rtol=1e-12, atol=1e-12)
        assert np.array_equal(frame.numbers, atoms.numbers)
        assert np.allclose(frame.cell, atoms.cell.array)  # type: ignore[arg-type]
        if format == "extxyz":
            assert np.array_equal(frame.columns["drift"], atoms.arrays["drift"])


@settings(max_examples=30, deadline=None)
@given(images=st.lists(made(), min_size=2, max_size=8), seed=st.integers(0, 2**32 - 1))
def test_that_p4_any_order_of_reading_gives_the_same(
    images: list[Atoms], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "run.xyz"
    written(path, images)
    in_turn = frames(open_trajectory(path))
    source = open_trajectory(path)
    for index in np.random.default_rng(seed).permutation(len(images)).tolist() * 2:
        assert same(source.frame(index), in_turn[index])


def test_that_every_promised_property_is_tested() -> None:
    here = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [n for n in range(1, 10) if f"def test_that_p{n}_" not in here] == []
