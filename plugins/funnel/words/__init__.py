"""The theme's own words in the reader's language, dates in words, and which way a language is written."""

from funnel.words.catalogue import ENGLISH, MONTHS, Words, WordsRefused, parse_catalogue, read_words
from funnel.words.direction import direction_of, is_upright

__all__ = ["ENGLISH", "MONTHS", "Words", "WordsRefused", "direction_of", "is_upright", "parse_catalogue", "read_words"]
