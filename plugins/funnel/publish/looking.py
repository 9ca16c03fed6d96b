"""The tasks for whoever writes: build the site into output/, and look at it while it changes."""

from __future__ import annotations

import shutil
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Any

from invoke import Context, task

from funnel.publish import letters
from funnel.publish.build import Site, build
from funnel.publish.console import moment, plain_errors, settings_of, stop, whole
from funnel.publish.targets.choose import local_folder

DRAFT, REAL = "pelicanconf.py", "publishconf.py"
DRAFTS = {"drafts": "show drafts and documents of the future too, to look at them while you write"}
PORT = {"port": "the port on this machine"}
BROWSER = {"browser": "open it"}


def looking_tasks(site: Site) -> tuple[Any, ...]:
    """The tasks that build a site on this machine and show it."""
    makers = (_build, _clean, _rebuild, _regenerate, _serve, _reserve, _preview, _livereload)
    return tuple(make(site) for make in makers)


def _build(site: Site) -> Any:
    @task(help={**DRAFTS, "settings": "the settings file: publishconf.py builds with the address of the real site"})
    def build(c: Context, drafts: bool = False, settings: str = DRAFT) -> None:
        """Build the site into output/, with the address of this machine."""
        _built(site, c, settings, drafts=drafts)

    return build


def _clean(site: Site) -> Any:
    @task
    def clean(c: Context) -> None:
        """Remove what `build` made."""
        _cleaned(site, c)

    return clean


def _rebuild(site: Site) -> Any:
    @task
    def rebuild(c: Context) -> None:
        """`clean`, then `build`."""
        _cleaned(site, c)
        _built(site, c, DRAFT)

    return rebuild


def _regenerate(site: Site) -> Any:
    @task(help={**DRAFTS})
    def regenerate(c: Context, drafts: bool = False) -> None:
        """Build again whenever a source changes."""
        from funnel.publish.watch import rebuild_on_change

        if c.config.run.dry:
            print("Would build again at every change.")
            return
        with plain_errors():
            for words in rebuild_on_change(site, DRAFT, _output(site), "all" if drafts else ""):
                print(words, flush=True)

    return regenerate


def _serve(site: Site) -> Any:
    @task(help={**PORT, "live": "show what `publish` put on-line, not what `build` made", **BROWSER})
    def serve(c: Context, port: str = "8000", live: bool = False, browser: bool = True) -> None:
        """Show the site at http://localhost:8000/."""
        _served(site, c, port, live=live, browser=browser)

    return serve


def _reserve(site: Site) -> Any:
    @task(help={**PORT, **DRAFTS})
    def reserve(c: Context, port: str = "8000", drafts: bool = False) -> None:
        """`build`, then `serve`."""
        _built(site, c, DRAFT, drafts=drafts)
        _served(site, c, port)

    return reserve


def _preview(site: Site) -> Any:
    which = "the number of an issue, draft or not: show its page, its letter and its plain text side by side"

    @task(help={"issue": which, **PORT, **BROWSER})
    def preview(c: Context, issue: str = "", port: str = "8000", browser: bool = True) -> None:
        """Build the site into output/ as `publish` would; with --issue N, show one issue in all its faces."""
        if not issue:
            _built(site, c, REAL)
            return
        with plain_errors():
            if c.config.run.dry:
                print(f"Would show issue {issue} in all its faces.")
                return
            folder = letters.preview(site, settings_of(site), whole(issue, "--issue"), moment())
            _show(folder, port, browser=browser, page=f"preview/{issue}/")

    return preview


def _livereload(site: Site) -> Any:
    @task(help={**PORT, **BROWSER, **DRAFTS})
    def livereload(c: Context, port: str = "8000", browser: bool = True, drafts: bool = False) -> None:
        """Build at every change, and let the open page in the browser follow."""
        from funnel.publish.watch import rebuild_on_change

        if c.config.run.dry:
            print("Would build at every change and serve the site.")
            return
        with plain_errors():
            changes = rebuild_on_change(site, DRAFT, _output(site), "all" if drafts else "")
            print(next(changes), flush=True)
            threading.Thread(target=lambda: [print(words, flush=True) for words in changes], daemon=True).start()
            _show(_output(site), port, browser=browser, reload=True)

    return livereload


def _output(site: Site) -> Path:
    return site.root / "output"


def _built(site: Site, c: Context, settings: str, *, drafts: bool = False) -> None:
    with plain_errors():
        if c.config.run.dry:
            print("Would build the site into output/.")
            return
        if not (site.root / settings).is_file():
            stop(f"There is no file {settings} in {site.root}. Look at --settings.", 2)
        made = build(site, settings, _output(site), drafts="all" if drafts else "")
        if made.words:
            print(made.words)
        print(f"Built {len(made.record.manifest)} files into output/. To look at them: invoke serve")


def _cleaned(site: Site, c: Context) -> None:
    if c.config.run.dry:
        print("Would remove output/.")
        return
    for name in ("output", "output.record", "output.new", "output.record.new"):
        shutil.rmtree(site.root / name, ignore_errors=True)


def _served(site: Site, c: Context, port: str, *, live: bool = False, browser: bool = True) -> None:
    if c.config.run.dry:
        print(f"Would serve the site at http://localhost:{port}/.")
        return
    with plain_errors():
        folder = local_folder(settings_of(site), site) / "current" if live else _output(site)
        _show(folder, port, browser=browser)


def _show(folder: Path, port: str, *, browser: bool, reload: bool = False, page: str = "") -> None:
    from funnel.publish.serve import server

    with server(folder, port=whole(port, "--port"), reload=reload) as running:
        address = f"http://localhost:{running.server_address[1]}/{page}"
        print(f"Look at {address}   Ctrl-C ends.", flush=True)
        if browser and sys.stdout.isatty():
            webbrowser.open(address)
        running.serve_forever()
