// The palette and the search: what the reader may open, by keyboard.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";
import { undecided } from "./undecided.mjs";

const demo = await start();
const DEALS = "/workspace/team-management/records/deals";

async function palette(options) {
  const page = await demo.open("anna", DEALS, options);
  await page.keyboard.press("Control+k");
  await page.waitForSelector("#palette[open] input:focus");
  return page;
}

const results = (page, text) => page.waitForFunction((wanted) => new RegExp(wanted).test(document.querySelector("#palette-results").innerText), text);
/** The names of the groups, without how many each has. */
const groups = async (page) =>
  (await page.locator("#palette-results h2").allInnerTexts()).map((text) => text.replace(/ [\d,]+\+?$/, ""));

test("the palette opens with Ctrl K, follows what is typed, and goes where the arrows lead", async () => {
  const page = await palette();
  await page.keyboard.type("cleo");
  await results(page, "Cleo Martin");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.closest(".palette") !== null && document.activeElement.tagName), "A");
  await page.keyboard.press("Enter");
  await page.waitForURL(/settings\/team\/mbr_/);
  assert.match(await page.innerText("main h1"), /Cleo Martin/);
});

test("the right arrow leads to what can be done with the best hit, and the menu of the member has the same", async () => {
  const page = await palette();
  await page.keyboard.type("@cleo");
  await results(page, "Do with Cleo Martin");
  const offered = await page.locator("[data-actions] a").evaluateAll((links) => links.map((link) => [link.innerText.trim(), link.pathname]));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.innerText.trim()), offered[0][0]);
  await page.keyboard.press("ArrowLeft");
  assert.match(await page.evaluate(() => document.activeElement.innerText), /Cleo Martin/);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(offered[0][1]));
  await page.goto("/workspace/team-management/settings/team?q=cleo");
  const menu = await page.locator("#list .menu-panel a").evaluateAll((links) => links.map((link) => [link.textContent.trim(), link.pathname]));
  assert.deepEqual(offered, menu);
  await page.goto("/workspace/team-management/search?q=%40nobody-has-this-name");
  assert.equal(await page.locator("[data-actions]").count(), 0);
});

test("where the best hit is a record, its actions are offered, and the page of the record has the same", async () => {
  const sizes = new Set();
  for (const [workspace, type, people] of [["team-management", "deals", ["anna", "ben", "elif"]], ["halo", "inbox", ["anna", "cleo", "gustav"]]]) {
    for (const person of people) {
      const page = await demo.open(person, "/workspaces", { shared: true });
      const answer = await page.context().request.get(`/api/v1/workspaces/${workspace}/records/${type}?limit=1`);
      const [record] = answer.ok() ? (await answer.json()).items : [];
      if (record) {
        await page.goto(`/workspace/${workspace}/search?q=${encodeURIComponent(`#${record.title}`)}`);
        const best = await page.locator("#palette-results li a").first().evaluate((link) => link.pathname);
        const offered = await page.locator("[data-actions] a").evaluateAll((links) => links.map((link) => [link.innerText.trim(), link.pathname]));
        await page.goto(best);
        const own = await page.locator(".head .actions a").evaluateAll((links) => links.map((link) => [link.textContent.trim(), link.pathname]));
        assert.deepEqual(offered, own, `${workspace} ${person}`);
        sizes.add(offered.length);
      }
      await page.context().close();
    }
  }
  assert(sizes.size > 1, [...sizes].join());
});

test("each member is offered what their list of members offers, some more than others", async () => {
  const sizes = new Set();
  for (const [workspace, people] of [["standard", ["ben", "farah"]], ["harmonia", ["ben", "cleo"]], ["harmony", ["cleo", "david"]], ["team-management", ["ben", "elif"]]]) {
    for (const person of people) {
      const page = await demo.open(person, null, { shared: true });
      const answer = await page.goto(`/workspace/${workspace}/settings/team?q=anna`);
      const menu = await page.locator("#list .menu-panel a[href]").evaluateAll((links) => links.map((link) => link.pathname));
      await page.goto(`/workspace/${workspace}/search?q=@anna`);
      const offered = await page.locator("[data-actions] a").evaluateAll((links) => links.map((link) => link.pathname));
      assert.deepEqual(offered, answer.status() === 200 ? menu : [], `${workspace} ${person}`);
      sizes.add(offered.length);
      await page.context().close();
    }
  }
  assert(sizes.size > 1, [...sizes].join());
});

test("Escape closes the palette, and a click beside it", async () => {
  const page = await palette();
  await page.keyboard.press("Escape");
  await page.waitForSelector("#palette:not([open])", { state: "attached" });
  await page.keyboard.press("Control+k");
  await page.waitForSelector("#palette[open]");
  await page.mouse.click(5, 400);
  await page.waitForSelector("#palette:not([open])", { state: "attached" });
});

test("@ finds members, # records, > pages, and nothing else", async () => {
  const page = await palette();
  const input = page.locator("#palette input");
  await input.fill("@cleo");
  await results(page, "Cleo Martin");
  assert.deepEqual(await groups(page), ["Users", "Do with Cleo Martin"]);
  const [record] = (await demo.api(page, "team-management").get("/records/deals?limit=1")).items;
  await input.fill(`#${record.title ?? record.fields.name}`);
  await results(page, "Deals");
  const kinds = await groups(page);
  assert(kinds.includes("Deals") && !kinds.includes("Users") && !kinds.includes("Pages"), kinds.join());
  await input.fill(">roles");
  await results(page, "Roles");
  assert.deepEqual(await groups(page), ["Pages"]);
  await input.fill(">nothing like this");
  await page.waitForFunction(() => document.querySelectorAll("#palette-results li").length === 0);
});

test("a member who may not read members finds none of them", async () => {
  let checked = 0;
  for (const person of ["ben", "cleo", "david", "elif", "farah", "gustav", "hana", "ivo"]) {
    const page = await demo.open(person, "/workspace/halo/search?q=@anna");
    const answer = await page.context().request.get("/api/v1/workspaces/halo/members");
    assert.equal(await page.locator("#palette-results li a").count() > 0, answer.ok(), person);
    if (!answer.ok()) checked++;
    await page.context().close();
  }
  assert(checked > 0);
});

test("the slash focuses the search of the page", async () => {
  const page = await demo.open("anna", "/workspace/team-management/search");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  await page.keyboard.type("cleo");
  await results(page, "Cleo Martin");
});

for (const dark of [false, true]) {
  for (const phone of [false, true]) {
    test(`the open palette and the search are accessible, ${dark ? "dark" : "light"}, ${phone ? "phone" : "desktop"}`, async () => {
      const page = await palette({ dark, phone });
      await page.keyboard.type("a");
      await page.waitForSelector("#palette-results li");
      assert.deepEqual(await undecided(page, await accessible(page)), []);
      await page.goto("/workspace/team-management/search?q=a");
      await accessible(page);
    });
  }
}
