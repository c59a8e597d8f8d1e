"""Times flake8 on files without a candidate, and the part of keraslint's plugin in that.

    python benchmarks/flake8_plugin.py [RUNS]

Needs flake8 7 and keraslint in one environment. Runs flake8's own file checker in this process with the plugin and
without it in turn, and prints the median of the time that each file takes. The last line is a whole run of the
command on an empty file, where starting is all there is to do.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path

from flake8.checker import FileChecker
from flake8.options.parse_args import parse_args
from flake8.plugins.finder import Checkers

HEAD = '"""A module without a model."""\n\nimport re\n\nPATTERN = re.compile(r"\\d+")\n\n\n'
FUNCTION = '''\
def measure_{n}(values, rows):
    """Return the sum of the rows of a table."""
    total = {{}}
    for row in rows:
        found = PATTERN.match(row) or re.compile("x{n}").match(row)
        total[row] = sum(value * 2 for value in values if value != found)
    return total


'''
JOB = '''\
class Job:
    """Compiles something that is no model."""

    def start(self, tool):
        """Run the tool."""
        return tool.compile(self.name)


'''
FILES = {
    "small": HEAD + FUNCTION.format(n=0),
    "large": HEAD + "".join(FUNCTION.format(n=n) for n in range(150)),
    "large, with a compile method": HEAD + "".join(FUNCTION.format(n=n) for n in range(150)) + JOB,
}


def main() -> None:
    """Print the figures."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    plugins, options = parse_args(["--select=E,F,W,KER"])
    loaded = plugins.checkers
    own = [plugin for plugin in loaded.tree if plugin.entry_name in ("F", "C90")]
    ours = [plugin for plugin in loaded.tree if plugin.entry_name == "KER"]
    assert ours, "keraslint is not installed with flake8"
    without, loaded = loaded._replace(tree=own), loaded._replace(tree=[*own, *ours])
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            path = Path(folder, "module.py")
            path.write_text(text.rstrip() + "\n", encoding="utf-8")
            pairs = [(_check(path, loaded, options), _check(path, without, options)) for _ in range(runs)]
            _say(f"{name} ({len(text.splitlines())} rows)", pairs)
        path.write_text("", encoding="utf-8")
        _say("start, on an empty file", [(_start(path, ""), _start(path, "keraslint")) for _ in range(runs)])


def _check(path: Path, plugins: Checkers, options: Namespace) -> float:
    start = time.process_time()
    FileChecker(filename=str(path), plugins=plugins, options=options).run_checks()
    return time.process_time() - start


def _start(path: Path, hidden: str) -> float:
    """Run the command in an environment without the package ``hidden``."""
    program = (
        "import importlib.metadata as m, sys\n"
        "all_of = m.distributions\n"
        f"m.distributions = lambda **k: [d for d in all_of(**k) if d.metadata['Name'] != {hidden!r}]\n"
        f"from flake8.main.cli import main\nsys.exit(main([{str(path)!r}]))\n"
    )
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter() - start


def _say(what: str, pairs: list[tuple[float, float]]) -> None:
    with_it, without = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"{what}: flake8 alone {without * 1000:.1f} ms, the plugin {(with_it / without - 1) * 100:+.1f} %")


if __name__ == "__main__":
    main()
