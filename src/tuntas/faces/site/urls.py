"""Addresses of the site: the desk at the root, and its pages for refusals and failures."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("tuntas.faces.web.urls"))]

handler403 = "tuntas.faces.web.pages.said.no_access"
handler404 = "tuntas.faces.web.pages.said.not_here"
handler500 = "tuntas.faces.web.pages.said.broken"
