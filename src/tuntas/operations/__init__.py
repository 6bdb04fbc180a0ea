"""The verbs people ask for. Each is one call: it knows no HTTP and no HTML, and reaches the database only through `store`."""
