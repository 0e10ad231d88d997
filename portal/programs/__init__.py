"""Programs that take part. In: a token, a key that names a write. Out: whose program it is, what it may do.

Tables: `api_tokens`, `idempotency_keys`.
"""
