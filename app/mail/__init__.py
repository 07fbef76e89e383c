"""Mail: what is written to people, and whether it came.

Owns mail. Letters are templates in `templates/mail`; a letter waits in the table until the sender has handed it to the
mail server. Knows no person and no journey: who may write to whom is decided above, and `app.people.actions.write_mail`
is the one door to it.
"""
