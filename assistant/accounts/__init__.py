"""Accounts of the city's staff: who may do what, and who is signed in."""
