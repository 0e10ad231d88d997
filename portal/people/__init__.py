"""Staff: accounts, roles, sessions, second factors. In: what was typed at the sign-in. Out: a User, or nobody.

Tables: `users`, `user_sessions`, `user_keys` (one-time links), `attempts` (throttles of sign-in).
"""
