"""Links: which files belong to which model (or metric)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ROLES = ("trajectory", "test", "reference")


@dataclass(frozen=True)
class Link:
    """A file of a model: `role` is one of ROLES; `path` is absolute.

    `metric` ties the file to one metric of the model where it is the evidence for that number.
    """

    model: str
    role: str
    path: str
    metric: str = ""


def metric_links(links: Iterable[Link], metric: str, model: str) -> tuple[Link, ...]:
    """The evidence for a metric: of this model first, then files that belong to no model."""
    own = tuple(link for link in links if link.metric == metric and link.model == model)
    shared = tuple(link for link in links if link.metric == metric and not link.model)
    return own + shared


def trajectory_links(links: Iterable[Link], model: str) -> tuple[Link, ...]:
    """The runs of a model, in the order in which they were linked."""
    return tuple(link for link in links if link.model == model and link.role == "trajectory")
