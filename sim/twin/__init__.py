"""The twin: from real data to scenario values, with their error stated."""
