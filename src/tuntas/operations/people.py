"""The people of a new home: somebody who prepares plans and somebody else who approves them.

A home that already has a person with a password is left alone. Roles are groups: `preparer` makes plans, `approver` approves
what others made; either may apply what was approved. The same person never approves what that person made, whatever the role.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

ROLES = ("preparer", "approver")
FIRST_PEOPLE = (("rina", "Rina", "preparer"), ("budi", "Budi", "approver"))


def ensure_people(*, home: Path) -> list[str]:
    """Make sure the roles exist and, in a home where nobody can sign in yet, two people; return what to tell whoever starts it.

    Passwords come from TUNTAS_DEMO_PASSWORD; without it they are drawn and told once, in the lines returned.
    """
    groups = {role: Group.objects.get_or_create(name=role)[0] for role in ROLES}
    people = get_user_model().objects
    if any(user.has_usable_password() for user in people.filter(is_active=True)):
        return []
    given = os.environ.get("TUNTAS_DEMO_PASSWORD", "")
    told = []
    for name, first, role in FIRST_PEOPLE:
        user, _ = people.get_or_create(username=name, defaults={"first_name": first})
        password = given or secrets.token_urlsafe(9)
        user.set_password(password)
        user.save()
        user.groups.add(groups[role])
        word = "TUNTAS_DEMO_PASSWORD" if given else password
        told.append(f"{name} ({role}) may sign in to {home.name}; password: {word}")
    return told
