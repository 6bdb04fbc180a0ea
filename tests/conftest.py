"""How the laws are drawn: no example has a deadline, and none is too slow to draw, for a loaded machine may take any time over one."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
