// What an address says and a page does not know is refused, or said on the page: nothing is left out in silence.
import { test } from "node:test";
import { PAGES, visitor } from "./pages.mjs";
import { assert, start } from "./harness.mjs";

const demo = await start();
const NONSENSE = "zqxjk";

/** Not filters: where a page leads on, which is the start for anything else; the parts of a form that is sent with `put`, which
 * says what is wrong with them; and where the page for a new workspace begins. */
const OTHER = ["next", "missing", "test", "value", "to", "slug", "from"];

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
  let asked = 0;
  for (const entry of PAGES) {
    const [, name, , , { status = 200 } = {}] = entry;
    if (status !== 200) continue;
    const page = await visit(entry);
    for (const parameter of await page.evaluate(parameters)) {
      const address = new URL(page.url());
      if (OTHER.includes(parameter)) continue;
      address.searchParams.set(parameter, NONSENSE);
      const { status, says } = await page.evaluate(speaks, address.pathname + address.search);
      asked += 1;
      if (status >= 500 || (status < 400 && !says)) silent.push(`${name}: ${parameter} (${status})`);
    }
  }
  assert.deepEqual(silent, [], silent.join("\n"));
  assert(asked > 60, `${asked}`);
});
