// What every page has: the rail, keys, no script errors, nothing for axe to find.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();

for (const dark of [false, true]) {
  for (const phone of [false, true]) {
    test(`the team page is accessible, ${dark ? "dark" : "light"}, ${phone ? "phone" : "desktop"}`, async () => {
      const page = await demo.open("anna", "/workspace/standard/settings/team", { dark, phone });
      await accessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert(overflow <= 0, `${overflow} px wider than the screen`);
    });
  }
}

test("the slash moves to the search, and the list follows what is typed", async () => {
  const page = await demo.open("anna", "/workspace/standard/settings/team");
  await page.keyboard.press("/");
  await page.keyboard.type("cleo");
  await page.waitForFunction(() => document.querySelectorAll("#list tbody tr").length === 1);
  assert.match(await page.innerText("#list"), /Cleo Martin/);
  assert.match(page.url(), /q=cleo/);
});

test("the menu of the switcher loads the workspaces, and closes with Escape", async () => {
  const page = await demo.open("anna", "/workspace/standard/settings/team");
  await page.click(".rail .switcher summary");
  await page.waitForSelector(".rail .switcher .menu-panel a[aria-current]");
  assert.equal(await page.locator(".rail .switcher .menu-panel a").count(), 6);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".rail .switcher details[open]").count(), 0);
});
