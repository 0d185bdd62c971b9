// Filters of a list as chips, the heads that sort it, and saved views as tabs: with scripts, without them, by keyboard.
import { test } from "node:test";
import { COLOURS, accessible, assert, start } from "./harness.mjs";

const demo = await start();
const WORKSPACE = "team-management";
const DEALS = `/workspace/${WORKSPACE}/records/deals`;

const api = (page) => demo.api(page, WORKSPACE);
const shown = (page) => page.locator("a.open").evaluateAll((links) => links.map((link) => link.pathname.split("/").pop()));
const first = (items) => items.slice(0, 50).map((one) => one.id);
const found = async (page, query) => first((await api(page).get(`/records/deals?limit=200&${query}`)).items);
const chips = (page) => page.locator(".chip.set").evaluateAll((all) => all.map((chip) => chip.innerText.replace(/\s+/g, " ").trim()));
const condition = (...conditions) => `filter=${encodeURIComponent(JSON.stringify(conditions))}`;

/** Opens the form of a part of the filter. */
async function open(page, part) {
  await page.locator(".parts > summary").click();
  await page.locator(".parts").getByRole("link", { name: part, exact: true }).click();
  await page.waitForSelector(".filter-form");
}
const apply = (page) => page.locator(".filter-form").getByRole("button", { name: "Apply" }).click();

