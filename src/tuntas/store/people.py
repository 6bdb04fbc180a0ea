"""People who act on the books: found by the name they sign in with.

In a home where nobody can sign in yet, only the command line acts, and it is believed: a name it gives becomes a person without
a password. As soon as anybody has a password, a name nobody signs in with is refused.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from tuntas.kernel.refusals import Refusal


class PersonUnknown(Refusal):
    """Nobody signs in under this name, or the account is switched off."""

    code = "BOOKS-PERSON-01"


def person(name: str) -> Any:
    """Return the user of that name. Raises `PersonUnknown` for one who is switched off or, once people sign in, unknown."""
    people = get_user_model().objects
    found = people.filter(username=name).first()
    if found is None and name and not any(user.has_usable_password() for user in people.filter(is_active=True)):
        return people.create_user(username=name)
    if found is None or not found.is_active:
        raise PersonUnknown(f"saw the user {name!r}; wanted somebody who can sign in; create the user or activate it")
    return found
