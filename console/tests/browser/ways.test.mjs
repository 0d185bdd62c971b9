// The ways to the pages of settings, as the behaviours describe them: what is clicked, and what is there.
import { test } from "node:test";
import { assert, start } from "./harness.mjs";

const demo = await start();

/** Opens a page of the settings of a workspace by its link in the rail. */
async function settings(workspace, name, person = "anna") {
  const page = await demo.open(person, `/workspace/${workspace}`);
  const rail = page.locator(".console > .rail");
  await rail.getByRole("link", { name: "Settings", exact: true }).click();
  await rail.getByRole("link", { name, exact: true }).click();
  await rail.locator("a[aria-current=page]", { hasText: name }).waitFor();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), name);
  return page;
}

const main = (page) => page.locator("main");
const saved = (page) => page.locator(".toast").waitFor();

test("HARMONIA-88: Settings, Authentication has single sign-on and who may join", async () => {
  const page = await settings("harmonia", "Authentication");
  assert.match(await main(page).innerText(), /Single sign-on/);
  await page.locator("#f-domains").fill("example.com");
  await main(page).locator("button.primary").click();
  await saved(page);
  assert.deepEqual((await demo.api(page, "harmonia").get("/settings/authentication")).allowed_domains, ["example.com"]);
});

test("HALO-222: Settings, Security has the second factor, the session timeout, and the API keys", async () => {
  const page = await settings("halo", "Security");
  const parts = await main(page).locator("h2").allInnerTexts();
  assert(parts.includes("Session timeout") && parts.includes("Two-factor authentication"), parts.join());
  await main(page).getByRole("heading", { name: "API keys" }).waitFor();
  await main(page).locator("a[href$='/settings/api-keys']").click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "API keys");
});

test("HARMONY-64: Settings, General has the name and the logo of the organization", async () => {
  const page = await settings("harmony", "General");
  await page.getByLabel("Name", { exact: true }).fill("Renamed");
  await main(page).locator("form[action$='/general/name'] button").click();
  await saved(page);
  assert.match(await page.locator(".console > .rail .switcher summary").innerText(), /Renamed/);
  const dot = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  await main(page).locator("input[type=file]").first().setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: dot });
  await main(page).locator("[data-picture-shown] img").first().waitFor();
  await main(page).locator("form[action$='/settings/general'] button").click();
  await saved(page);
  await page.locator(".console > .rail .switcher summary img").waitFor();
});

test("HARMONY-49 HARMONY-50 HARMONY-56: Settings, Danger zone deletes the account, by its address, after the word DELETE", async () => {
  const page = await settings("harmony", "Danger zone");
  assert.equal(new URL(page.url()).pathname, "/workspace/harmony/settings/delete");
  await main(page).getByRole("link", { name: "Delete account" }).click();
  const dialog = page.getByRole("dialog");
  const button = dialog.locator("button.danger");
  for (const word of ["", "delete", "harmony"]) {
    await dialog.getByRole("textbox").fill(word);
    assert(await button.isDisabled(), word);
  }
  await dialog.getByRole("textbox").fill("DELETE");
  assert(await button.isEnabled());
});

test("HARI-099 HARI-100 HARI-101 HARI-104: Settings, Teams, a team, with the tabs Permissions and Members", async () => {
  const page = await settings("hari", "Teams");
  const { items } = await demo.api(page, "hari").get("/teams");
  assert.deepEqual((await page.locator("tbody a.open").allInnerTexts()).toSorted(), items.map((one) => one.name).toSorted());
  const team = items.find((one) => one.members > 0);
  await page.getByRole("link", { name: team.name, exact: true }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), team.name);
  const tabs = page.getByRole("navigation", { name: team.name });
  assert.match(await tabs.locator("[aria-current]").innerText(), /Permissions/);
  await page.getByLabel("Profile", { exact: true }).waitFor();
  await tabs.getByRole("link", { name: /^Members/ }).click();
  await page.waitForURL(/\/members$/);
  assert.equal(await page.getByRole("button", { name: /from the team$/ }).count(), team.members);
  await tabs.getByRole("link", { name: "Permissions" }).click();
  await page.locator("table.matrix").first().waitFor();
});

test("CRM-170: Settings, Departments sets how far each of its members sees", async () => {
  const page = await settings("team-management", "Departments");
  const api = demo.api(page, "team-management");
  const { items: members } = await api.get("/members?limit=100");
  const one = members.find((known) => known.department && known.role === "user");
  await page.locator(`.tree a[href$='${one.department}']`).click();
  for (const visibility of ["own", "all"]) {
    await page.getByRole("combobox", { name: `Visibility of ${one.name}` }).selectOption(visibility);
    await saved(page);
    assert.equal((await api.get(`/members/${one.id}`)).visibility, visibility);
    await page.reload();
    assert.equal(await page.getByRole("combobox", { name: `Visibility of ${one.name}` }).inputValue(), visibility);
  }
});
