"""The class board: runs that visitors show each other under nicknames, on one plot."""
