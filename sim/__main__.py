"""``python -m sim`` is ``paotui``."""

from sim.cli import main

main()
