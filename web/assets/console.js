// What pages do beyond plain forms: keys, menus that close, forms that save at once.
"use strict";

// A choice that saves at once. A file that is too large stays here.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("[data-autosave]")) return;
  const isTooLarge = input.files?.[0]?.size > Number(input.dataset.largest);
  input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
  input.form.requestSubmit();
});

// A search within a form changes nothing of it.
document.addEventListener("change", (event) => {
  if (event.target.matches(".find")) event.stopPropagation();
}, true);

// An arrow opens its list: it saves what is chosen there, not every step on the way.
document.addEventListener("keydown", (event) => {
  if (!event.target.matches("select[data-autosave]") || !["ArrowDown", "ArrowUp"].includes(event.key) || event.altKey) return;
  event.preventDefault();
  event.target.showPicker?.();
});

// What a page says beside the message of the last change: it stays until it is removed.
const say = (text) => {
  const told = document.createElement("p");
  told.className = "toast stays";
  told.textContent = text;
  document.getElementById("toasts").replaceChildren(told);
  return told;
};

// After a session that ended in the middle of a form, the same member finds it as they left it.
const KEPT = "hallpass-form";
const member = document.body.dataset.me;
const keep = (form) => {
  const secret = new Set([...form.querySelectorAll("[type=password], [type=hidden]")].map((input) => input.name));
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !secret.has(name));
  sessionStorage.removeItem(KEPT);
  if (fields.length === 0) return;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ member, action: form.getAttribute("action"), fields }));
  } catch { /* It is too large: the form is sent all the same. */ }
};
const restore = (form, fields) => {
  for (const input of form.querySelectorAll("input, select, textarea")) {
    const values = fields.filter(([name]) => name === input.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(input.type)) input.checked = values.includes(input.value);
    else if (values.length > 0) [input.value] = values;
  }
};
const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
if (kept && location.pathname === "/sign-in") {
  sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, hasEnded: true }));
} else if (kept && member !== undefined) {
  sessionStorage.removeItem(KEPT);
  const form = document.querySelector(`form[method=post][action="${CSS.escape(kept.action)}"]`);
  if (kept.hasEnded && kept.member === member && form) {
    restore(form, kept.fields);
    say(document.getElementById("toasts").dataset.restored);
  }
}

// A form is sent once, and not without a network.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  if (form.method !== "post") return;
  if (!navigator.onLine) {
    event.preventDefault();
    const told = say(document.getElementById("toasts").dataset.offline);
    addEventListener("online", () => told.remove(), { once: true });
    return;
  }
  form.dataset.sent = "1";
  if (member !== undefined) keep(form);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// An answer is shown after a press of a button, not during it: the button would be another one by its end. A press whose end is
// not seen ends after a second. Nor is it shown during a composition.
let pressed = null;
let release = () => {};
let composed = null;
const press = (event) => {
  if ((event.type === "keydown" && event.key !== " ") || !event.target.closest?.("a, button")) return;
  release();
  pressed = new Promise((resolve) => { release = resolve; });
  setTimeout(release, 1000);
};
for (const type of ["pointerdown", "keydown"]) addEventListener(type, press, true);
for (const type of ["pointerup", "pointercancel", "keyup"]) addEventListener(type, () => setTimeout(release), true);
addEventListener("compositionstart", ({ target }) => {
  composed = new Promise((resolve) => target.addEventListener("compositionend", resolve, { once: true }));
});

// An answer that would replace fields which have changed since the request is asked for again. The field with the focus keeps its
// text, with a last space.
const filled = ({ target, selectOOB }) => JSON.stringify([target, ...(selectOOB ? document.querySelectorAll(selectOOB) : [])]
  .flatMap((part) => [part, ...part.querySelectorAll("input, select, textarea")].map(({ value, checked }) => [value, checked])));
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  ctx.filled = filled(ctx);
  ctx.fetch = async (...request) => {
    const answer = await fetch(...request);
    await pressed;
    await composed;
    return answer;
  };
});
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (filled(ctx) !== ctx.filled) {
    setTimeout(() => ctx.sourceElement._htmx?.eventHandler(ctx.sourceEvent));
    return event.preventDefault();
  }
  const { id, value } = document.activeElement;
  for (const { fragment } of tasks) {
    const field = fragment.getElementById(id);
    if (field?.matches("input, textarea")) field.value = value;
  }
});

