"""Labels agree atom by atom with those of an independent program; see reference.py."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.analysis import COMPUTATIONS
from tests.analysis.frames.reference import example_frame, labels, noisy
from tests.analysis.frames.test_structure_columns import frame_of


@pytest.mark.parametrize("kind", ["bcc", "fcc", "hcp", "example"])
@pytest.mark.parametrize("method", ["cna", "ptm"])
def test_that_labels_agree_with_the_reference(method: str, kind: str) -> None:
    frame = example_frame() if kind == "example" else frame_of(noisy(kind))
    known = labels(f"{method}_{kind}")
    computation = COMPUTATIONS[method]
    found = computation.run(frame, computation.params()).columns[method]
    assert len(known) == frame.n_atoms
    assert len(np.unique(known)) > 1  # crystal and other: a hard question
    assert np.mean(found == known) >= 0.999
