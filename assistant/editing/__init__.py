"""Editing articles: forms, checks before publishing, and words about what is wrong."""
