// Settings, the danger zone, the profile and the switcher, in a browser.
import { test } from "node:test";
import { accessible, assert, site } from "./harness.mjs";

const demo = site();

const PAGES = ["general", "branding", "modules", "security", "authentication", "api-keys", "integrations", "billing", "audit",
  "delete", "delete/account", "access-model"];

for (const dark of [false, true]) {
  for (const phone of [false, true]) {
    test(`settings are accessible and fit, ${dark ? "dark" : "light"}, ${phone ? "phone" : "desktop"}`, async () => {
      const page = await demo.open("anna", "/workspace/standard/profile", { dark, phone });
      for (const path of ["/workspace/standard/profile", "/workspaces", "/workspaces/new", ...PAGES.map((one) => `/workspace/standard/settings/${one}`)]) {
        await page.goto(path);
        await accessible(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert(overflow <= 0, `${path}: ${overflow} px wider than the screen`);
      }
    });
  }
}

test("HARMONY-17, HARMONY-18, HARMONY-19, HARMONY-20: a workspace is switched from its name and from the avatar", async () => {
  for (const place of [".rail .switcher", ".rail .rail-foot"]) {
    const page = await demo.open("anna", "/workspace/harmony/settings/general");
    const top = await page.locator(".rail .switcher summary").boundingBox();
    assert(top.x < 30 && top.y < 30, "the name of the workspace is at the top left");
    await page.click(`${place} summary`);
    await page.locator(`${place} .menu-panel a[href="/workspace/halo"]`).click();
    await page.waitForURL(/\/workspace\/halo\//);
    assert.match(await page.innerText(".rail .switcher .name"), /Levels and presets/);
    await page.context().close();
  }
});

test("HARMONIA-77: switching is one click in the open menu, on a phone too", async () => {
  const page = await demo.open("anna", "/workspace/harmonia/settings/general", { phone: true });
  await page.click(".sheet > summary");
  await page.click(".sheet .switcher summary");
  await page.locator('.sheet .switcher .menu-panel a[href="/workspace/hari"]').click();
  await page.waitForURL(/\/workspace\/hari\//);
});

test("HARMONY-49, HARMONY-50, HARMONY-56: the account is deleted in the danger zone by typing DELETE", async () => {
  const page = await demo.open("anna", "/workspace/harmony");
  await page.click(".rail-settings a");
  await page.click('.rail a[href="/workspace/harmony/settings/delete"]');
  await page.click('a[href="/workspace/harmony/settings/delete/account"]');
  const button = page.locator(".dialog button.danger");
  assert(await button.isDisabled());
  await page.fill("[data-word]", "delete");
  assert(await button.isDisabled(), "the word is DELETE exactly");
  await page.fill("[data-word]", "DELETE");
  assert(await button.isEnabled());
  await page.keyboard.press("Escape");
  await page.waitForURL(/settings\/delete$/);
});

test("HARMONY-64: logo and name are set on the General page, and the frame shows them", async () => {
  const page = await demo.open("anna", "/workspace/harmony/settings/general");
  const picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");
  await page.setInputFiles("input[data-picture=logo]", { name: "logo.png", mimeType: "image/png", buffer: picture });
  await page.waitForSelector("[data-picture-shown] img");
  await page.click('form[action$="/settings/general"] button:not([type])');
  await page.waitForSelector(".rail .switcher .logo img");
  await page.fill("#f-name", "Strings & Co");
  await page.click('form[action$="/settings/general/name"] button');
  await page.waitForFunction(() => document.querySelector(".rail .switcher .name").innerText === "Strings & Co");
});

test("the colour of the branding is in the frame of every page", async () => {
  const page = await demo.open("anna", "/workspace/hari/settings/branding");
  await page.fill("#f-colour", "#8a2be2");
  await page.click("button.primary");
  await page.waitForSelector('link[href$="theme.css?8a2be2"]', { state: "attached" });
  await page.goto("/workspace/hari/settings/general");
  const colour = await page.locator("button.primary").evaluate((button) => getComputedStyle(button).backgroundColor);
  assert.equal(colour, "rgb(138, 43, 226)");
});

test("HALO-222, HARMONIA-88: Security and Authentication are in the settings, and say what there is", async () => {
  const page = await demo.open("anna", "/workspace/halo/settings/security");
  for (const text of ["Two-factor authentication", "Session timeout", "API keys"]) assert.match(await page.innerText("main"), new RegExp(text));
  await page.goto("/workspace/harmonia");
  await page.click(".rail-settings a");
  await page.click('.rail a[href="/workspace/harmonia/settings/authentication"]');
  assert.match(await page.innerText("main"), /Single sign-on[\s\S]*(From|Included)/);
});

test("the language of the profile is that of the pages", async () => {
  const page = await demo.open("ivo", "/workspace/standard/profile");
  await page.selectOption("#f-locale", "de");
  await page.click("button.primary");
  await page.waitForSelector('html[lang="de"]');
  assert.equal(await page.innerText("h1"), "Profil");
});
