// The Schema Editor's matrix of profiles, and the keys of every matrix.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();
const SCHEMA = "/workspace/hari/settings/schema";
const cell = (page, label) => page.getByRole("combobox", { name: label, exact: true });
const saved = (page, text) => page.locator(".toast", { hasText: text }).waitFor();

test("HARI-028, HARI-029, HARI-030, HARI-033, HARI-034, HARI-035: Settings, Schema, Contact, Permissions: every profile with a grant, in coloured badges", async () => {
  const page = await demo.open("anna", "/workspace/hari");
  const api = demo.api(page, "hari");
  await page.locator(".rail").getByRole("link", { name: "Settings" }).click();
  await page.locator(".rail").getByRole("link", { name: "Schema" }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Schema Editor");
  const listed = await page.locator("tbody tr").count();
  assert.equal(listed, (await api.get("/schema/entities")).items.length);
  await page.getByRole("link", { name: "Contacts", exact: true }).click();
  assert.match(await page.locator(".crumbs").innerText(), /Schema Editor/);
  await page.getByRole("link", { name: "Permissions", exact: true }).click();

  const profiles = (await api.get("/profiles")).items.filter((one) => Object.values(one.matrix.contacts).some((scope) => scope !== "none"));
  assert.deepEqual(await page.locator("th[scope=row]").allInnerTexts(), profiles.map((one) => one.name));
  const hues = {};
  for (const profile of profiles) {
    for (const [action, scope] of Object.entries(profile.matrix.contacts)) {
      const verb = action[0].toUpperCase() + action.slice(1);
      const badge = cell(page, `${profile.name}: ${verb}`);
      const text = await badge.evaluate((select) => select.selectedOptions[0].text);
      assert.equal(text, scope[0].toUpperCase() + scope.slice(1), `${profile.name} ${action}`);
      hues[scope] = await badge.evaluate((select) => getComputedStyle(select).backgroundColor + getComputedStyle(select).color);
    }
  }
  assert.equal(new Set(Object.values(hues)).size, Object.keys(hues).length, "each scope has its colour");
  await accessible(page);
});

test("a cell of the schema's matrix is previewed and saved, and a profile without a grant is shown on demand", async () => {
  const page = await demo.open("anna", `${SCHEMA}/leads/permissions`);
  const api = demo.api(page, "hari");
  const finance = (await api.get("/profiles")).items.find((one) => one.name === "Finance");
  assert.equal(await cell(page, "Finance: Read").count(), 0);
  await page.getByRole("link", { name: "Show those without a grant" }).click();
  await cell(page, "Finance: Read").selectOption("team");
  await page.locator("#foot").getByText(/Saving|No member/).waitFor();
  await page.getByRole("button", { name: "Save 1 change" }).click();
  await saved(page, "1 change is saved");
  assert.equal((await api.get(`/profiles/${finance.id}`)).matrix.leads.read, "team");
  await page.goto(`${SCHEMA}/leads/permissions`);
  assert.equal(await cell(page, "Finance: Read").inputValue(), "team");
});

test("a matrix is a grid for the keyboard", async () => {
  const page = await demo.open("anna", `${SCHEMA}/contacts/permissions`);
  const focused = () => page.evaluate(() => [document.activeElement.getAttribute("aria-label"), document.activeElement.value]);
  assert.equal(await page.locator("table.matrix").getAttribute("role"), "grid");
  assert.equal(await page.locator(".matrix select[tabindex='0']").count(), 1, "one stop for Tab");
  await page.locator(".matrix select").first().focus();
  assert.deepEqual(await focused(), ["Finance: Create", "none"]);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  assert.deepEqual(await focused(), ["Manager: Read", "all"]);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("End");
  assert.deepEqual(await focused(), ["Finance: Delete", "none"]);
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await focused(), ["Finance: Delete", "none"], "the last cell of the row");
  for (const [key, value] of [["a", "all"], ["t", "team"], ["o", "own"], ["n", "none"], ["T", "team"]]) {
    await page.keyboard.press(key);
    assert.deepEqual(await focused(), ["Finance: Delete", value]);
  }
  await page.keyboard.press("d");
  assert.deepEqual(await focused(), ["Finance: Delete", "team"], "profiles have no Department");
  await page.getByRole("button", { name: "Save 1 change" }).waitFor();
  await page.locator(".matrix select[aria-label='Finance: Delete']").focus();
  await page.keyboard.press("Escape");
  assert.deepEqual(await focused(), ["Finance: Delete", "none"]);
  await page.getByRole("button", { name: "Save", exact: true }).waitFor();
  await page.keyboard.press("Home");
  assert.deepEqual(await focused(), ["Finance: Create", "none"]);
  await page.keyboard.press("Tab");
  assert.notEqual((await focused())[0], "Finance: Read", "Tab leaves the matrix");
  await accessible(page);
});

test("a field is added, renamed and refused, and what was typed stays", async () => {
  const page = await demo.open("anna", `${SCHEMA}/companies`);
  const api = demo.api(page, "hari");
  await page.getByLabel("Name", { exact: true }).fill("Rating");
  await page.getByLabel("Key", { exact: true }).fill("rating");
  await page.getByLabel("Type").selectOption("choice");
  await page.getByLabel("Options of a choice, one a line").fill("A\nB");
  await page.getByRole("button", { name: "Save fields" }).click();
  await page.locator(".toast").waitFor();
  const fields = () => api.get("/schema/entities/companies").then((one) => one.fields);
  assert.deepEqual((await fields()).find((field) => field.key === "rating").options.map((one) => one.name), ["A", "B"]);

  await page.getByLabel("Name", { exact: true }).fill("Again");
  await page.getByLabel("Key", { exact: true }).fill("rating");
  await page.getByRole("button", { name: "Save fields" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Again");
  await accessible(page);
});

test("a stale form of fields keeps what was typed and says what another person changed", async () => {
  const page = await demo.open("anna", `${SCHEMA}/invoices`);
  const api = demo.api(page, "hari");
  const other = await demo.open("anna", `${SCHEMA}/invoices`);
  await other.getByLabel("Name, plural").fill("Bills");
  await other.getByRole("button", { name: "Save fields" }).click();
  await other.locator(".toast").waitFor();

  await page.getByLabel("Name of one").fill("Slip <i>");
  await page.getByRole("button", { name: "Save fields" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.innerText(), /saved first/);
  assert.equal(await page.getByLabel("Name of one").inputValue(), "Slip <i>");
  assert.equal((await api.get("/schema/entities/invoices")).name, "Bills");
});
