"""Builds the playground into a built site: what it shows, the editor, and Python with keraslint.

    mkdocs build --strict && python -m tools.build_playground site

needs Node with npm. What runs in the browser comes from the registries of npm and PyPI, in the versions that
playground/package-lock.json and PYTHON_PACKAGES name.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from keraslint.behaviour.releases import MEASURED
from keraslint.picture import STYLE
from keraslint.rules.base import Rule
from keraslint.rules.registry import ALL_RULES

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "playground"
PACKAGE = ROOT / "src" / "keraslint"
BROWSER = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
PYTHON_PACKAGES = {
    "keraslint.zip": ("packaging==26.3",),
    # The last LibCST without compiled parts: newer ones have no wheel for a browser. It writes the same fixes.
    "libcst.zip": ("libcst==0.3.23", "mypy_extensions==1.1.0", "typing_extensions==4.15.0", "typing_inspect==0.9.0"),
}
"""By archive, the packages in it; all of them are Python alone."""
NOT_IN_A_BROWSER = re.compile(
    r"keraslint/(?:runtime|flake8|pytest)\.py|keraslint/server/|.*/tests?/|libcst/codemod/|.*\.so$"
)


def main() -> int:
    """Build it, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, help="the folder of the built site")
    target = parser.parse_args().site / "playground" / "app"
    if shutil.which("npm") is None:
        print("error: npm is not installed", file=sys.stderr)
        return 2
    shutil.rmtree(target, ignore_errors=True)
    (target / "pyodide").mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _bundle(work / "source", target)
        for name, packages in PYTHON_PACKAGES.items():
            _pack(target / name, work / name, packages)
    return 0


def _bundle(work: Path, target: Path) -> None:
    """Install what npm has, and write the scripts, the style and Pyodide."""
    shutil.copytree(SOURCE, work, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    _run("npm", "ci", "--silent", "--no-audit", "--no-fund", cwd=work)
    esbuild = str(work / "node_modules" / ".bin" / "esbuild")
    releases = json.dumps([str(release) for release in MEASURED])
    common = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning")
    _run(
        esbuild,
        "main.js",
        *common,
        f"--define:RELEASES={releases}",
        "--loader:.py=text",
        f"--outdir={target}",
        cwd=work,
    )
    _run(esbuild, "worker.js", *common, "--external:./pyodide/*", f"--outdir={target}", cwd=work)
    examples = {rule.code: example_of(rule) for rule in ALL_RULES if in_playground(rule)}
    (target / "examples.json").write_text(json.dumps(examples), encoding="utf-8")
    style = (work / "main.css").read_text(encoding="utf-8") + "".join(_schemes())
    (target / "main.css").write_text(style, encoding="utf-8")
    for name in BROWSER:
        shutil.copyfile(work / "node_modules" / "pyodide" / name, target / "pyodide" / name)


def in_playground(rule: Rule) -> bool:
    """True if the first example of a rule is a program that the playground takes."""
    return rule.examples[0].finds and rule.examples[0].path.endswith(".py")


def example_of(rule: Rule) -> dict[str, str]:
    """What the playground shows of a rule: its first example, on the release of the example."""
    first = rule.examples[0]
    return {"code": first.code, "release": first.keras or ""}


def _schemes() -> Iterable[str]:
    """The colours of the pictures by the scheme of the site, not by that of the system."""
    light, _, dark = STYLE.partition("@media (prefers-color-scheme:dark){")
    for scheme, css in (("default", light), ("slate", dark)):
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
            yield f'[data-md-color-scheme="{scheme}"] {selector.strip()}{{{body}}}\n'


def _pack(archive: Path, work: Path, packages: Iterable[str]) -> None:
    """An archive of packages as pip installs them, the first one with keraslint; the same files give the same bytes."""
    pip = (
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-compile",
    )
    _run(*pip, "--only-binary", ":all:", "--target", str(work), *packages, cwd=ROOT)
    if archive.name == "keraslint.zip":
        shutil.copytree(PACKAGE, work / "keraslint", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copyfile(SOURCE / "check.py", work / "check.py")
    with ZipFile(archive, "w") as packed:
        for path in sorted(path for path in work.rglob("*") if path.is_file()):
            name = path.relative_to(work).as_posix()
            wanted = "LICENSE" in name.upper() if ".dist-info/" in name else not NOT_IN_A_BROWSER.match(name)
            if wanted:
                packed.writestr(ZipInfo(name), path.read_bytes(), ZIP_DEFLATED, 9)


def _run(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True)


if __name__ == "__main__":
    sys.exit(main())
