"""States of atoms over time, against sequences made by a hidden Markov chain of known shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.analysis.methods.class_paths import (
    BCC,
    CLOSE_PACKED,
    DISORDERED,
    NOWHERE,
    Passages,
    changes_of,
    ends_of,
    flicker_of,
    flows_of,
    histories,
    lasting,
    passages_of,
    stays_of,
    transition_counts,
)
from mlipviewer.analysis.methods.labels import CLASSES
from mlipviewer.analysis.methods.path_shares import Flicker, Shares, blocks_of, shares_of

LETTERS = {"d": DISORDERED, "c": CLOSE_PACKED, "b": BCC, ".": NOWHERE}


def states(*lines: str) -> np.ndarray:
    return np.array([[LETTERS[letter] for letter in line] for line in lines], np.int8)


def text(kept: np.ndarray) -> list[str]:
    names = {value: letter for letter, value in LETTERS.items()}
    return ["".join(names[int(one)] for one in line) for line in kept]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("dddcdddd", "dddddddd"),
        ("dddccddd", "dddddddd"),
        ("dddcccbbbb", "dddcccbbbb"),
        ("dddcbcbbbb", "ddddddbbbb"),
        ("ccdddd", "dddddd"),
        ("dcbdcb", "dddddd"),
        ("..dcbbbb..", "..bbbbbb.."),
        ("ddd...bbb", "ddd...bbb"),
        ("dddb", "dddd"),
        ("b.b.b", "b.b.b"),
    ],
)
def test_that_only_lasting_states_count(given_: str, expected: str) -> None:
    assert text(lasting(states(given_), 3)) == [expected]


@given(
    st.lists(st.sampled_from("dcb."), min_size=1, max_size=30),
    st.integers(min_value=1, max_value=5),
)
def test_that_what_lasts_is_a_stay_of_the_labels_and_filtering_again_changes_nothing(
    letters: list[str], persistence: int
) -> None:
    raw = states("".join(letters))
    kept = lasting(raw, persistence)
    assert ((kept == NOWHERE) == (raw == NOWHERE)).all()
    assert (lasting(kept, 1) == kept).all()
    if persistence == 1:
        assert (kept == raw).all()
    for at, new in zip(changes_of(kept).frames, changes_of(kept).new, strict=True):
        run = raw[0, at : at + persistence]
        assert (run == new).all()
        assert len(run) == persistence


def test_that_atoms_come_and_go_by_their_ids() -> None:
    bcc, hcp, other = (CLASSES.index(name) for name in ("bcc", "hcp", "other"))
    found = histories(
        [
            (np.array([7, 3]), np.array([bcc, other])),
            (np.array([3, 9, 7]), np.array([hcp, bcc, bcc])),
            (np.array([9, 3]), np.array([other, bcc])),
        ],
        3,
    )
    assert found.ids.tolist() == [3, 7, 9]
    assert text(found.states) == ["dcb", "bb.", ".bd"]


def test_that_transitions_are_counted_and_gaps_are_none() -> None:
    kept = states("ddccbb", "ddd.bb", "bbbddd")
    counts = transition_counts(changes_of(kept))
    assert counts.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]


def test_that_passages_are_the_last_ones_of_atoms_that_end_as_crystal() -> None:
    kept = states("ddccbb", "dddbbb", "dcdbbb", "dbddbb", "bbbbbb", "dddddd", "ddcccc", "dd.bbb")
    found = passages_of(kept)
    assert found.atoms.tolist() == [0, 1, 2, 3]
    assert found.direct.tolist() == [False, True, True, True]
    assert found.end.tolist() == [4, 3, 3, 4]


def test_that_flows_say_the_way() -> None:
    kept = states("ddccbb", "dddbbb", "dcdbbb", "bbbbbb", "bbddbb", "ddbbcb")
    flows, which = flows_of(kept, changes_of(kept))
    assert [text(flows[[w]])[0] for w in which] == ["dcb", "d.b", "d.b", "b.b", "bdb", "d.b"]


def test_that_stays_are_complete_where_both_ends_were_seen() -> None:
    rows, own, lengths, complete = stays_of(states("ddccbb", "..dcb."))
    assert rows.tolist() == [0, 0, 0, 1, 1, 1]
    assert own.tolist() == [0, 1, 2, 0, 1, 2]
    assert lengths.tolist() == [2, 2, 2, 1, 1, 1]
    assert complete.tolist() == [False, True, False, False, True, False]


def hidden_markov(
    n: int, share: float, flicker: float, n_frames: int = 200, seed: int = 0
) -> np.ndarray:
    """(n, n_frames) labels: true ways of which `share` have a close-packed stay of 12 to 30 frames,
    and labels of bcc atoms that are close-packed in `flicker` of the frames, one at a time."""
    rng = np.random.default_rng(seed)
    found = np.zeros((n, n_frames), np.int8)
    begin = rng.integers(20, 90, n)
    steps = np.where(rng.random(n) < share, rng.integers(12, 31, n), 0)
    t = np.arange(n_frames)
    found[t >= begin[:, None]] = CLOSE_PACKED
    found[t >= (begin + steps)[:, None]] = BCC
    fake = (found == BCC) & (rng.random(found.shape) < flicker)
    return np.where(fake, CLOSE_PACKED, found).astype(np.int8)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_that_known_shares_are_found_without_the_flicker_of_a_control(share: float) -> None:
    flicker = 0.03
    raw = hidden_markov(4000, share, flicker)
    crystal = np.where(np.random.default_rng(9).random((500, 200)) < flicker, CLOSE_PACKED, BCC)
    each = flicker_of(crystal, np.arange(500))
    assert each.mean() == pytest.approx(flicker, rel=0.05)
    every = shares_of(
        passages_of(lasting(raw, 1)), float(each.mean()), Flicker(each, np.arange(500))
    )
    assert every.n_direct + every.n_steps == pytest.approx(4000, abs=150)
    assert every.corrected == pytest.approx(share, abs=0.015)
    assert every.corrected_low - 0.01 <= share <= every.corrected_high + 0.01
    if share < 0.5:
        assert every.steps > share + 0.02  # the flicker alone would fake steps


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_that_known_shares_are_found_by_what_lasts(share: float) -> None:
    kept = lasting(hidden_markov(4000, share, 0.03), 4)
    found = shares_of(passages_of(kept), 0.0, None)
    assert found.steps == pytest.approx(share, abs=0.02)
    assert found.low <= found.steps <= found.high
    counts = transition_counts(changes_of(kept))
    assert counts[DISORDERED, BCC] == pytest.approx(4000 * (1 - share), abs=80)


def test_that_the_bootstrap_is_as_wide_as_a_binomial_and_seeded() -> None:
    kept = lasting(hidden_markov(1000, 0.3, 0.0), 3)
    one, two = (shares_of(passages_of(kept), 0.0, None) for _ in range(2))
    assert one == two
    width = (one.high - one.low) / 2
    assert width == pytest.approx(1.96 * np.sqrt(0.3 * 0.7 / 1000), rel=0.1)


def test_that_no_passages_have_no_share() -> None:
    found = shares_of(passages_of(states("dddd", "bbbb")), 0.01, None)
    assert (found.n_direct, found.n_steps) == (0, 0)
    assert np.isnan(found.steps)


def test_that_ends_are_those_of_the_stay() -> None:
    first, last = ends_of(states("..dcb.", "bbbbbb"))
    assert (first.tolist(), last.tolist()) == ([DISORDERED, BCC], [BCC, BCC])


def test_that_blocks_of_atoms_that_move_together_widen_the_interval() -> None:
    """100 neighbourhoods of 30 atoms with one way each: 3000 atoms know no more than 100 do."""
    steps = np.repeat(np.random.default_rng(3).random(100) < 0.3, 30)
    passages = Passages(np.arange(3000), np.zeros(3000, int), steps.astype(int))
    places = np.repeat(np.arange(100)[:, None] * [12.0, 0, 0], 30, axis=0) + 1.0
    blocks = blocks_of(places, 10.0)
    assert len(np.unique(blocks)) == 100

    def width(found: Shares) -> float:
        return (found.high - found.low) / 2

    p = steps.mean()
    together = shares_of(passages, 0.0, None, blocks)
    assert together.n_blocks == 100
    assert width(together) == pytest.approx(1.96 * np.sqrt(p * (1 - p) / 100), rel=0.1)
    alone = shares_of(passages, 0.0, None, blocks_of(places, 0.0))
    assert width(together) / width(alone) == pytest.approx(np.sqrt(30), rel=0.1)
    assert together.steps == alone.steps == pytest.approx(p)
