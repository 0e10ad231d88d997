"""API: the same answers for programs, as JSON. One module per resource."""
