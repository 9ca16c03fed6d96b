#!/usr/bin/env python3
"""Make the environment once, then run a task in it: `python3 bootstrap.py publish`.

Needs Python 3.11 or later and nothing else. Works from any folder; needs the network only for the first run.
"""

from __future__ import annotations

import os
import signal
import sys


def end(_number: int, _frame: object) -> None:
    os.write(2, b"\nEnded.\n")
    os._exit(130)


if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
    signal.signal(signal.SIGINT, end)  # before all else is read, so that Ctrl-C never shows Python's own report

import hashlib
import shutil
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        return refuse(f"This needs Python 3.11 or later; {sys.executable} is {sys.version.split()[0]}.")
    requirements = ROOT / ("requirements-test.txt" if arguments[:1] in (["test"], ["lint"]) else "requirements.txt")
    if not installed(requirements):
        print(
            f"Making the environment in {VENV.name}/ (once; this takes up to a minute) ...", file=sys.stderr, flush=True
        )
        if fault := make_environment() or install(requirements):
            return refuse(fault)
    environ = {
        key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    }
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    environ["PYTHONPYCACHEPREFIX"] = str(
        VENV / "compiled"
    )  # compiled once, beside the packages and not in your folders
    environ["PATH"] = f"{BIN}{os.pathsep}{environ.get('PATH', os.defpath)}"
    return work(
        [str(PYTHON), "-m", "funnel.publish.early", "--search-root", str(ROOT), *(arguments or ["--list"])], environ
    )


def work(command: list[str], environ: dict[str, str]) -> int:
    """Run a task and give its exit code. Ctrl-C reaches the task as well: it says the last word, and we wait for it."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda _number, _frame: None)
    code = subprocess.run(command, env=environ, check=False).returncode
    if code == -signal.SIGINT:
        os.write(2, b"\nEnded.\n")
    return 128 - code if code < 0 else code


def refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


def stamp(requirements: Path) -> Path:
    """The file that says: exactly these requirements are installed."""
    digest = hashlib.sha256(requirements.read_bytes() + str(ROOT).encode()).hexdigest()[:16]
    return VENV / f"installed-{requirements.stem}-{digest}"


def installed(requirements: Path) -> bool:
    with_tests = stamp(ROOT / "requirements-test.txt")  # it holds all that requirements.txt holds
    return PYTHON.exists() and (stamp(requirements).exists() or with_tests.exists())


def make_environment() -> str:
    """Make an empty environment; give what is wrong, or the empty string."""
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.EnvBuilder(symlinks=os.name != "nt", with_pip=not shutil.which("uv")).create(VENV)
    except (subprocess.CalledProcessError, OSError) as fault:
        shutil.rmtree(VENV, ignore_errors=True)
        return (
            f"Python cannot make an environment here ({fault.__class__.__name__}).\n"
            "On Debian or Ubuntu:  sudo apt install python3-venv   then the same command again."
        )
    return ""


def install(requirements: Path) -> str:
    """Install the locked packages, each checked against its hash; give what is wrong, or the empty string."""
    if not (installed_by_uv(requirements) or installed_by_pip(requirements)):
        return "The packages could not be installed; what stands above says why. Is the network there? Then try again."
    for packages in VENV.glob("**/site-packages"):
        (packages / "two_funnels.pth").write_text(f"{ROOT / 'plugins'}\n", encoding="utf-8")
    stamp(requirements).touch()
    return ""


def installed_by_uv(requirements: Path) -> bool:
    """uv is quicker, where it is there and reaches the packages."""
    uv = shutil.which("uv")
    command = [
        str(uv),
        "pip",
        "install",
        "--quiet",
        "--python",
        str(PYTHON),
        "--require-hashes",
        "-r",
        str(requirements),
    ]
    return bool(uv) and run(command)


def installed_by_pip(requirements: Path) -> bool:
    ready = any(run([str(PYTHON), "-m", *words], quiet=True) for words in (["pip", "--version"], ["ensurepip"]))
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    return ready and run([*command, "-r", str(requirements)])


def run(command: list[str], *, quiet: bool = False) -> bool:
    where = subprocess.DEVNULL if quiet else sys.stderr.fileno()
    return subprocess.run(command, check=False, stdout=where, stderr=where).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
