"""What lies at a target: a release, and the few files that its host needs beside it.

A build is the same for every host. What only a host needs (the label that tells which release is live, compressed copies,
rules for headers) is written beside the built site and laid over it when it is put in its place.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from funnel.publish.build import Built
from funnel.publish.manifest import Entry, Manifest, from_rows, make_manifest, release_id, to_json
from funnel.publish.targets.port import NotDeployed

LABEL = ".well-known/two-funnels.txt"
"""The file of a live site that says which release it is, for other machines and for the proof over HTTP.

It is no part of the release: a release is named by its content, so it cannot hold its own name.
"""

FORMAT = 1


@dataclass(frozen=True)
class Shipment:
    """A release as it lies at a target: the files of the site, and those beside it."""

    release: str
    manifest: Manifest
    beside: Manifest

    @property
    def files(self) -> Manifest:
        """Every file that the host serves for this release."""
        return {**self.manifest, **self.beside}


def label_of(release: str) -> bytes:
    """The content of the label."""
    return f"{release}\n".encode()


def release_in(label: bytes) -> str | None:
    """The release that a label names, or None where the text is no label (a host's page for what is not there)."""
    text = label[:100].decode("ascii", "replace").strip()
    return text if len(text) == 16 and set(text) <= set("0123456789abcdef") else None


def load(built: Built, extras: Mapping[str, bytes]) -> tuple[Shipment, Path]:
    """Write the label and the `extras` into a folder beside the built site; give the whole shipment and that folder.

    A file that the site itself has is the site's: an extra never replaces it.
    """
    folder = built.site.with_name(f"{built.site.name}.beside")
    if folder.exists():
        shutil.rmtree(folder)
    for name, content in {LABEL: label_of(built.record.release), **extras}.items():
        if name not in built.record.manifest:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return Shipment(built.record.release, built.record.manifest, make_manifest(folder)), folder


def differing(found: Mapping[str, str], wanted: Manifest) -> list[str]:
    """The paths at which a host's files (path to sha256) are not the wanted ones; hidden files of the host do not count."""
    strange = [path for path in found if path not in wanted and not path.startswith(".")]
    return sorted(strange + [path for path, entry in wanted.items() if found.get(path) != entry.sha256])


def shipment_text(shipment: Shipment) -> str:
    """A shipment as text: what a target remembers of each release. It holds nothing that is not on-line anyway."""
    rows = {
        "format": FORMAT,
        "release": shipment.release,
        "manifest": json.loads(to_json(shipment.manifest)),
        "beside": {path: entry.sha256 for path, entry in sorted(shipment.beside.items())},
    }
    return json.dumps(rows, ensure_ascii=False, indent=0) + "\n"


def read_shipment(text: str, where: str) -> Shipment:
    """Read `shipment_text`. Raises NotDeployed that names `where` it came from when it is damaged."""
    try:
        rows = json.loads(text)
        manifest = from_rows(rows["manifest"])
        beside = {str(path): Entry(str(digest)) for path, digest in rows["beside"].items()}
        shipment = Shipment(str(rows["release"]), manifest, beside)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _unreadable(where, str(fault)) from fault
    if rows.get("format") != FORMAT or release_id(manifest) != shipment.release:
        raise _unreadable(where, "its list of files does not fit its name")
    return shipment


def _unreadable(where: str, why: str) -> NotDeployed:
    return NotDeployed(
        f"The record of the release in {where} cannot be read ({why}). Nothing was changed.\n"
        "Bring back another release (invoke rollback --release RELEASE), or move that record away and publish again."
    )
