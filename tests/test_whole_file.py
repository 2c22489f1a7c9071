"""A file that appears whole or not at all."""

import pytest

from setilearn.whole_file import whole_file


@pytest.mark.parametrize("before", [None, "old"])
def test_the_file_appears_when_the_block_ends(tmp_path, before):
    path = tmp_path / "hits.csv"
    if before:
        path.write_text(before)
    with whole_file(path) as part:
        part.write_text("new")
        assert part.suffix == ".csv"
        assert not before or path.read_text() == before
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("before", [None, "old"])
def test_nothing_remains_of_a_block_that_raises(tmp_path, before):
    path = tmp_path / "hits.csv"
    if before:
        path.write_text(before)

    def interrupted():
        with whole_file(path) as part:
            part.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [path.read_text() for path in tmp_path.iterdir()] == ([before] if before else [])
