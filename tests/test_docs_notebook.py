"""docs/notebook.ipynb runs from top to bottom on the sample study."""

import json
import re
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from tests.conftest import ROOT, SampleRun

CELLS = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]


def test_every_cell_runs_and_shows_something(sample_run: SampleRun, tmp_path: Path) -> None:
    """In a kernel, beside a study at the place that the notebook names; no frame is empty."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "sample-study").symlink_to(sample_run.folder.root)
    manager, client = start_new_kernel(
        cwd=str(tmp_path / "docs"), extra_arguments=["--HistoryManager.enabled=False"]
    )
    try:
        for cell in CELLS:
            if cell["cell_type"] != "code":
                continue
            shown: list[str] = []

            def note(message: dict[str, object], shown: list[str] = shown) -> None:
                content = message["content"]
                if isinstance(content, dict) and "data" in content:
                    shown.append(str(content["data"]["text/plain"]))

            code = "".join(cell["source"])
            reply = client.execute_interactive(code, output_hook=note, timeout=120)
            assert reply["content"]["status"] == "ok", (code, reply["content"])
            assert shown, code
            assert not re.match(r"Empty DataFrame|\(0,", shown[0]), code
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
