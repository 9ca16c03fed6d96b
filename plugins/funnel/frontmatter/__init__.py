"""Strict documents: what may stand in content/, where each fault is, and what is withheld and why."""

from .addresses import aliases_of
from .documents import Document
from .files import Ignored
from .moments import NoDate, stand_in
from .names import slug_of
from .problems import Position, Problem, Refused
from .schema import FOLDERS, RESERVED, TYPES
from .skeleton import skeleton
from .tree import Row, Tree, read_tree
from .withholding import Withheld

__all__ = [
    "FOLDERS",
    "RESERVED",
    "TYPES",
    "Document",
    "Ignored",
    "NoDate",
    "Position",
    "Problem",
    "Refused",
    "Row",
    "Tree",
    "Withheld",
    "aliases_of",
    "read_tree",
    "skeleton",
    "slug_of",
    "stand_in",
]
