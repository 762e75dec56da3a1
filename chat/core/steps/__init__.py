"""The steps of a turn, one module for what they share."""
