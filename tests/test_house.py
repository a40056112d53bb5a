"""The house: a reader finds a module's tests by a name alone, and no import runs up."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What each test file says of itself at its head.
HEADS = {
    path.name: ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    for path in sorted((ROOT / "tests").glob("test_*.py"))
}


def _modules() -> list[str]:
    paths = (path for folder in ("crawler", "analysis") for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in paths if path.name != "__init__.py")


def _own_file(module: str) -> str:
    return "test_" + "_".join(Path(module).with_suffix("").parts[1:]) + ".py"


def test_each_module_has_a_test_file_of_its_name_or_one_whose_first_lines_name_it() -> None:
    """Else call the file as the module (test_web_urls.py), or write the module's path into its docstring."""
    unfound = [
        module
        for module in _modules()
        if _own_file(module) not in HEADS and not any(module in head for head in HEADS.values())
    ]
    assert unfound == []


def test_test_files_name_no_module_that_is_gone() -> None:
    """A path in the docstring of a test file leads somewhere."""
    named = [
        (file, path)
        for file, head in HEADS.items()
        for path in re.findall(r"(?:crawler|analysis)/[\w/]+\.py", head)
    ]
    assert [(file, path) for file, path in named if not (ROOT / path).is_file()] == []


FLOORS = (
    # A module outside all rooms stands on the ground of its part: errors, outcomes, characters, the codebook.
    # What a URL says is pure text and known to all, also to those who read captures: below the room it is in.
    ("crawler", "crawler.web.urls", "crawler.web.canonical"),
    ("crawler.lexicon", "crawler.study", "crawler.capture"),
    ("crawler.web",),
    ("crawler.extraction",),
    ("crawler.discovery",),
    ("crawler.store",),
    ("crawler.page",),
    ("crawler.crawl", "crawler.imports", "crawler.sample", "crawler.scan"),
    ("analysis",),
    ("analysis.alignment",),
    ("analysis.coding",),
    ("analysis.measuring", "analysis.review"),
    ("analysis.report", "analysis.checking"),
    ("analysis.api",),
    ("analysis.cli",),
)
"""The rooms, ground first: an import leads to the same floor or down."""

FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def _floor(module: str) -> int:
    """The floor of the innermost room that is named for a module ("crawler.web.urls")."""
    parts = module.split(".")
    whole = (".".join(parts[:size]) for size in range(len(parts), 0, -1))
    return next(FLOOR[name] for name in whole if name in FLOOR)


def _imports(path: Path) -> Iterator[str]:
    """What a module imports of the package, as paths in the repository: "analysis.api" for `gossi` itself."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        named: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # `from gossi.crawler.discovery import feeds` may name a module.
            named = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        for name in named:
            package, _, inner = name.partition(".")
            if package == "gossi":
                yield inner if inner.startswith(("crawler.", "analysis.")) else f"analysis.api.{inner}"


def test_no_import_runs_up() -> None:
    """From the ground to the commands: what lies below knows nothing of what is built on it."""
    up = [
        f"{module} imports {found}"
        for module in _modules()
        for found in _imports(ROOT / module)
        if _floor(found) > _floor(module.removesuffix(".py").replace("/", "."))
    ]
    assert up == []


def test_each_room_has_its_floor() -> None:
    """A new room is given its place among the others, in FLOORS."""
    rooms = {
        f"{part}.{folder.name}"
        for part in ("crawler", "analysis")
        for folder in (ROOT / part).iterdir()
        if (folder / "__init__.py").is_file()
    }
    assert rooms <= set(FLOOR)
