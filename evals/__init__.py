"""Retrieval, answers and load, measured."""
