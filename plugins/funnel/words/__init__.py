"""The theme's own words in the reader's language, and dates in words."""

from funnel.words.catalogue import ENGLISH, MONTHS, Words, WordsRefused, parse_catalogue, read_words

__all__ = ["ENGLISH", "MONTHS", "Words", "WordsRefused", "parse_catalogue", "read_words"]
