"""Ctrl-C in the first moments of a command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "hashlib": ["bootstrap.py", "check"],
    "invoke": ["-m", "funnel.publish.early", "--list"],
    "email_validator": ["-m", "invoke", "--search-root", str(ROOT), "--list"],
}
"""What is being read when Ctrl-C comes, and the command that reads it."""


@pytest.mark.parametrize("module", COMMANDS)
def test_ctrl_c_while_the_program_is_read_ends_with_a_short_line(tmp_path: Path, module: str) -> None:
    """Nobody sees a report of Python's for having changed her mind early; the exit code is 130."""
    (tmp_path / f"{module}.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT / "plugins")])}
    done = subprocess.run(
        [sys.executable, *COMMANDS[module]], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\nEnded.\n")
