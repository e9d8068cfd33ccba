"""The processes of a school year, one file each; they meet only in `sim.model`."""
