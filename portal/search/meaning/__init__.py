"""Meaning: passages of articles as vectors. Texts and an encoder in, `vectors.npy` and nearness to a query out."""
