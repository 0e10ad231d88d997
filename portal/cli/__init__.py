"""The command line: `portal VERB`. One module a verb; each is thin, repeatable and fit for cron.

Exit code 0: done. 1: it could not be done, or something is wrong with the articles. 2: misused.
"""
