"""How people respond to what the platform does: pure functions, monotone in the uniform they are given."""
