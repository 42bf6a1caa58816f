"""`python -m cmp_tui.cli` is `cmp-tui`."""

from cmp_tui.cli.main import main

if __name__ == "__main__":
    main()
