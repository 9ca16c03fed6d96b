"""Slips in a configuration, and where in its YAML they stand."""

from __future__ import annotations

import yaml


class Slip(ValueError):
    """What is wrong in a configuration: the key, and which entry of its list; or the place itself, where that is known."""

    def __init__(self, what: str, key: object = "", entry: int | None = None, mark: yaml.Mark | None = None) -> None:
        super().__init__(what)
        self.key, self.entry, self.mark = key, entry, mark

    def stands(self, node: yaml.Node | None) -> tuple[int, int]:
        """The line and the column, from 1, in the document that the node is the root of."""
        mark = self.mark or _mark(self, node)
        return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _mark(slip: Slip, node: yaml.Node | None) -> yaml.Mark | None:
    found = node
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == str(slip.key) or (slip.key == "off" and key.tag.endswith(":bool")):
            within = slip.entry is not None and isinstance(value, yaml.SequenceNode)
            found = value.value[slip.entry] if within else key
    return found.start_mark if found else None


def refuse_twice(node: yaml.Node | None, seen: set[yaml.Node] | None = None) -> None:
    """Raises Slip for a key that stands twice in one table: the first would be lost, and nobody told."""
    seen = set() if seen is None else seen
    if node is None or node in seen:  # a list may hold itself, or one other many times
        return
    seen.add(node)
    inside = list(node.value) if isinstance(node, yaml.SequenceNode) else []
    if isinstance(node, yaml.MappingNode):
        known: set[str] = set()
        for key, value in node.value:
            if str(key.value) in known:
                said = f"`{key.value}` stands here twice, and the first would be lost. Make one of them."
                raise Slip(said, mark=key.start_mark)
            known.add(str(key.value))
            inside.append(value)
    for value in inside:
        refuse_twice(value, seen)
