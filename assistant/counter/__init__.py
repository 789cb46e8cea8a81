"""The counter tablet: one conversation between a resident and staff, kept in memory only."""
