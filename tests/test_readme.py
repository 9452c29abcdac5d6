"""The README's code runs, and its commands are the ones that CI runs."""

import re
from pathlib import Path

README = (Path(__file__).parents[1] / "README.md").read_text()


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_quick_start(pyplot, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start, search = blocks("python")
    assert len([line for line in start.splitlines() if line.strip()]) <= 10
    names = {}
    exec(compile(start, "README.md", "exec"), names)
    printed = capsys.readouterr().out
    assert printed.startswith("ImageExplanation(400x600x3 uint8")
    assert names["tree"].surrogates[0].get_depth() == 3

    n_asked, warmth = [], names["warmth"]

    def count(images):
        n_asked.append(len(images))
        return warmth(images)

    exec(compile(search, "README.md", "exec"), names | {"warmth": count})
    assert "surrogate" in capsys.readouterr().out
    # one candidate's perturbations, and each candidate's curves
    assert 256 < sum(n_asked) <= 2 + 256 + 4 * 42


def test_two_commands_of_one_line():
    commands = blocks("sh")
    assert len(commands) == 2
    for command in commands:
        assert command.count("\n") == 1
        assert command.startswith("python3 -m venv .venv && ")
