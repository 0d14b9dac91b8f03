"""The same work by the workers of a scheduler: the same table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlipviewer.campaign.engines import Cluster
from mlipviewer.campaign.export import export
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.journal import Journal
from mlipviewer.campaign.runner import Run
from mlipviewer.core.progress import Progress
from tests.campaign.stage import design, existing, plan_in, run

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Two workers in processes of their own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


def test_that_two_workers_of_a_scheduler_write_the_same_table(tmp_path: Path, address: str) -> None:
    asked = design("lattice elastic", existing(4))
    far, near = plan_in(tmp_path / "far", asked), plan_in(tmp_path / "near", asked)
    engine = Cluster(address)
    with Journal(far.folder.journal) as journal:
        Run(far, journal, engine).go(Progress())
        engine.close()
        known = journal.known()
    assert len(known) == 2 * 5
    assert all(entry.good for entry in known.values())
    assert export(far, known) == export(near, run(near)) == 4
    for name in ("errors.csv", "values.csv", "notes.csv"):
        assert (tmp_path / "far" / name).read_text() == (tmp_path / "near" / name).read_text()


def test_that_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlipviewer.campaign.engines.PATIENCE", "1s")
    with pytest.raises(DesignProblem, match="no scheduler answers at"):
        Cluster("tcp://127.0.0.1:9")
