// Departments: the tree is changed by dragging and by keyboard, and a move is saved only after its effects have been shown.
import { test } from "node:test";
import { accessible, assert, settled, start } from "./harness.mjs";

const demo = await start();
const DEPARTMENTS = "/workspace/standard/settings/departments";

const all = async (page) => (await demo.api(page, "standard").get("/departments")).items;
const create = (page, name, parent) => demo.api(page, "standard").post("/departments", { name, ...(parent && { parent }) });
const link = (page, name) => page.locator(".tree a", { hasText: name });
const parentOf = async (page, id) => (await all(page)).find((one) => one.id === id).parent;

test("a department is dragged into another one: its page shows what changes, and saves when it is told to", async () => {
  const page = await demo.open("anna", DEPARTMENTS);
  const [field, partners] = [await create(page, "Field"), await create(page, "Partners")];
  await page.goto(DEPARTMENTS);
  await link(page, "Field").dragTo(link(page, "Partners"));
  await page.waitForURL(`**/departments/${field.id}?parent=${partners.id}`);
  await settled(page);
  await accessible(page);
  assert.equal(await page.getByLabel("Parent").or(page.locator("#f-parent")).first().inputValue(), partners.id);
  await page.locator("#foot", { hasText: /1 change/ }).waitFor();
  assert.equal(await parentOf(page, field.id) ?? null, null, "nothing is saved before");
  await page.locator("#foot").getByRole("button", { name: /^Save/ }).click();
  await page.waitForSelector(".toast");
  assert.equal(await parentOf(page, field.id), partners.id);
  // Beside the tree is the top.
  await link(page, "Field").dragTo(page.locator(".tree > .keys"));
  await page.waitForURL(`**/departments/${field.id}?parent=`);
  await page.locator("#foot").getByRole("button", { name: /^Save/ }).click();
  await page.waitForSelector(".toast");
  assert.equal(await parentOf(page, field.id) ?? null, null);
});

test("Alt and an arrow move a department into the one above it and out again", async () => {
  const page = await demo.open("anna", DEPARTMENTS);
  const above = await create(page, "Zone");
  const [first, second] = [await create(page, "Area one", above.id), await create(page, "Area two", above.id)];
  await page.goto(DEPARTMENTS);
  await link(page, "Area two").focus();
  await page.keyboard.press("Alt+ArrowRight");
  await page.waitForURL(`**/departments/${second.id}?parent=${first.id}`);
  await page.goto(DEPARTMENTS);
  await link(page, "Area one").focus();
  await page.keyboard.press("Alt+ArrowLeft");
  await page.waitForURL(`**/departments/${first.id}?parent=`);
  await page.goto(`${DEPARTMENTS}/${above.id}`);
  await link(page, "Zone").dragTo(link(page, "Area two"));
  assert.match(page.url(), new RegExp(`${above.id}$`), "not into one that is within it");
});

test("a place that is none is not found, and who may not move departments is not offered it", async () => {
  const page = await demo.open("anna", DEPARTMENTS);
  const above = await create(page, "Outer");
  const inner = await create(page, "Inner", above.id);
  for (const parent of ["nope", above.id, inner.id, "dep_00000000000070008000000000000000"]) {
    const answer = await page.context().request.get(`${DEPARTMENTS}/${above.id}?parent=${encodeURIComponent(parent)}`);
    assert.equal(answer.status(), 404, parent);
  }
  let checked = 0;
  for (const person of ["ben", "cleo", "david", "elif", "farah"]) {
    const other = await demo.open(person, null);
    const answer = await other.goto(DEPARTMENTS);
    if (answer.status() === 200) {
      const { results } = await demo.api(other, "standard").post("/access/check", { checks: [{ resource: "departments", action: "update" }] });
      assert.equal(await other.locator(".tree[data-moves]").count(), results[0] ? 1 : 0, person);
      checked++;
    }
    await other.context().close();
  }
  assert(checked > 0);
});

test("the tree says who manages a department, and its members what their visibility comes to", async () => {
  const page = await demo.open("anna", DEPARTMENTS);
  const api = demo.api(page, "standard");
  const [ben] = (await api.get("/members?q=ben@example.com")).items;
  const led = await api.post("/departments", { name: "Lighthouse", manager: ben.id });
  await api.patch(`/members/${ben.id}`, { department: led.id });
  await page.goto(`${DEPARTMENTS}/${led.id}`);
  assert.match(await link(page, "Lighthouse").innerText(), new RegExp(`Managed by ${ben.first_name ?? "Ben"}`));
  assert.match(await page.locator(".comes-to").first().innerText(), /^(Every record|No record|[\d,]+ \w+)/);
  await accessible(page);
  const names = await page.locator(".tree a .name").allInnerTexts();
  const depths = await page.locator(".tree a").evaluateAll((links) => links.map((one) => one.dataset.depth));
  const tops = names.filter((_, place) => depths[place] === "0");
  assert.deepEqual(tops, [...tops].sort(new Intl.Collator("en").compare), "siblings are in the order of the language");
});

test("the tree says how many members a department has, and how many with those below", async () => {
  const page = await demo.open("anna", DEPARTMENTS);
  const above = await create(page, "Counted");
  const below = await create(page, "Counted below", above.id);
  const api = demo.api(page, "standard");
  const { items: [hana] } = await api.get("/members?q=hana");
  await api.patch(`/members/${hana.id}`, { department: below.id });
  await page.goto(DEPARTMENTS);
  const counts = await page.locator(".tree a", { hasText: /^Counted/ }).locator(".count").allInnerTexts();
  assert.deepEqual(counts, ["0 · 1 in all", "1"]);
});
