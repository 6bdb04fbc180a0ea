"""Addresses of the desk. One address shows one thing; acts are POST and call one operation each."""

from __future__ import annotations

from django.urls import path

from tuntas.faces.web.pages import account, bills, cycle, explaining, ledger, report, statements, tax

app_name = "desk"
urlpatterns = [
    path("", cycle.first, name="first"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("language/", account.language, name="language"),
    path("cycles/", cycle.cycles, name="cycles"),
    path("cycles/plan/", cycle.make_plan, name="cycle-make"),
    path("cycles/making/<slug:token>/", cycle.making, name="cycle-making"),
    path("cycles/making/<slug:token>/progress/", cycle.progress, name="cycle-progress"),
    path("plans/<str:digest>/", cycle.plan, name="plan"),
    path("plans/<str:digest>/approve/", cycle.approve, name="plan-approve"),
    path("plans/<str:digest>/apply/", cycle.apply, name="plan-apply"),
    path("plans/<str:digest>/bills/", bills.bills, name="bills"),
    path("plans/<str:digest>/statements/", statements.statements, name="statements"),
    path("plans/<str:digest>/statements/<str:party>/", statements.statement, name="statement"),
    path("plans/<str:digest>/statements/<str:party>/pdf/", statements.pdf, name="statement-pdf"),
    path("plans/<str:digest>/statements/<str:party>/xlsx/", statements.book, name="statement-book"),
    path("plans/<str:digest>/explain/", explaining.explanation, name="explain"),
    path("plans/<str:digest>/report/", report.report, name="report"),
    path("plans/<str:digest>/report/sheet/", report.sheet, name="report-sheet"),
    path("favicon.ico", account.mark, name="mark"),
    path("report.css", report.style, name="report-style"),
    path("tax/", tax.tax, name="tax"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/accounts/<path:account>/", ledger.account, name="ledger-account"),
    path("ledger/entries/<path:entry_id>/", ledger.entry, name="ledger-entry"),
]
