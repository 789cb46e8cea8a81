"""The HTTP routes of the help desk, one file for each family."""
