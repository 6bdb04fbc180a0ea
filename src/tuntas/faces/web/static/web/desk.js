// Keys, focus and honesty about failures. Everything on the desk works without this file; with it, the hands stay on the keys.
// No letter key approves, applies or pays: those need a focused button.
(function () {
  "use strict";
  var OFF = "tuntas-keys-off";
  var opener = null;

  function typing(target) {
    return target.closest && target.closest("input, select, textarea, [contenteditable]");
  }
  function lettersOff() {
    try { return localStorage.getItem(OFF) === "1"; } catch (e) { return false; }
  }
  function rows() {
    return Array.prototype.slice.call(document.querySelectorAll("[data-rows] a.rowlink"));
  }
  function step(list, by) {
    if (!list.length) return;
    var at = list.indexOf(document.activeElement);
    if (at < 0) at = list.findIndex(function (a) { return a.closest("tr[aria-current]"); });
    var next = list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  function causes() {
    return Array.prototype.slice.call(document.querySelectorAll("[data-causes] a"));
  }
  function follow(list, by) {
    if (!list.length) return;
    // From the cause that has the focus: its lines may still be on their way, and the second key means the second cause.
    var at = list.indexOf(document.activeElement);
    if (at < 0) at = list.findIndex(function (a) { return a.getAttribute("aria-current") === "true"; });
    var next = list[Math.max(0, Math.min(list.length - 1, at + by))];
    next.focus();
    next.click();
  }
  function click(selector) {
    var found = document.querySelector(selector);
    if (found) found.click();
    return found;
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (document.body.classList.contains("keys")) { document.body.classList.remove("keys"); return; }
      if (click("[data-close]") && opener && document.contains(opener)) opener.focus();
      return;
    }
    if (typing(event.target) || lettersOff()) return;
    var done = true;
    switch (event.key) {
      case "j": step(rows(), 1); break;
      case "k": step(rows(), -1); break;
      case "o":
        if (document.activeElement && document.activeElement.matches("a.rowlink")) document.activeElement.click();
        else step(rows(), 0);
        break;
      case "]": follow(causes(), 1); break;
      case "[": follow(causes(), -1); break;
      case "/":
        var box = document.querySelector("[data-search]");
        if (box) { box.focus(); box.select(); } else done = false;
        break;
      case "?": click("[data-help]"); break;
      default: done = false;
    }
    if (done) event.preventDefault();
  });

  document.addEventListener("click", function (event) {
    var help = event.target.closest("[data-help]");
    if (help) help.setAttribute("aria-pressed", String(document.body.classList.toggle("keys")));
    var letters = event.target.closest("[data-letters]");
    if (letters) {
      var off = !lettersOff();
      try { localStorage.setItem(OFF, off ? "1" : "0"); } catch (e) { return; }
      letters.setAttribute("aria-pressed", String(!off));
    }
    var link = event.target.closest("a.rowlink");
    if (link) {
      opener = link;
      document.querySelectorAll("[data-rows] tr[aria-current]").forEach(function (row) { row.removeAttribute("aria-current"); });
      link.closest("tr").setAttribute("aria-current", "true");
    }
  });

  // One submit a form. The server refuses a second one as well; this only spares the reader the refusal.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    // Where the reader is now: a line may have been opened since the page was loaded.
    var here = form.querySelector("[data-here]");
    if (here) here.value = location.pathname + location.search;
    if (form.method === "post") {
      form.dataset.sent = "1";
      form.querySelectorAll("button").forEach(function (b) { b.setAttribute("aria-disabled", "true"); });
    }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach(function (b) { b.removeAttribute("aria-disabled"); });
    });
  });

  // After a swap the focus is never lost to the page: the named place, else the first new row, else the heading.
  document.addEventListener("htmx:afterSettle", function (event) {
    hide();
    if (document.activeElement && document.activeElement !== document.body) return;
    // The event's own element is what came in; the target it names may be what went out, and cannot take the focus.
    var came = event.target;
    var place = document.querySelector("[data-focus]") || came.querySelector("a.rowlink") || came.querySelector("a, [tabindex]");
    place = place || document.getElementById("main");
    if (place) { place.focus({ preventScroll: false }); place.removeAttribute("data-focus"); }
  });
  document.addEventListener("htmx:oobAfterSwap", hide);

  var failed = 0;
  function bar() { return document.getElementById("errors"); }
  function hide() { failed = 0; if (bar()) bar().hidden = true; }
  function show(polling) {
    failed += 1;
    if (polling && failed < 3) return;
    if (bar()) bar().hidden = false;
  }
  document.addEventListener("htmx:responseError", function (event) { show(event.detail.elt.hasAttribute("data-poll")); });
  document.addEventListener("htmx:sendError", function (event) { show(event.detail.elt.hasAttribute("data-poll")); });

  document.querySelectorAll("[data-letters]").forEach(function (b) { b.setAttribute("aria-pressed", String(!lettersOff())); });
  var first = document.querySelector("[data-focus-first]");
  if (first) first.focus();
})();
