"""`mlipviewer campaign script`: the job that brings one worker from a cluster's queue."""

from __future__ import annotations

import argparse
from pathlib import Path

from mlipviewer.cli.codes import DONE


def script(options: argparse.Namespace) -> int:
    """Print the job's script as `--scheduler` or the design's `[cluster]` says. Returns the exit
    code."""
    from mlipviewer.campaign.design_file import read_design
    from mlipviewer.campaign.job_queues import checked

    design = read_design(Path(options.design))
    print(checked(options.scheduler, design.cluster).script())
    return DONE
