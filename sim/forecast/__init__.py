"""Demand forecasts: pure functions of past counts, arrays in and arrays out, so that a policy may hold one."""
