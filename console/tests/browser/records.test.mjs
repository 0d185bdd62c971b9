// Records: the list and its selection, one record, the palette, and what is hidden without access.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();

const records = async (page, workspace, entity, query = "") => {
  const { items } = await demo.api(page, workspace).get(`/records/${entity}?limit=20${query}`);
  return items;
};

for (const dark of [false, true]) {
  for (const phone of [false, true]) {
    test(`the pages of records are accessible, ${dark ? "dark" : "light"}, ${phone ? "phone" : "desktop"}`, async () => {
      const page = await demo.open("anna", "/workspace/team-management/records/deals", { dark, phone });
      const [first] = await records(page, "team-management", "deals");
      const base = "/workspace/team-management";
      for (const path of ["/records/deals", "/records/deals?view=board", "/records/deals/new", "/records/deals/import", `/records/deals/${first.id}`,
        `/records/deals/${first.id}/edit`, `/records/deals/${first.id}/reassign`, `/records/deals/${first.id}/delete`, "/dashboard", "/reports",
        "/reports/new", "/search?q=a", "/palette"]) {
        await page.goto(base + path);
        await accessible(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert(overflow <= 0, `${path}: ${overflow} px wider than the screen`);
      }
    });
  }
}

test("CRM-159 CRM-160 an owner opens the record and edits the field Owner", async () => {
  const page = await demo.open("anna", "/workspace/team-management/records/deals");
  await page.locator(".records a.open").first().click();
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  const owner = page.getByLabel("Owner");
  const names = await owner.locator("option").allInnerTexts();
  const chosen = await owner.locator("option:checked").innerText();
  const other = names.find((name) => name !== chosen && name !== "Unassigned");
  await owner.selectOption({ label: other });
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.waitForSelector(".record");
  assert.match(await page.innerText(".facts"), new RegExp(`Owner\\s+\\S*\\s*${other}`));
  assert.match(await page.innerText(".timeline"), new RegExp(`reassigned it from .* to ${other}`));
});

test("HARI-114 the rail shows exactly the record types that the user can access", async () => {
  for (const person of ["anna", "ben", "cleo", "david"]) {
    const page = await demo.open(person, "/workspace/hari");
    const api = demo.api(page, "hari");
    const { items } = await api.get("/schema/entities").catch(() => ({ items: [] }));
    const shown = await page.locator(".rail li a[href*='/records/']").evaluateAll((links) => links.map((link) => link.pathname.split("/").pop()));
    const open = [];
    for (const { key } of items) {
      const answer = await page.context().request.get(`/api/v1/workspaces/hari/records/${key}`);
      if (answer.ok()) open.push(key);
    }
    assert.deepEqual(shown.sort(), open.sort(), person);
  }
});

test("HALO-200 HALO-201 what a teammate cannot access is in no menu, and its page is refused", async () => {
  for (const person of ["ben", "cleo", "david", "elif", "farah"]) {
    const page = await demo.open(person, "/workspace/halo");
    const shown = await page.locator(".rail li a[href*='/workspace/halo/']").evaluateAll((links) => links.map((link) => link.pathname));
    for (const key of ["inbox", "automation", "ai_agents", "knowledge", "contacts", "companies", "help_center"]) {
      const api = await page.context().request.get(`/api/v1/workspaces/halo/records/${key}`);
      const answer = await page.context().request.get(`/workspace/halo/records/${key}`);
      assert.equal(answer.ok(), api.ok(), `${person} ${key}`);
      assert.equal(shown.includes(`/workspace/halo/records/${key}`), api.ok(), `${person} ${key}`);
    }
    const module = await page.context().request.get("/workspace/halo/modules/ask_ai");
    assert.equal(shown.includes("/workspace/halo/modules/ask_ai"), module.ok(), person);
  }
});

test("a selection offers what applies, with counts, and moves the records to a stage", async () => {
  const page = await demo.open("anna", "/workspace/team-management/records/deals?stage=lead");
  assert.equal(await page.locator(".selection").isVisible(), false);
  const boxes = page.locator("[name=record]");
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  assert.match(await page.innerText(".selection"), /2 selected/);
  await page.getByRole("button", { name: /Move stage 2/ }).click();
  await page.getByLabel("Stage", { exact: true }).selectOption({ label: "Won" });
  await page.getByRole("button", { name: /Move 2 deals/ }).click();
  await page.waitForSelector(".toast");
  assert.match(await page.innerText(".toast"), /Done: 2 deals/);
});

test("the palette opens with Ctrl K, follows what is typed, and goes where the arrows lead", async () => {
  const page = await demo.open("anna", "/workspace/team-management/records/deals");
  await page.keyboard.press("Control+k");
  await page.waitForSelector("#palette[open] input:focus");
  await page.keyboard.type("cleo");
  await page.waitForFunction(() => /Cleo Martin/.test(document.querySelector("#palette-results").innerText));
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.closest(".palette") !== null && document.activeElement.tagName), "A");
  await page.keyboard.press("Enter");
  await page.waitForURL(/settings\/team/);
  await page.goto("/workspace/team-management/records/deals");
  await page.keyboard.press("Control+k");
  await page.waitForSelector("#palette[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#palette:not([open])", { state: "attached" });
});

test("the search of a list follows what is typed, and the address keeps it", async () => {
  const page = await demo.open("anna", "/workspace/team-management/records/deals");
  await page.keyboard.press("/");
  await page.keyboard.type("zzzz");
  await page.waitForFunction(() => /Nothing that you see matches/.test(document.querySelector("#list").innerText));
  assert.match(page.url(), /q=zzzz/);
});

test("an import shows what is wrong by line, then creates all correct lines", async () => {
  const page = await demo.open("anna", "/workspace/team-management/records/deals/import");
  await page.getByLabel("CSV").fill("Name;Amount\nFirst;100\nSecond;a lot\n");
  await page.getByRole("button", { name: "Check" }).click();
  assert.match(await page.innerText("main"), /1 of 2 lines can be imported/);
  assert.match(await page.innerText("main"), /3\s+Amount/);
  await page.getByLabel("CSV").fill("Name;Amount\nFirst;100\nSecond;200\n");
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByRole("button", { name: "Import 2 deals" }).click();
  await page.waitForSelector(".toast");
  assert.match(await page.innerText(".records"), /Second/);
});
