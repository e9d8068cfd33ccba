"""Studies of the model itself: does it look like England, and does it hold still."""
