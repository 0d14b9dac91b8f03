"""The jobs that bring workers from the queue of a cluster: what they ask for, word by word."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mlipviewer.campaign.design_file import as_toml, design_of
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.job_queues import QUEUES, checked
from mlipviewer.cli import main
from tests.campaign.stage import design, existing

pytest.importorskip("dask_jobqueue")

DESIGN = as_toml(design("lattice", existing(1)))
WANTED = {
    "slurm": ("#SBATCH -p short", "#SBATCH --cpus-per-task=2", "#SBATCH --mem=8G", "-t 01:30:00"),
    "pbs": ("#PBS -q short", "#PBS -l select=1:ncpus=2:mem=7630MB", "#PBS -l walltime=01:30:00"),
    "lsf": ("#BSUB -q short", "#BSUB -n 2", "#BSUB -W 01:30"),
    "sge": ("#$ -q short", "#$ -l h_rt=01:30:00"),
}


def with_cluster(kind: str) -> str:
    time = "01:30" if kind == "lsf" else "01:30:00"
    return (
        f'{DESIGN}\n[cluster]\nscheduler = "{kind}"\nqueue = "short"\ncores = 2\n'
        f'memory = "8GB"\nwalltime = "{time}"\n'
    )


@pytest.mark.parametrize("kind", list(QUEUES))
def test_that_the_job_asks_for_what_the_design_says(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "some.toml"
    file.write_text(with_cluster(kind))
    assert main(["campaign", "script", str(file)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("#!")
    assert [wanted for wanted in WANTED[kind] if wanted not in said] == []
    assert f"{sys.executable} -m distributed.cli.dask_worker tcp://" in said
    assert "--nworkers 2 --nanny" in said or "--nthreads 2" in said


def test_that_the_table_comes_back_with_the_design(tmp_path: Path) -> None:
    import tomllib

    asked = design_of(tomllib.loads(with_cluster("pbs")))
    assert asked.cluster["walltime"] == "01:30:00"
    assert design_of(tomllib.loads(as_toml(asked))).cluster == asked.cluster
    queue = checked("slurm", asked.cluster)
    assert (queue.kind, queue.settings["queue"]) == ("slurm", "short")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "scheduler is one of slurm, pbs, lsf, sge"),
        ({"scheduler": "slurm", "cores": 0}, "cores is a whole number"),
    ],
)
def test_that_a_cluster_that_cannot_be_is_told(said: dict[str, object], reason: str) -> None:
    with pytest.raises(DesignProblem, match=reason):
        checked("", said)
