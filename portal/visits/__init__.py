"""What became of visits. In: events in order. Out: visits, episodes with outcomes, measures, what was asked.

Tables: `visit_days`, daily figures that outlive the events; `asked_days`, kept as long as they are; `visits_counted`.
All else is worked out again.
"""
