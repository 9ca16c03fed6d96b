"""`python -m funnel.guard`: the guard by itself, on any folder of any generator."""

from funnel.guard.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
