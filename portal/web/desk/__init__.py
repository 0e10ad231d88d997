"""For agents, writers and leads: signing in, gaps, people."""