// Menus close on a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open], details.sheet[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Escape and a click beside a drawer do not throw away what was typed in it: they ask first.
const drawn = document.querySelector(".over form[method=post]");
const filledIn = (form) => {
  const hidden = new Set([...form.querySelectorAll("[type=hidden]")].map((input) => input.name));
  return JSON.stringify([...new FormData(form)].filter(([name]) => !hidden.has(name)).map(([name, value]) => [name, value.name ?? value]));
};
const opened = drawn && filledIn(drawn);
const mayLeave = () => !drawn || filledIn(drawn) === opened || confirm(document.getElementById("toasts").dataset.unsaved);
document.addEventListener("click", (event) => {
  if (event.target.closest(".over .scrim") && !mayLeave()) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open], details.sheet[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (mayLeave()) document.querySelector("[data-close]")?.click();
  }
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});

// A dialog is a page of its own, and a change loads the page again: the focus returns to what opened it, or made it.
const OPENER = "opener";
const remember = (control) => {
  const opener = control.closest("details.menu")?.querySelector("summary") ?? control;
  const name = ["aria-label", "id", "href"].find((one) => opener.hasAttribute(one));
  if (name) sessionStorage.setItem(OPENER, JSON.stringify({ path: location.pathname, name, value: opener.getAttribute(name) }));
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("main a[href]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) remember(link);
});
document.addEventListener("submit", (event) => {
  const control = event.submitter ?? document.activeElement;
  if (control?.closest("main")) remember(control);
});
if (!document.querySelector(".over")) {
  const { path, name, value } = JSON.parse(sessionStorage.getItem(OPENER) ?? "{}");
  sessionStorage.removeItem(OPENER);
  if (path === location.pathname && value) document.querySelector(`main [${name}="${CSS.escape(value)}"]`)?.focus();
}

// What the keyboard reaches is seen as a whole.
document.addEventListener("focusin", ({ target }) => {
  if (target.matches(":is(a, button, select, summary, [type=radio], [type=checkbox]):focus-visible")) {
    (target.closest("label") ?? target).scrollIntoView({ block: "nearest", inline: "nearest" });
  }
});

// The current tab of a row that scrolls is in sight.
const tab = document.querySelector(".tabs a[aria-current]");
tab?.parentElement.scrollBy(tab.getBoundingClientRect().x - tab.parentElement.getBoundingClientRect().x, 0);

// The form of a filter opens in the page that it is for.
const filterForm = () => document.getElementById("filter-form");
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-filter-form]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const answer = await fetch(link.href).catch(() => null);
    if (!answer?.ok) return location.assign(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.getElementById("filter-form");
    if (!form) return location.assign(link.href);
    filterForm().replaceWith(form);
    htmx.process(form);
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    form.opener = link.closest("details")?.querySelector("summary") ?? link;
    form.querySelector("[autofocus]")?.focus();
    return;
  }
  const close = event.target.closest("#filter-form [data-close]");
  if (close && filterForm().opener) {
    event.preventDefault();
    const { opener } = filterForm();
    filterForm().replaceChildren();
    opener.focus();
  }
});

// A selection counts to how many records each of its actions applies.
const count = (form) => {
  const chosen = [...form.querySelectorAll("[name=record]:checked")];
  const all = form.querySelectorAll("[name=record]");
  for (const place of form.querySelectorAll("[data-selected]")) place.textContent = chosen.length;
  for (const button of form.querySelectorAll("[data-needs]")) {
    const fit = chosen.filter((box) => box.dataset.allows.split(" ").includes(button.dataset.needs)).length;
    button.hidden = fit === 0;
    button.querySelector("[data-count]").textContent = fit < chosen.length ? `${fit} / ${chosen.length}` : fit;
  }
  const every = form.querySelector("[data-select-all]");
  every.checked = chosen.length === all.length;
  every.indeterminate = chosen.length > 0 && chosen.length < all.length;
};
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-selection]");
  if (!form) return;
  if (event.target.matches("[data-select-all]")) {
    for (const box of form.querySelectorAll("[name=record]")) box.checked = event.target.checked;
  }
  count(form);
});
document.addEventListener("reset", (event) => {
  if (event.target.matches("[data-selection]")) setTimeout(() => count(event.target));
});

