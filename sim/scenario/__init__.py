"""The assumptions of a run: the YAML schema, typed and frozen, and errors with line numbers."""
