"""What became of visits. In: events in order. Out: visits, episodes with outcomes, measures, what was asked.

Tables: `visit_days` and `asked_days`, daily totals that outlive the events. All else is worked out again.
"""
