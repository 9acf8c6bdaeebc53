"""What the platform does for riders: pay for an order, incentives by quarter of an hour, and rules for the night."""
