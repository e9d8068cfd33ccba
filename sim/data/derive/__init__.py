"""The table of areas, made anew from official statistics that are no part of the project."""
