"""From the log to tables to KPIs; runs on a log read from disk."""