// The rows of a list follow J and K or the arrows. X selects one, Shift X all from the last one, as a click with Shift does; F6 goes
// to what is done with the selection and back, and Escape clears it.
const CHOICE = "[name=record], [name=member]";
const rowOf = (element) => element.matches?.(`a.open, ${CHOICE}`) && element.closest("tbody tr:has(a.open)");
let lastChosen = null;
const choose = (row, isRange) => {
  const rows = [...row.parentElement.rows];
  const ends = [rows.indexOf(isRange && lastChosen?.isConnected ? lastChosen : row), rows.indexOf(row)];
  const { checked } = row.querySelector(CHOICE);
  for (const one of rows.slice(Math.min(...ends), Math.max(...ends) + 1)) {
    const box = one.querySelector(CHOICE);
    if (box) box.checked = checked;
  }
  lastChosen = row;
  row.querySelector(CHOICE).dispatchEvent(new Event("change", { bubbles: true }));
};
document.addEventListener("click", (event) => {
  const row = event.target.matches(CHOICE) && rowOf(event.target);
  if (row) choose(row, event.shiftKey);
});
const selection = () => [...document.querySelectorAll(".selection")].find((one) => one.checkVisibility({ visibilityProperty: true }));
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = rowOf(event.target);
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (row && step) {
    const rows = [...row.closest("table").querySelectorAll("tbody tr:has(a.open)")];
    rows[rows.indexOf(row) + step]?.querySelector("a.open").focus();
  } else if (row && event.key.toLowerCase() === "x" && row.querySelector(CHOICE)) {
    const box = row.querySelector(CHOICE);
    box.checked = event.shiftKey || !box.checked;
    choose(row, event.shiftKey);
  } else if (event.key === "F6" && selection()) {
    const isInside = selection().contains(event.target);
    (isInside ? (lastChosen ?? document.querySelector(`tr:has(:is(${CHOICE}):checked)`))?.querySelector("a.open") : selection().querySelector("button:not([hidden])"))?.focus();
  } else if (event.key === "Escape" && selection() && !document.querySelector("dialog[open], [data-close], details.menu[open]")) {
    (selection().closest("form") ?? selection()).reset();
  } else return;
  event.preventDefault();
});

// A card of a board is dragged into another lane, or moved with Shift and an arrow: its choice of a stage decides, and
// says what a lane needs that it may not enter.
const board = document.querySelector("[data-board]");
if (board) {
  const lanes = [...board.querySelectorAll("[data-lane]")];
  const option = (card, lane) => card.querySelector(`option[value="${CSS.escape(lane.dataset.lane)}"]`);
  const home = (card) => card.closest("[data-lane]");
  const needs = (card, lane) => (lane !== home(card) && option(card, lane)?.dataset.needs) || "";
  const move = (card, lane) => {
    const choice = option(card, lane);
    if (lane === home(card) || !choice) return;
    if (choice.parentElement.disabled) return say(choice.parentElement.title);
    if (choice.disabled) return say(choice.dataset.needs);
    choice.parentElement.value = choice.value;
    choice.parentElement.form.requestSubmit();
  };
  const show = (lane, reason) => {
    const place = lane.querySelector("[data-reason]");
    lane.classList.toggle("closed", reason !== "");
    place.textContent = reason;
    place.hidden = reason === "";
  };
  let dragged = null;
  let target = null;
  let refused = "";
  for (const card of board.querySelectorAll("[data-card]")) {
    card.draggable = true;
    card.querySelector("a").draggable = false;
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.id);
      card.classList.add("dragged");
      for (const lane of lanes) show(lane, needs(card, lane));
    });
    card.addEventListener("dragend", () => {
      card.classList.remove("dragged");
      for (const lane of lanes) {
        show(lane, "");
        lane.classList.remove("target");
      }
      dragged = null;
      if (refused) say(refused);
      else if (target) move(card, target);
      target = null;
      refused = "";
    });
    card.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step || !event.shiftKey || event.target.matches("select")) return;
      event.preventDefault();
      const lane = lanes[lanes.indexOf(home(card)) + step];
      if (lane) move(card, lane);
    });
  }
  for (const lane of lanes) {
    lane.addEventListener("dragover", (event) => {
      if (!dragged || lane === home(dragged) || option(dragged, lane)?.disabled) return;
      event.preventDefault();
      lane.classList.add("target");
    });
    lane.addEventListener("dragleave", (event) => {
      if (!lane.contains(event.relatedTarget)) lane.classList.remove("target");
    });
    lane.addEventListener("drop", (event) => {
      event.preventDefault();
      target = lane;
    });
  }
  document.addEventListener("dragover", ({ target: over }) => {
    const lane = over.closest("[data-lane]");
    refused = dragged && lane ? needs(dragged, lane) : "";
  });
  document.querySelector("[data-board-hint]").hidden = board.querySelector("[data-card]") === null;
  // After the browser has gone to the fragment, which takes the focus away.
  addEventListener("load", () => setTimeout(() => document.getElementById(location.hash.slice(1))?.querySelector("a")?.focus()));
}

