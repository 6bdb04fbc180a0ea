"""One file a page. A page reads lists from the store and, when it changes something, calls one operation."""
