"""Examples: two complete, clearly fictional journeys that can be opened, tried and put back.

Owns no table. Reads `seeds/voorbeelden/*.yaml` and does with it what people would do, through the same actions, so an
example can never hold what a person could not have made.
"""
