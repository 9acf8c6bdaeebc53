"""Learning to dispatch: a Gymnasium environment, and the training of the ``learned`` policy."""
