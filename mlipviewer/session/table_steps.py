"""What is done with a table after it is read: errors of values, several seeds to one row; and how
two tables become one. Frozen and hashable, as parts of the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlipviewer.core.table import ErrorTable
    from mlipviewer.io.tables.join import Joined
    from mlipviewer.session.state import Input


@dataclass(frozen=True)
class ErrorsOfValues:
    """Values become errors against the row `reference`."""

    reference: str
    kind: str = "absolute"

    def taken(self, table: ErrorTable) -> ErrorTable:
        """Raises AnalysisProblem."""
        from mlipviewer.analysis.methods.errors_of_values import errors_of_values

        return errors_of_values(table, self.reference, self.kind)

    def __str__(self) -> str:
        return f"{self.kind} errors against {self.reference}"


@dataclass(frozen=True)
class CombinedSeeds:
    """Several rows of a model, told apart by the text columns `by`, become one."""

    by: tuple[str, ...]
    how: str = "mean"

    def taken(self, table: ErrorTable) -> ErrorTable:
        """Raises AnalysisProblem."""
        from mlipviewer.analysis.methods.replicates import combine_replicates

        return combine_replicates(table, self.by, self.how)

    def __str__(self) -> str:
        return f"{self.how} of the rows of each {', '.join(self.by)}"


Step = ErrorsOfValues | CombinedSeeds


@dataclass(frozen=True)
class Join:
    """Two tables side by side, see io.tables.join. `same`: (name in the second, name in the first)
    of the metrics that both have, None for those that are recognised; `as_one`: these are one
    column, else two."""

    first: Input
    second: Input
    on: tuple[str, ...] = ()
    keep_unmatched: bool = False
    same: tuple[tuple[str, str], ...] | None = None
    as_one: bool = False

    def joined(self, first: ErrorTable, second: ErrorTable) -> Joined:
        """Raises JoinProblem."""
        from mlipviewer.io.tables.join import join

        same = None if self.same is None else dict(self.same)
        return join(first, second, self.on, self.keep_unmatched, None, same, self.as_one)

    def __str__(self) -> str:
        by = ", ".join(self.on) or "key"
        return f"{self.first.name} joined with {self.second.name} by {by}"
