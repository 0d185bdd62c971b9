// What cannot be chosen says why: to a pointer, and to a screen reader.
import { describe, test } from "node:test";
import { assert, start } from "./harness.mjs";
import { PAGES, visitor } from "./pages.mjs";

const demo = await start();
const visit = visitor(demo);

/** The controls that are disabled and do not say why: each needs a description, of its own or of what it is in. */
function silent() {
  const words = (ids) => (ids ?? "").split(/\s+/).map((id) => document.getElementById(id)?.innerText ?? document.getElementById(id)?.textContent ?? "").join(" ").trim();
  const described = (one) => words(one.getAttribute("aria-describedby")) !== "";
  const blocked = [...document.querySelectorAll(":disabled, [aria-disabled=true]")].filter((one) => one.matches("option") ? one.closest("select").checkVisibility() : one.checkVisibility());
  return blocked.filter((one) => {
    // A group says it for everything that is in it.
    const group = one.closest("fieldset:disabled");
    if (group && described(group)) return false;
    const named = one.matches("[aria-disabled]") && one.innerText.trim().includes("\n");
    const reader = described(one) || named || (one.matches("option") && described(one.closest("select")));
    const pointer = one.closest("[title]") || named || (one.matches("[aria-disabled]") && described(one));
    return !(reader && pointer);
  }).map((one) => one.outerHTML.slice(0, 200));
}

describe("what is disabled says why", { concurrency: 1 }, () => {
  for (const entry of PAGES) {
    test(`on the page ${entry[1]}`, async () => {
      const page = await visit(entry);
      assert.deepEqual(await page.evaluate(silent), []);
    });
  }
});

test("settings that may be read and not changed say what keeps the reader from it", async () => {
  const anna = await demo.open("anna", "/workspace/standard");
  const api = demo.api(anna, "standard");
  const grants = ["general", "security", "authentication"].map((area) => `${area}:read:all`);
  const role = await api.post("/roles", { name: "Onlooker", grants });
  const { items: [ivo] } = await api.get("/members?q=ivo");
  await api.patch(`/members/${ivo.id}`, { role: role.id });
  const page = await demo.open("ivo", "/workspace/standard");
  for (const area of ["general", "branding", "modules", "security", "authentication"]) {
    await page.goto(`/workspace/standard/settings/${area}`);
    assert(await page.locator("fieldset:disabled").count() > 0, area);
    assert.deepEqual(await page.evaluate(silent), [], area);
    assert.match(await page.locator("main").innerText(), /You cannot update in [^.]+\. (Your|You) [^.]+\./, area);
  }
});
