"""Tables in the shape of the published one, written to be read."""

from __future__ import annotations

from pathlib import Path

from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table

PUBLISHED_SHAPE = """\
,Models,ModelName,SelectionType,TrainingData,vac_Ef,hex_c11,unit_a
0,DFT,Threshold,,,0.5,3.0,0.1
1,GAP,93-5,s,VacEnh,0.1,2.0,0.2
2,GAP,93-5,s,Org,0.2,1.0,0.3
3,NNP,93-5,r,VacEnh,0.3,4.0,0.4
4,NNP,7-1,r,VacEnh,0.4,0.5,0.5
"""


def read(folder: Path, text: str | bytes, name: str = "errors.csv") -> ErrorTable:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path)
