"""Programs that take part. In: a token, a key that names a write, a file sent ahead.

Out: whose program it is, what it may do.

Tables: `api_tokens`, `idempotency_keys`, `uploads`.
"""
