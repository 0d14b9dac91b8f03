"""Files of links: paths relative to the file, and a sentence for each line that says no link."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.core.links import Link
from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.links import read_links, write_links


def written(folder: Path, text: str) -> Path:
    path = folder / "links.csv"
    path.write_text(text, "utf-8")
    return path


def test_that_paths_are_relative_to_the_file_of_links(tmp_path: Path) -> None:
    text = (
        "model,role,path\n"
        "GAP|93-5|VacEnh,trajectory,runs/a.xyz\n\n"
        '"a,b",Reference,/data/b.xyz\nc,test,sub\\c.xyz\n'
    )
    assert read_links(written(tmp_path, text)) == (
        Link("GAP|93-5|VacEnh", "trajectory", str(tmp_path / "runs/a.xyz")),
        Link("a,b", "reference", "/data/b.xyz"),
        Link("c", "test", str(tmp_path / "sub/c.xyz")),
    )


def test_that_columns_may_come_in_any_order_with_a_metric(tmp_path: Path) -> None:
    path = written(tmp_path, "path,metric,role,model\r\na.xyz,E_RMSE,test,m\r\n")
    assert read_links(path) == (Link("m", "test", str(tmp_path / "a.xyz"), "E_RMSE"),)


def test_that_a_line_with_a_metric_may_speak_of_all_models(tmp_path: Path) -> None:
    path = written(tmp_path, "model,role,path,metric\n,test,a.xyz,E_RMSE\n")
    assert read_links(path) == (Link("", "test", str(tmp_path / "a.xyz"), "E_RMSE"),)
    with pytest.raises(ReadProblem, match="line 2: the model is missing"):
        read_links(written(tmp_path, "model,role,path,metric\n,test,a.xyz,\n"))


def test_that_every_bad_line_has_its_sentence(tmp_path: Path) -> None:
    path = written(tmp_path, "model,role,path\nm,trajectory,a\n,test,b\nm,movie,c\nm,test\n")
    with pytest.raises(ReadProblem) as found:
        read_links(path)
    assert str(found.value) == (
        "links.csv: line 3: the model is missing; "
        "line 4: the role is trajectory, test, reference, not 'movie'; "
        "line 5: the path is missing"
    )


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "model,path\nm,a\n"])
def test_that_the_header_is_asked_for(tmp_path: Path, text: str) -> None:
    with pytest.raises(ReadProblem, match="header of a file of links is model,role,path"):
        read_links(written(tmp_path, text))


def test_that_many_bad_lines_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "model,role,path\n" + "m,test,\n" * 50)
    with pytest.raises(ReadProblem, match="and 40 more lines"):
        read_links(path)


def test_that_written_links_are_read_back_and_move_with_their_folder(tmp_path: Path) -> None:
    links = (
        Link("GAP|93-5|VacEnh", "trajectory", str(tmp_path / "old/runs/a b.xyz")),
        Link('a,"b"', "reference", "/data/b.xyz"),
        Link("", "test", str(tmp_path / "old/c.xyz"), "E_RMSE"),
    )
    folder = tmp_path / "old"
    folder.mkdir()
    write_links(folder / "links.csv", links)
    assert read_links(folder / "links.csv") == links
    folder.rename(tmp_path / "new")
    moved = [link.path for link in read_links(tmp_path / "new/links.csv")]
    assert moved == [
        str(tmp_path / "new/runs/a b.xyz"),
        "/data/b.xyz",
        str(tmp_path / "new/c.xyz"),
    ]


def test_that_a_link_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="blanks"):
        write_links(tmp_path / "links.csv", (Link(" m", "test", "/a.xyz"),))
    assert not (tmp_path / "links.csv").exists()
