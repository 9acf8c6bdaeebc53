"""The Meal Delivery Routing Problem benchmark (Reyes et al. 2018), on the same engine as every run."""
