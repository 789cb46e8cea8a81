"""The help desk: settings, the answer path, conversations, HTTP routes, command line."""
