"""Which errors are a user's to mend."""

from __future__ import annotations

from sim.engine.referee import PolicyError

EXPECTED = (PolicyError, ValueError, OSError)
"""Errors whose text says what to do; anything else is a fault of ours and keeps its traceback."""
