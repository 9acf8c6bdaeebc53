"""What the platform agrees with merchants overnight, and whom it asks for an errand."""
