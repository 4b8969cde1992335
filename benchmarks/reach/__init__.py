"""Quality against published numbers: each module measures claims of one kind, `measure(say)`."""
