"""Forms that fill themselves from a conversation (書かない窓口): data, reading, checks."""
