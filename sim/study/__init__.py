"""Running many: what is asked for, which cells that makes, who runs them, and what is there."""
