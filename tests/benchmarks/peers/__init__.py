"""The others, each written the way its own documentation recommends; and the bare clients that show what is possible."""
