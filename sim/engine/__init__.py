"""The only user of SimPy: the life of an order, a kitchen and a rider, and the dispatch wave."""
