"""Areas and their ground, made anew from official statistics that are no part of the project."""
