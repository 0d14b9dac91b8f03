"""What an error table holds, as plain data."""

from __future__ import annotations

from typing import Any

from mlipviewer.core.table import ErrorTable, Role, RowRole


def table_facts(table: ErrorTable) -> dict[str, Any]:
    """What a table holds: rows by role, scale, key, family, categories, columns, notes."""
    special = {
        f"{role.value}s": [table.keys[row] for row in table.rows_of(role)]
        for role in (RowRole.REFERENCE, RowRole.THRESHOLD)
    }
    return {
        "name": table.name,
        "kind": "table",
        "path": table.path,
        "n_rows": table.n_rows,
        "n_models": table.n_models,
        **special,
        "n_metrics": len(table.metrics),
        "scale": table.scale.value,
        "key": [column.name for column in table.columns if column.role is Role.KEY],
        "family": table.family,
        "families": list(dict.fromkeys(table.families[row] for row in table.models)),
        "categories": {name: list(table.select_metrics(None, name)) for name in table.categories},
        "columns": [
            {
                "name": column.name,
                "role": column.role.value,
                "unit": column.unit,
                "category": column.category,
            }
            for column in table.columns
        ],
        "notes": [str(note) for note in table.notes],
    }
