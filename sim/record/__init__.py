"""The record of a run: what is summed, year by year. It reads the nation and writes nothing."""
