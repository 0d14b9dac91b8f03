"""What is done with a table after it is read: errors of values, several seeds to one row. Frozen
and hashable, as parts of the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlipviewer.core.table import ErrorTable


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
