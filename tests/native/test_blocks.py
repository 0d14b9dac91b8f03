"""Blocks of spheres change how quickly a picture is made, never the picture."""

import numpy as np
import pytest

from mlipviewer.native import splat
from mlipviewer.native.blocks import blocks_of
from mlipviewer.native.splat import Balls, Seen, Tints, draw_balls

RINGS = np.empty(0, np.int32)


def turned(rng: np.random.Generator) -> np.ndarray:
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return np.ascontiguousarray(rotation if np.linalg.det(rotation) > 0 else -rotation)


@pytest.mark.parametrize("inverse", [0.0, 0.02, 0.2], ids=["parallel", "perspective", "within"])
@pytest.mark.parametrize("seed", range(3))
def test_that_blocks_give_the_same_picture(
    inverse: float, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(seed)
    n = 3000
    positions = rng.normal(0, 6, (n, 3)).astype(np.float32)
    positions[:5] = np.nan
    positions[5:8, 1] = np.inf
    codes = rng.integers(0, 2, n).astype(np.uint8)
    radii = np.zeros(256, np.float32)
    radii[:2] = 0.4, 1.3
    marks = (rng.random(n) < 0.01).astype(np.uint8) * 2
    table = rng.integers(0, 255, (256, 3)).astype(np.uint8)
    colours = np.arange(n).astype(np.uint8)
    tints = Tints(colours, table, 1, 0, (9, 9, 9), (255,) * 3, (200, 0, 90), (1, 2, 3), (0, 0, 9))
    view = np.concatenate([turned(rng).ravel(), rng.normal(0, 1, 3), [inverse, 0.0]])
    seen = Seen(view, 9.0, 3.5, 160, 120)
    given = (positions, codes, radii, marks)
    expected = draw_balls(Balls(*given), tints, seen, RINGS)
    monkeypatch.setattr(splat, "WORTH_BLOCKS", 0)
    monkeypatch.setattr(splat, "WORTH_THREADS", 100)
    blocks = blocks_of(positions)
    found = draw_balls(Balls(*given, lambda: blocks), tints, seen, RINGS)
    assert (found == expected).all(axis=2).mean() > 0.9999  # equal depths may be told otherwise


def test_that_each_row_is_in_one_block_within_its_box() -> None:
    positions = np.random.default_rng(1).normal(0, 5, (1000, 3)).astype(np.float32)
    blocks = blocks_of(positions)
    assert sorted(blocks.order.tolist()) == list(range(1000))
    assert blocks.starts[0] == 0
    assert blocks.starts[-1] == 1000
    for k in range(len(blocks.boxes)):
        own = positions[blocks.order[blocks.starts[k] : blocks.starts[k + 1]]]
        assert (own >= blocks.boxes[k, :3]).all()
        assert (own <= blocks.boxes[k, 3:]).all()
    assert len(blocks_of(np.empty((0, 3), np.float32)).order) == 0
    assert len(blocks_of(np.full((4, 3), np.nan, np.float32)).order) == 4