for (const javaScriptEnabled of [true, false]) {
  test(`a chip is added, changed and removed ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
    const page = await demo.open("anna", DEALS, { javaScriptEnabled });
    await open(page, "Amount");
    assert.equal(new URL(page.url()).search.includes("add="), !javaScriptEnabled, "with scripts the form opens in place");
    await page.getByLabel("From").fill("20000");
    await apply(page);
    await page.waitForURL(/filter=/);
    assert.deepEqual(await shown(page), await found(page, condition({ field: "amount", from: 20000 })));
    assert.match((await chips(page)).join(), /Amount from .*20,000/);

    await open(page, "State");
    await page.locator(".filter-form").getByLabel("Value").selectOption({ label: "Open" });
    await apply(page);
    await page.waitForURL(/open=true/);
    assert.deepEqual(await shown(page), await found(page, `open=true&${condition({ field: "amount", from: 20000 })}`));

    await page.locator(".chip.set", { hasText: "Amount" }).getByRole("link").first().click();
    await page.waitForSelector(".filter-form");
    assert.equal(await page.getByLabel("From").inputValue(), "20000");
    await page.getByLabel("Condition").selectOption({ label: "is empty" });
    await apply(page);
    await page.waitForURL(/empty/);
    assert.equal((await chips(page)).length, 2, "the chip is changed, not added");
    assert.deepEqual(await shown(page), await found(page, `open=true&${condition({ field: "amount", empty: true })}`));

    await page.getByRole("link", { name: "Remove the filter Amount" }).click();
    await page.waitForURL((url) => !url.search.includes("filter="));
    assert.deepEqual(await shown(page), await found(page, "open=true"));
    await page.goBack();
    await page.waitForURL(/empty/);
    assert.equal((await chips(page)).length, 2, "back is the list before");
  });

  test(`a view is saved, changed and deleted ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
    const name = `Open ones ${javaScriptEnabled}`;
    const page = await demo.open("anna", `${DEALS}?open=true&sort=-amount`, { javaScriptEnabled });
    await page.getByRole("link", { name: "Save as view" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Save view" }).click();
    await page.waitForURL(/saved=viw_/);
    const tab = page.getByRole("navigation", { name: "Parts of the list" }).getByRole("link", { name });
    assert.equal(await tab.getAttribute("aria-current"), "page");
    assert.match(await tab.innerText(), /shared/);
    assert.deepEqual(await shown(page), await found(page, "open=true&sort=-amount"));

    // What is changed in it is offered to be saved, and the tab leads back to what is saved.
    await page.getByRole("link", { name: "Remove the filter State" }).click();
    await page.getByRole("button", { name: "Update view" }).waitFor();
    await tab.click();
    await page.waitForURL(/open=true/);
    await page.getByRole("link", { name: "Remove the filter State" }).click();
    await page.getByRole("button", { name: "Update view" }).click();
    await page.getByText(`${name} is saved.`).waitFor();
    assert.equal(await page.getByRole("button", { name: "Update view" }).count(), 0);
    const view = (await api(page).get("/views?entity=deals")).items.find((one) => one.name === name);
    assert.deepEqual([view.filter.open, view.sort, view.shared], [null, "-amount", true]);

    // Another member finds the tab, with the records that they may read.
    const other = await demo.open("ben", `${DEALS}?saved=${view.id}`);
    assert.deepEqual(await shown(other), await found(other, "sort=-amount"));
    await other.context().close();

    await page.locator(".view-acts summary").click();
    await page.getByRole("link", { name: "Delete view" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete view" }).click();
    await page.getByText("The view is deleted.").waitFor();
    assert.equal(await tab.count(), 0);
  });
}

test("the heads of columns sort by keyboard and say how", async () => {
  const page = await demo.open("anna", DEALS);
  const head = page.getByRole("columnheader", { name: "Amount" });
  await head.getByRole("link").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/sort=-amount/);
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await shown(page), await found(page, "sort=-amount"));
  await head.getByRole("link").click();
  await page.waitForURL(/sort=amount/);
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  assert.deepEqual(await shown(page), await found(page, "sort=amount"));
  await page.goBack();
  await page.waitForURL(/sort=-amount/);
});

test("the form of a filter is left by Escape, and the focus returns to what opened it", async () => {
  const page = await demo.open("anna", DEALS);
  await page.locator(".parts > summary").focus();
  await page.keyboard.press("Enter");
  await page.locator(".parts").getByRole("link", { name: "Amount", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".filter-form :focus");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector(".filter-form"));
  await page.waitForFunction(() => document.activeElement.matches(".parts > summary"));
  assert.match(page.url(), /deals$/);
});

test("owners are found by name among those whom the API offers, ten at most", async () => {
  const page = await demo.open("anna", DEALS);
  await open(page, "Owner");
  const offered = await page.locator("#people strong").allInnerTexts();
  assert(offered.length <= 12, offered.join());
  await page.getByLabel("Find by name").fill("cleo");
  await page.waitForFunction(() => [...document.querySelectorAll("#people small")].length === 1);
  await page.locator("#people").getByRole("link", { name: /Cleo Martin/ }).click();
  await page.waitForURL(/owner=mbr_/);
  const owner = new URL(page.url()).searchParams.get("owner");
  assert.deepEqual(await shown(page), await found(page, `owner=${owner}`));
});

test("typing in the search keeps the filter, and the chips keep what is typed", async () => {
  const page = await demo.open("anna", `${DEALS}?open=true`);
  await page.keyboard.press("/");
  await page.keyboard.type("re");
  await page.waitForURL(/q=re/);
  assert.match(page.url(), /open=true/);
  assert.match(await page.getByRole("link", { name: "Remove the filter State" }).getAttribute("href"), /q=re/);
});

test("columns are chosen, and are part of the address", async () => {
  const page = await demo.open("anna", DEALS);
  await page.locator(".column-menu > summary").click();
  await page.locator(".column-menu").getByLabel("Changed").check();
  await page.locator(".column-menu").getByLabel("Stage").uncheck();
  await page.locator(".column-menu").getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/columns=/);
  const heads = await page.getByRole("columnheader").allInnerTexts();
  assert(heads.includes("Changed") && !heads.includes("Stage"), heads.join());
});

for (const dark of [false, true]) {
  for (const phone of [false, true]) {
    test(`menus and forms over a list are accessible, ${dark ? "dark" : "light"}, ${phone ? "phone" : "desktop"}`, async () => {
      const page = await demo.open("anna", `${DEALS}?open=true`, { dark, phone });
      // What does not depend on the theme is asked once.
      const rules = dark ? COLOURS : [];
      for (const menu of [".parts", ".column-menu"]) {
        await page.locator(`${menu} > summary`).click();
        await accessible(page, rules, menu);
        await page.locator(`${menu} > summary`).click();
      }
      for (const part of ["Amount", "Owner", "Created", "State"]) {
        await page.goto(DEALS);
        await open(page, part);
        await accessible(page, rules);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert(overflow <= 0, `${part}: ${overflow} px wider than the screen`);
      }
    });
  }
}
