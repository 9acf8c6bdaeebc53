"""The gate: whether a candidate may replace the baseline, decided on the same cities in the same job."""
