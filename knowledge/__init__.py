"""Articles, importers, Japanese analysis, embeddings, search, releases, the sample city."""