// The palette: what a search finds, over the page.
const palette = document.getElementById("palette");
const openPalette = async (link) => {
  if (palette.open) return;
  const answer = await fetch(`${link.href}?part=1`).catch(() => null);
  if (!answer?.ok) return location.assign(link.href);
  palette.innerHTML = await answer.text();
  htmx.process(palette);
  palette.showModal();
  palette.querySelector("input")?.focus();
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-palette]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openPalette(link);
  }
  if (event.target === palette) palette.close();
});
document.addEventListener("keydown", (event) => {
  const link = document.querySelector("[data-palette]");
  if (link && event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    openPalette(link);
  }
  const list = event.target.closest?.(".palette");
  // From the best hit the right arrow leads to what can be done with it, and the left arrow back.
  const actions = list?.querySelector("[data-actions]");
  const best = actions?.previousElementSibling.querySelector("a");
  const to = { ArrowRight: event.target === best && actions, ArrowLeft: actions?.contains(event.target) && best }[event.key];
  if (to) {
    event.preventDefault();
    (to === best ? best : to.querySelector("a")).focus();
    return;
  }
  if (!list || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  const stops = [list.querySelector("input"), ...list.querySelectorAll("li a")];
  const place = stops.indexOf(event.target);
  if (event.key === "Enter") {
    if (place === 0 && stops[1]) {
      event.preventDefault();
      stops[1].click();
    }
    return;
  }
  event.preventDefault();
  stops[(place + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length]?.focus();
});

// A link is copied whole.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(document.getElementById(button.dataset.copy).href);
    button.classList.add("done");
  });
}

// The message of the last change goes after six seconds.
setTimeout(() => {
  for (const toast of document.querySelectorAll(".toast:not(.stays)")) toast.remove();
}, 6000);

// A word to type before something is destroyed: the button waits for it.
for (const input of document.querySelectorAll("[data-word]")) {
  const button = input.form.querySelector("button");
  const check = () => { button.disabled = input.value !== input.dataset.word; };
  input.addEventListener("input", check);
  check();
}

// A secret that is shown once is selected as a whole.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-select]")) event.target.select();
});

