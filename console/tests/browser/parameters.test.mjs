// What an address says and a page does not know is refused, or said on the page: nothing is left out in silence.
import { test } from "node:test";
import { PAGES, visitor } from "./pages.mjs";
import { assert, start } from "./harness.mjs";

const demo = await start();
const NONSENSE = "zqxjk";

/** Parameters that no page speaks of, by page, and why: each is needed, or this test fails. */
const SILENT = {
  "step-up-app": { next: "where the page leads on, which is the start for anything else" },
  "step-up": { next: "where the page leads on", missing: "what the page asks for, which is everything for anything else" },
  "sign-in-code-expired": { next: "where the page leads on" },
  "new-workspace-model": { slug: "what was typed on the page before, which says what is wrong with it" },
  "new-workspace-own": { slug: "what was typed on the page before", from: "where the text begins, which is empty for anything else" },
  "records-filter": {
    test: "a part of a form that is sent with put, which says what is wrong with it",
    value: "a part of that form",
    to: "a part of that form",
  },
};

/** The parameters of a page: those of its links to itself, and of its forms that lead to itself. */
const parameters = () => {
  const own = (address) => new URL(address, location.href).pathname === location.pathname;
  const found = new Set(new URLSearchParams(location.search).keys());
  for (const link of document.querySelectorAll("a[href], [hx-get]")) {
    const address = link.getAttribute("href") ?? link.getAttribute("hx-get");
    if (own(address)) for (const name of new URL(address, location.href).searchParams.keys()) found.add(name);
  }
  for (const form of document.querySelectorAll("form")) {
    if (form.method !== "get" || !own(form.getAttribute("action") ?? "")) continue;
    for (const control of form.elements) if (control.name) found.add(control.name);
  }
  return [...found];
};

/** Whether a page refuses a parameter, or says something of it. */
const speaks = async (address) => {
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const shown = [...page.querySelectorAll("input:not([type=hidden]), textarea")].some((one) => one.value.includes("zqxjk"));
  for (const one of page.querySelectorAll("script, head")) one.remove();
  return { status: answer.status, says: shown || page.body.textContent.includes("zqxjk") || page.querySelector("[role=alert]") !== null };
};

test("a parameter that means nothing is refused, or the page says so", async () => {
  const visit = visitor(demo, {});
  const silent = [];
  const excused = new Set();
  let asked = 0;
  for (const entry of PAGES) {
    const [, name, , , { status = 200 } = {}] = entry;
    if (status !== 200) continue;
    const page = await visit(entry);
    for (const parameter of await page.evaluate(parameters)) {
      const address = new URL(page.url());
      address.searchParams.set(parameter, NONSENSE);
      const { status, says } = await page.evaluate(speaks, address.pathname + address.search);
      asked += 1;
      if (status < 500 && (status >= 400 || says)) continue;
      if (status < 500 && SILENT[name]?.[parameter]) excused.add(`${name}: ${parameter}`);
      else silent.push(`${name}: ${parameter} (${status})`);
    }
  }
  assert.deepEqual(silent, [], silent.join("\n"));
  const excuses = Object.entries(SILENT).flatMap(([name, of]) => Object.keys(of).map((parameter) => `${name}: ${parameter}`));
  assert.deepEqual([...excused].toSorted(), excuses.toSorted(), "an excuse that no page needs");
  assert(asked > 60, `${asked}`);
});
