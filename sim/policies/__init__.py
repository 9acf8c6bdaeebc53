"""What the platform decides: one module per kind of policy, each with its Protocol and registry."""
