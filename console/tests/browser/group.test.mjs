// Teams, departments and profiles: made, changed with a preview, and walked with the keyboard.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();
const BASE = "/workspace/standard/settings";
const named = (list, name) => list.items.find((one) => one.name === name);
const saved = (page, text) => page.locator(".toast", { hasText: text }).waitFor();

test("a team gets a profile and members, and gives its members what the profile says", async () => {
  const page = await demo.open("anna", `${BASE}/teams`);
  const api = demo.api(page, "standard");
  await page.getByRole("link", { name: "New team" }).click();
  await page.getByLabel("Name").fill("Basel <b>");
  await page.getByLabel("Profile", { exact: true }).selectOption({ label: "Finance" });
  await page.getByLabel(/^Team: members reach/).check();
  await accessible(page);
  await page.getByRole("button", { name: "Create team" }).click();
  await saved(page, "Basel <b> is created");
  const team = named(await api.get("/teams"), "Basel <b>");
  assert.deepEqual([team.profile_name, team.record_sharing, team.members], ["Finance", "team", 0]);

  await page.getByRole("link", { name: /Members/ }).last().click();
  await page.locator("main select[name=member]").selectOption({ label: "Gustav Lindqvist" });
  await page.getByRole("button", { name: "Add member" }).click();
  await saved(page, "Gustav Lindqvist is in the team now");
  const gustav = (await api.get("/members?q=gustav")).items[0];
  const rights = async () => JSON.stringify(await api.get(`/members/${gustav.id}/access`));
  assert.match(await rights(), /Finance/);
  await page.getByRole("button", { name: "Remove Gustav Lindqvist from the team" }).click();
  await saved(page, "Gustav Lindqvist is no longer in the team");
  assert.equal(named(await api.get("/teams"), "Basel <b>").members, 0);
  assert.doesNotMatch(await rights(), /Finance/);
});

test("another profile of a team is previewed, and a stale form keeps what was typed", async () => {
  const page = await demo.open("anna", `${BASE}/teams`);
  const api = demo.api(page, "standard");
  await page.getByRole("link", { name: "Zurich", exact: true }).click();
  const id = page.url().split("/").at(-1);
  await page.getByLabel("Profile", { exact: true }).selectOption({ label: "Read-only" });
  await page.locator("#foot").getByText(/gives|takes|No member/).first().waitFor();
  await api.patch(`/teams/${id}`, { description: "Changed elsewhere" });
  await page.getByLabel("Name").fill("Zürich <i>");
  await page.locator("#foot").getByRole("button", { name: /^Save/ }).click();
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /saved first[\s\S]*Description/);
  assert.equal(await page.getByLabel("Name").inputValue(), "Zürich <i>");
  assert.equal(await page.getByLabel("Description").inputValue(), "Changed elsewhere", "what another person saved stays");
  await page.locator("#foot").getByRole("button", { name: /^Save/ }).click();
  await saved(page, "Zürich <i> is saved");
  const team = await api.get(`/teams/${id}`);
  assert.deepEqual([team.name, team.description, team.profile_name], ["Zürich <i>", "Changed elsewhere", "Read-only"]);
});

test("the tree of departments is walked and changed with the keyboard alone", async () => {
  const page = await demo.open("anna", `${BASE}/departments`);
  const api = demo.api(page, "standard");
  const tree = page.getByRole("navigation", { name: "Departments" });
  await tree.getByRole("link").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  assert.match(await page.evaluate(() => document.activeElement.innerText), /Sales North/);
  await page.keyboard.press("End");
  assert.match(await page.evaluate(() => document.activeElement.innerText), /Service/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Service" }).waitFor();
  await page.getByLabel("Below").focus();
  await page.keyboard.type("Sales");
  await page.locator("#foot").getByText(/gives|takes|No member/).first().waitFor();
  await page.locator("#foot").getByRole("button", { name: /^Save/ }).focus();
  await page.keyboard.press("Enter");
  await saved(page, "Service is saved");
  const list = await api.get("/departments");
  assert.equal(named(list, "Service").parent, named(list, "Sales").id);
  await accessible(page);

  await page.getByLabel("Visibility of").first().selectOption("all");
  await page.locator(".toast").waitFor();
  const members = (await api.get("/members?limit=100")).items.filter((one) => one.department === named(list, "Service").id);
  assert(members.some((one) => one.visibility === "all"));
});

test("a department without a name, or below itself, is refused", async () => {
  const page = await demo.open("anna", `${BASE}/departments`);
  await page.getByRole("link", { name: "New department" }).click();
  await page.getByLabel("Name").fill("Sales");
  await page.getByRole("button", { name: "Create department" }).click();
  await page.locator("[aria-invalid=true]").waitFor();
  assert.equal(await page.getByLabel("Name").inputValue(), "Sales");
  await accessible(page);
});

test("a profile that was edited differs from its template, and is compared with it", async () => {
  const page = await demo.open("anna", "/workspace/hari/settings/profiles");
  const api = demo.api(page, "hari");
  await page.locator(".side-list").getByRole("link", { name: /^Marketing/ }).click();
  const cell = page.getByRole("combobox", { name: "Contacts: Delete", exact: true });
  const template = await cell.inputValue();
  await cell.selectOption("none");
  await page.getByRole("button", { name: "Save 1 change" }).click();
  await saved(page, "Marketing is saved");
  await page.getByRole("link", { name: /Differs from its template in 1 place/ }).click();
  assert.match(await page.locator("table.compare").innerText(), /Contacts delete/);
  await page.goBack();
  await page.getByRole("link", { name: "Back to the template" }).click();
  await page.getByRole("button", { name: "Save 1 change" }).click();
  await saved(page, "Marketing is saved");
  const profile = named(await api.get("/profiles"), "Marketing");
  assert.equal(profile.matrix.contacts.delete, template);
});
