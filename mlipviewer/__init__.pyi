from mlipviewer.api.making import campaign as campaign
from mlipviewer.api.making import convert as convert
from mlipviewer.api.making import movie as movie
from mlipviewer.api.making import write_frames as write_frames
from mlipviewer.api.making import write_table as write_table
from mlipviewer.api.reading import models as models
from mlipviewer.api.reading import read_table as read_table
from mlipviewer.api.reading import read_trajectory as read_trajectory
from mlipviewer.api.running import Found as Found
from mlipviewer.api.running import analyses as analyses
from mlipviewer.api.running import columns as columns
from mlipviewer.api.running import computations as computations
from mlipviewer.api.running import run as run
from mlipviewer.api.snapshot import snapshot as snapshot
from mlipviewer.api.viewing import Selection as Selection
from mlipviewer.api.viewing import Viewer as Viewer
from mlipviewer.api.viewing import open as open
from mlipviewer.core.analysis import AnalysisProblem as AnalysisProblem
from mlipviewer.core.problem import QueryProblem as QueryProblem
from mlipviewer.core.problem import ReadProblem as ReadProblem

__version__: str
