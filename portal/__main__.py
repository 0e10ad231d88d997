"""`python -m portal` is `portal`."""

from portal.cli.main import main

main()
