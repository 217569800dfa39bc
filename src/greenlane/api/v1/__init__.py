"""Version 1 of the API: one module a resource; acts and queries are the product's own."""
