"""What visitors did, append-only. In: events from the web, redacted here before they are written. Out: events in order.

Table: `events`. Written in batches off a request's way; when the database is away, spilled to a file and read in later.
"""
