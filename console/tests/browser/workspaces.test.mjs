// Several workspaces of one account: the switcher, the avatar, the choice.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";
import { team } from "./people.mjs";
import { undecided } from "./undecided.mjs";

const demo = await start();

/** Opens a menu of workspaces, and goes to one of them. */
async function change(page, menu, name) {
  await page.locator(`${menu} summary`).click();
  const panel = page.locator(`${menu} .menu-panel`);
  await panel.locator("a[aria-current]").waitFor();
  // An open menu covers parts of what is behind it.
  assert.deepEqual(await undecided(page, await accessible(page, [], `${menu} .menu-panel`)), []);
  await panel.getByRole("link", { name }).click();
}

for (const [ids, menu, where] of [
  ["HARMONIA-77 HARMONY-17 HARMONY-19 HARMONY-20", ".console > .rail .switcher", "the name in the top-left corner"],
  ["HARMONY-18 HARMONY-19 HARMONY-20", ".console > .rail .rail-foot", "the avatar"],
]) {
  test(`${ids}: ${where} switches to another workspace, with its address and its data`, async () => {
    const page = await demo.open("anna", team("harmonia"));
    if (menu.endsWith("switcher")) {
      const box = await page.locator(`${menu} summary`).boundingBox();
      assert(box.x < 40 && box.y < 40, JSON.stringify(box));
    }
    await page.evaluate(() => { window.stays = true; });
    const names = (await demo.api(page, "harmony").get("/members?limit=100")).items.map((one) => one.email);
    await change(page, menu, "Permission strings");
    await page.waitForURL(/\/workspace\/harmony/);
    assert.equal(await page.evaluate(() => window.stays), undefined, "the whole page is loaded");
    assert.match(await page.locator(".console > .rail .switcher summary").innerText(), /Permission strings/);
    await page.goto(team("harmony"));
    for (const email of names) await page.getByText(email, { exact: true }).first().waitFor();
    // A page of the other workspace does not follow: its address has its own.
    await page.goBack();
    await page.goto(team("harmonia"));
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Team");
  });
}

test("on a phone the workspaces are in the sheet", async () => {
  const page = await demo.open("anna", team("harmonia"), { phone: true });
  await page.getByLabel("Open the menu").click();
  await change(page, ".sheet .switcher", "Permission strings");
  await page.waitForURL(/\/workspace\/harmony/);
});

test("HARMONY-67: the page of a new workspace says that one is enough for a legal entity; teams are in one workspace", async () => {
  const page = await demo.open("anna", "/workspaces/new");
  await page.getByText("One workspace for one legal entity: teams keep its departments apart.").waitFor();
  await accessible(page);
  const api = demo.api(page, "harmony");
  for (const name of ["Legal", "Logistics"]) await api.post("/teams", { name });
  await page.goto("/workspace/harmony/settings/teams");
  for (const name of ["Legal", "Logistics"]) await page.getByText(name, { exact: true }).first().waitFor();
});

test("a person chooses among their workspaces, and one that they do not belong to does not exist", async () => {
  const page = await demo.open("kofi", "/workspaces");
  await accessible(page);
  const names = await page.locator(".choices strong").allInnerTexts();
  assert(names.length > 0);
  const answer = await page.goto("/workspace/nowhere");
  assert.equal(answer.status(), 404);
  await accessible(page);
});
