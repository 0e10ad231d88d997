"""Search: sections of articles in, ranked hits out.

In:  finished articles and who asks. Out: `ResultPage`, completions.
Kept in generations (`generation`): immutable folders that can be built again from git.
Whoosh is known to `schema`, `text_index`, `query` and `impacts` alone.
"""
