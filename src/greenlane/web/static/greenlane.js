/* What a page does beyond HTML. Everything here is a comfort: each page works without it. */
(() => {
  "use strict";

  const words = document.getElementById("gl-words")?.dataset ?? {};
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const isTyping = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
  const store = (area, act) => {
    // A browser may refuse storage altogether; the page goes on without it.
    try { return act(window[area]); } catch { return null; }
  };

  /* --- A button that cannot be pressed twice ---------------------------------------------- */
  let quiet = [];
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (event.defaultPrevented) return;
    form.dataset.sent = "yes";
    quiet.push(form);
    const button = event.submitter;
    // aria-disabled, not disabled: a disabled button's name and value would not be sent.
    if (button) button.setAttribute("aria-disabled", "true");
    if (form.hasAttribute("data-sign-out")) store("sessionStorage", (s) => s.clear());
  });
  window.addEventListener("pageshow", () => {
    for (const form of quiet) {
      delete form.dataset.sent;
      all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
    }
    quiet = [];
  });

  /* --- Nothing typed is lost ---------------------------------------------------------------- */
  const unsaved = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-guard]");
    if (form) unsaved.add(form);
  });
  document.addEventListener("submit", (event) => unsaved.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    const waiting = all("[data-saved-for][data-state]").some((line) =>
      ["unsaved", "offline", "refused"].includes(line.dataset.state));
    if (unsaved.size || waiting) event.preventDefault();
  });

  const keyOf = (field) => `gl:${location.pathname}:${field.form?.id ?? ""}:${field.name}`;
  const lineOf = (field) => field.form &&
    all("[data-saved-for]", field.form).find((line) => line.dataset.savedFor === field.name);
  const say = (field, state, text) => {
    const line = lineOf(field);
    if (!line) return;
    line.dataset.state = state;
    if (line.textContent !== text) line.textContent = text;
  };
  const clockNow = () => new Date().toLocaleTimeString(document.documentElement.lang,
    { hour: "2-digit", minute: "2-digit" });
  const keepsText = (field) => /^(TEXTAREA|SELECT)$/.test(field.tagName) || field.type === "text";

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches?.("[data-autosave]")) return;
    if (keepsText(field)) store("sessionStorage", (s) => s.setItem(keyOf(field), field.value));
    say(field, "unsaved", words.unsaved);
  });
  const bringBack = (root) => {
    for (const field of all("[data-autosave]", root)) {
      if (!keepsText(field)) continue;
      const kept = store("sessionStorage", (s) => s.getItem(keyOf(field)));
      if (kept === null || kept === field.value) continue;
      field.value = kept;
      say(field, "unsaved", words.restored);
      // Sent again once htmx has seen the field.
      setTimeout(() => field.dispatchEvent(new Event("change", { bubbles: true })), 500);
    }
  };
  bringBack(document);
  document.addEventListener("htmx:afterSwap", (event) => bringBack(event.target));
  const sent = new WeakMap();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const field = event.detail.elt;
    if (!field.matches("[data-autosave]")) return;
    sent.set(field, field.value);
    say(field, "saving", words.saving);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const field = event.detail.elt;
    const answer = event.detail.xhr;
    if (!field.matches("[data-autosave]")) return;
    if (event.detail.successful) {
      // Somebody may have typed on while the request was under way: that is not saved yet.
      if (keepsText(field) && field.value !== sent.get(field)) { say(field, "unsaved", words.unsaved); return; }
      store("sessionStorage", (s) => s.removeItem(keyOf(field)));
      unsaved.delete(field.form);
      say(field, "saved", (words.saved ?? "").replace("{time}", clockNow()));
      return;
    }
    if (answer.status === 0) {
      say(field, "offline", words.offline);
      setTimeout(() => field.dispatchEvent(new Event("change", { bubbles: true })), 8000);
      return;
    }
    const plain = (answer.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");
    say(field, "refused", plain && answer.responseText ? answer.responseText : words.refused);
  });

  /* --- Keys ----------------------------------------------------------------------------------- */
  const SWITCH = "gl:single-keys";
  const keysOn = () => store("localStorage", (s) => s.getItem(SWITCH)) !== "off";
  const dialog = document.getElementById("gl-keys");
  const visible = (element) => element.offsetParent !== null;

  const openKeys = () => {
    if (!dialog) return;
    const list = dialog.querySelector("[data-keys-list]");
    list.replaceChildren(...all("[data-key]").filter(visible).map((element) => {
      const row = document.createElement("div");
      const term = document.createElement("dt");
      const key = document.createElement("kbd");
      const meaning = document.createElement("dd");
      key.textContent = element.dataset.key;
      term.append(key);
      const copy = element.cloneNode(true);
      all("kbd, svg", copy).forEach((part) => part.remove());
      meaning.textContent = element.dataset.keyTitle ?? element.getAttribute("aria-label") ?? copy.textContent.trim();
      row.append(term, meaning);
      return row;
    }));
    const hasList = all("[data-list-keys] [data-list-item]").length > 0;
    all("[data-keys-lists]", dialog).forEach((row) => { row.hidden = !hasList; });
    dialog.querySelector("[data-keys-switch]").checked = keysOn();
    dialog.showModal();
  };
  all("[data-keys-open]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", openKeys);
  });
  dialog?.querySelector("[data-keys-switch]")?.addEventListener("change", (event) =>
    store("localStorage", (s) => s.setItem(SWITCH, event.target.checked ? "on" : "off")));

  const search = () => document.querySelector("[data-search]") ?? document.querySelector("[data-search-near]");
  const focusSearch = (event) => {
    const field = search();
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  };
  const move = (by) => {
    const items = all("[data-list-keys] [data-list-item]").filter(visible);
    if (!items.length) return false;
    const now = items.findIndex((item) => item.contains(document.activeElement));
    const next = items[Math.max(0, Math.min(items.length - 1, now < 0 ? 0 : now + by))];
    const target = next.matches("a[href], button, [tabindex]") ? next : next.querySelector("a[href], button");
    target?.focus();
    next.scrollIntoView({ block: "nearest" });
    return Boolean(target);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      focusSearch(event);
      return;
    }
    if (event.key === "Escape") {
      all("details.gl-menu[open]").forEach((menu) => {
        menu.open = false;
        if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (dialog?.open || !keysOn()) return;
    if (event.key === "/") { focusSearch(event); return; }
    if (event.key === "?") { event.preventDefault(); openKeys(); return; }
    const inList = document.activeElement?.closest("[data-list-keys]");
    const by = { j: 1, k: -1, ...(inList ? { ArrowDown: 1, ArrowUp: -1 } : {}) }[event.key];
    if (by && move(by)) { event.preventDefault(); return; }
    const target = all("[data-key]").find((each) => each.dataset.key === event.key && visible(each));
    if (!target) return;
    event.preventDefault();
    if (isTyping(target)) target.focus(); else target.click();
  });

  /* --- Menus, rows, errors ---------------------------------------------------------------------- */
  document.addEventListener("click", (event) => {
    all("details.gl-menu[open], details.gl-day[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const row = event.target.closest?.("[data-row-href]");
    // A click that selects text, or on something that has its own use, does not open the row.
    if (!row || event.target.closest("a, button, input, label, summary, details")) return;
    if (String(window.getSelection())) return;
    row.querySelector("a.gl-table__open")?.click();
  });
  document.querySelector("[data-focus]")?.focus();
})();
