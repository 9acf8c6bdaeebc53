"""One file a figure: the data it shows, and how it is drawn."""