// A picture is read here, made small, and sent as text.
const LARGEST_SIDE = 256;
document.addEventListener("change", async (event) => {
  const input = event.target;
  const file = input.matches("[data-picture]") ? input.files[0] : undefined;
  if (!file) return;
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  input.setCustomValidity(bitmap ? "" : file.name);
  if (!bitmap) return input.reportValidity();
  const scale = Math.min(1, LARGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const url = canvas.toDataURL("image/png");
  input.form.elements[input.dataset.picture].value = url;
  const image = new Image();
  image.alt = "";
  image.src = url;
  input.closest(".field").querySelector("[data-picture-shown]").replaceChildren(image);
});

// A matrix is a grid: arrows move, Enter opens a cell, a letter chooses its reach, Escape takes the choice back.
const LETTERS = { a: "all", d: "department", t: "team", o: "own", n: "none" };
const setCell = (cell, option) => {
  if (!option || option.selected) return;
  option.selected = true;
  cell.dispatchEvent(new Event("change", { bubbles: true }));
};
const middle = (cell) => cell.getBoundingClientRect().left + cell.offsetWidth / 2;
const neighbour = (cell, key) => {
  const rows = [...cell.form.querySelectorAll(".matrix tr")];
  const inRow = (row) => [...row.querySelectorAll("select")];
  const own = inRow(cell.closest("tr"));
  const steps = { ArrowLeft: own.indexOf(cell) - 1, ArrowRight: own.indexOf(cell) + 1, Home: 0, End: own.length - 1 };
  if (key in steps) return own[steps[key]];
  const others = key === "ArrowDown" ? rows.slice(rows.indexOf(cell.closest("tr")) + 1) : rows.slice(0, rows.indexOf(cell.closest("tr"))).reverse();
  const next = inRow(others.find((row) => inRow(row).length > 0) ?? cell.closest("tr"));
  return next.reduce((best, one) => (Math.abs(middle(one) - middle(cell)) < Math.abs(middle(best) - middle(cell)) ? one : best));
};
for (const table of document.querySelectorAll(".matrix:has(select)")) {
  table.setAttribute("role", "grid");
  table.querySelectorAll("select").forEach((cell, place) => { cell.tabIndex = place === 0 ? 0 : -1; });
}
document.addEventListener("focusin", (event) => {
  const table = event.target.matches("select") && event.target.closest(".matrix[role=grid]");
  if (!table) return;
  for (const cell of table.querySelectorAll("select")) cell.tabIndex = cell === event.target ? 0 : -1;
});
addEventListener("keydown", (event) => {
  const cell = event.target;
  if (!cell.matches?.(".matrix[role=grid] select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const option = (selector) => cell.querySelector(`option${selector}`);
  const letter = LETTERS[event.key.toLowerCase()];
  if (event.key === "Enter") cell.showPicker?.();
  else if (event.key === "Escape") {
    if (option("[data-was]")?.selected ?? true) return;
    setCell(cell, option("[data-was]"));
  } else if (letter && option(`[data-reach=${letter}]`)) setCell(cell, option(`[data-reach=${letter}]`));
  else if (["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) neighbour(cell, event.key)?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

// The links of a tree follow the arrows. A department is dragged into another one, or moved with Alt and an arrow: its page opens with
// the new place, says what changes, and saves nothing by itself.
const depth = (link) => Number(link.dataset.depth);
const moveTo = (link, parent) => { location.href = `${link.href}?parent=${parent ? parent.pathname.split("/").at(-1) : ""}`; };
for (const tree of document.querySelectorAll(".tree[data-moves]")) {
  const links = [...tree.querySelectorAll("a")];
  const isWithin = (link, above) => {
    const place = links.indexOf(above);
    const next = links.slice(place + 1).findIndex((one) => depth(one) <= depth(above));
    return links.slice(place, next < 0 ? undefined : place + 1 + next).includes(link);
  };
  let dragged = null;
  const mark = (target) => { for (const one of [tree, ...links]) one.classList.toggle("target", one === target); };
  const targetOf = (event) => {
    if (!dragged) return null;
    const link = event.target.closest("a");
    return link ? (isWithin(link, dragged) ? null : link) : tree;
  };
  tree.addEventListener("dragstart", (event) => { dragged = event.target.closest("a"); });
  tree.addEventListener("dragend", () => { dragged = null; mark(null); });
  tree.addEventListener("dragover", (event) => {
    const target = targetOf(event);
    mark(target);
    if (target) event.preventDefault();
  });
  tree.addEventListener("drop", (event) => {
    const target = targetOf(event);
    if (!target) return;
    event.preventDefault();
    moveTo(dragged, target === tree ? null : target);
  });
  tree.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const before = links.slice(0, links.indexOf(event.target)).toReversed();
    const parent = before.find((one) => depth(one) < depth(event.target));
    const sibling = before.find((one) => depth(one) <= depth(event.target));
    const isIn = event.key === "ArrowRight";
    event.preventDefault();
    if (isIn && sibling && sibling !== parent) moveTo(event.target, sibling);
    if (!isIn && parent) moveTo(event.target, before.slice(before.indexOf(parent)).find((one) => depth(one) < depth(parent)));
  });
}
document.addEventListener("keydown", (event) => {
  const tree = event.target.matches?.(".tree a") && event.target.closest(".tree");
  if (!tree || event.altKey) return;
  const links = [...tree.querySelectorAll("a")];
  const place = links.indexOf(event.target);
  const next = { ArrowDown: links[place + 1], ArrowUp: links[place - 1], Home: links[0], End: links.at(-1) }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
