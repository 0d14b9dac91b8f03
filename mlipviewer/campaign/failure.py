"""Why there is no number: the reason is what stands in the table's notes instead of one."""

from __future__ import annotations


class Failed(Exception):
    """A training or a property that came to no trustworthy value; the text is one sentence."""


class DesignProblem(Exception):
    """What is wrong with a design, in one sentence that names the place in the file."""
