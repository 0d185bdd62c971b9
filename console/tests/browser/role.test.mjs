// Roles and permissions: created, copied, edited with a preview, given, compared, and taken back.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();
const ROLES = "/workspace/team-management/settings/roles";

const named = async (api, name) => (await api.get("/roles")).items.find((role) => role.name === name);
const member = async (api, name) => (await api.get("/members?limit=100")).items.find((one) => one.name.startsWith(name));
const cell = (page, label) => page.getByRole("combobox", { name: label, exact: true });
const saved = (page, text) => page.locator(".toast", { hasText: text }).waitFor();

test("CRM-108, CRM-109, CRM-111: a role is created under Settings, Roles & Permissions, per module", async () => {
  const page = await demo.open("anna", "/workspace/team-management");
  const api = demo.api(page, "team-management");
  await page.locator(".rail").getByRole("link", { name: "Settings" }).click();
  await page.locator(".rail").getByRole("link", { name: "Roles & Permissions" }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Roles & Permissions");
  await page.getByRole("link", { name: "New Role" }).click();
  await page.getByLabel("Name").fill("Support agent");
  await page.getByLabel("Description").fill("Answers tickets");
  await cell(page, "Contacts: View").selectOption("all");
  await cell(page, "Tickets: View").selectOption("all");
  await cell(page, "Tickets: Update").selectOption("own");
  await accessible(page);
  await page.getByRole("button", { name: "Create role" }).click();
  await saved(page, "Support agent is created");

  const role = await named(api, "Support agent");
  assert.equal(role.description, "Answers tickets");
  assert.equal(role.members, 0);
  assert.deepEqual(role.matrix, { contacts: { read: "all" }, tickets: { read: "all", update: "own" } });
  assert.match(await page.locator(".side").innerText(), /Support agent\s*0/);
  await page.goBack();
  await page.waitForURL(/roles\/new$/);
  assert.equal(await page.getByRole("button", { name: "Create role" }).isEnabled(), true);
});

test("CRM-111: an edit says who gains and loses what before it is saved, and marks what is changed", async () => {
  const page = await demo.open("anna", ROLES);
  const api = demo.api(page, "team-management");
  const role = await api.post("/roles", { name: "Caller", grants: ["contacts:read:all", "contacts:update:own"] });
  const ivo = await member(api, "Ivo");
  await api.patch(`/members/${ivo.id}`, { role: role.id });
  await page.goto(`${ROLES}/${role.id}`);

  await cell(page, "Contacts: Delete").selectOption("all");
  await cell(page, "Contacts: Update").selectOption("none");
  await page.getByText("gives one person").waitFor();
  const foot = page.locator("#foot");
  assert.match(await foot.innerText(), /gives one person delete on Contacts[\s\S]*takes from one person update on Contacts/);
  assert.match(await foot.getByRole("button", { name: /^Save/ }).innerText(), /Save 2 changes/);
  await foot.getByText("Show by person").click();
  assert.match(await foot.innerText(), /Ivo Novák/);
  assert.deepEqual((await named(api, "Caller")).matrix, { contacts: { read: "all", update: "own" } }, "a preview saves nothing");
  await accessible(page);

  await foot.getByRole("button", { name: "Save 2 changes" }).click();
  await saved(page, "Caller is saved");
  assert.deepEqual((await named(api, "Caller")).matrix, { contacts: { read: "all", delete: "all" } });
});

test("HARMONY-71: a role that was edited says that it differs, leads to the comparison, and goes back", async () => {
  const page = await demo.open("anna", ROLES);
  const api = demo.api(page, "team-management");
  const role = await api.post("/roles", { name: "Drifter", grants: ["contacts:read:all"] });
  await page.goto(`${ROLES}/${role.id}`);
  assert.equal(await page.getByText("Differs from").count(), 0);
  await cell(page, "Deals: View").selectOption("own");
  await page.getByRole("button", { name: "Save 1 change" }).click();
  await saved(page, "Drifter is saved");

  assert.equal(await page.locator(".side li", { hasText: "Drifter" }).getByRole("img", { name: "differs from how it was created" }).count(), 1);
  await page.getByRole("link", { name: "Differs from how it was created in 1 place" }).click();
  await page.getByText("One of 2 rights differs.").waitFor();
  assert.match(await page.locator("table.compare").innerText(), /Deals view\s+None\s+Own/);
  await page.getByRole("link", { name: "Preview the change" }).click();
  await page.getByRole("button", { name: "Save 1 change" }).click();
  await saved(page, "Drifter is saved");
  assert.deepEqual((await named(api, "Drifter")).matrix, { contacts: { read: "all" } });
  assert.equal(await page.getByText("Differs from").count(), 0);
});

test("a copy has the cells of its model, and a history says who did what", async () => {
  const page = await demo.open("anna", ROLES);
  const api = demo.api(page, "team-management");
  await api.post("/roles", { name: "Model", grants: ["accounts:read:all", "accounts:create:all"] });
  await page.goto(ROLES);
  await page.locator(".side").getByRole("link", { name: /^Model/ }).click();
  await page.getByRole("link", { name: "Copy", exact: true }).click();
  assert.equal(await page.getByLabel("Name").inputValue(), "Copy of Model");
  await cell(page, "Accounts: Delete").selectOption("own");
  await page.getByRole("button", { name: "Create role" }).click();
  await saved(page, "Copy of Model is created");
  assert.deepEqual((await named(api, "Copy of Model")).matrix, { accounts: { create: "all", delete: "own", read: "all" } });
  assert.deepEqual((await named(api, "Model")).matrix, { accounts: { create: "all", read: "all" } });

  await cell(page, "Accounts: Delete").selectOption("none");
  await page.getByRole("button", { name: "Save 1 change" }).click();
  await saved(page, "Copy of Model is saved");
  await page.getByRole("link", { name: "History" }).click();
  const drawer = page.getByRole("dialog", { name: "History of Copy of Model" });
  assert.match(await drawer.innerText(), /Anna Keller changed the role[\s\S]*−[\s\S]*accounts:delete:own[\s\S]*Anna Keller created the role/);
  await accessible(page);
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
});

test("members are assigned to a role by a search, and have it from then on", async () => {
  const page = await demo.open("anna", ROLES);
  const api = demo.api(page, "team-management");
  const role = await api.post("/roles", { name: "Closer", grants: ["deals:read:all"] });
  await page.goto(`${ROLES}/${role.id}`);
  await page.getByRole("link", { name: "Assign members" }).click();
  await page.getByRole("searchbox", { name: "Search name or email" }).last().fill("hana");
  await page.waitForFunction(() => document.querySelectorAll("#candidates li").length === 1);
  await page.getByRole("checkbox", { name: /Hana Sato/ }).check();
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Assign members" }).click();
  await saved(page, "One member has the role now");
  assert.equal((await member(api, "Hana")).role, role.id);
  assert.match(await page.locator("main").innerText(), /1 member: Hana Sato/);

  await page.getByRole("link", { name: "Delete role" }).click();
  assert.match(await page.getByRole("dialog").innerText(), /It can be deleted when no member has it/);
  await page.getByRole("dialog").getByRole("button", { name: "Delete role" }).click();
  await page.getByRole("alert").waitFor();
  assert(await named(api, "Closer"), "a role in use is not deleted");
  await api.patch(`/members/${(await member(api, "Hana")).id}`, { role: "user" });
  await page.goto(`${ROLES}/${role.id}/delete`);
  await page.getByRole("dialog").getByRole("button", { name: "Delete role" }).click();
  await saved(page, "Closer is deleted");
  assert.equal(await named(api, "Closer"), undefined);
});

test("a stale form keeps what was chosen, and says what another person changed", async () => {
  const page = await demo.open("anna", ROLES);
  const api = demo.api(page, "team-management");
  const role = await api.post("/roles", { name: "Shared", grants: ["contacts:read:all"] });
  await page.goto(`${ROLES}/${role.id}`);
  const other = await demo.open("ben", `${ROLES}/${role.id}`);
  await cell(other, "Deals: View").selectOption("all");
  await other.getByRole("button", { name: "Save 1 change" }).click();
  await saved(other, "Shared is saved");

  await page.getByLabel("Description").fill("Typed before <b>");
  await cell(page, "Contacts: Create").selectOption("all");
  await page.locator("#foot").getByRole("button", { name: /^Save/ }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.innerText(), /saved first and changed Deals: View/);
  assert.equal(await page.getByLabel("Description").inputValue(), "Typed before <b>");
  assert.equal(await cell(page, "Contacts: Create").inputValue(), "all");
  assert.equal(await cell(page, "Deals: View").inputValue(), "all", "what the other person saved stays");
  await page.locator("#foot").getByRole("button", { name: /^Save/ }).click();
  await saved(page, "Shared is saved");
  assert.deepEqual((await named(api, "Shared")).matrix, { contacts: { create: "all", read: "all" }, deals: { read: "all" } });
});

test("the form of a role refuses what it cannot take, shows it as text, and is sent once", async () => {
  const page = await demo.open("anna", `${ROLES}/new`);
  const api = demo.api(page, "team-management");
  const name = page.getByLabel("Name");
  await page.getByRole("button", { name: "Create role" }).click();
  assert(await name.evaluate((field) => field.validity.valueMissing));
  await name.fill("Owner");
  await page.getByRole("button", { name: "Create role" }).click();
  await page.getByText(/Owner/i).last().waitFor();
  assert.equal(await page.getByLabel("Name").getAttribute("aria-invalid"), "true");
  await accessible(page);
  await page.getByLabel("Name").fill("<img src=x onerror=alert(1)>");
  await page.getByRole("button", { name: "Create role" }).dblclick();
  await page.locator(".toast").waitFor();
  assert.match(await page.locator("main h2").first().innerText(), /<img src=x onerror=alert\(1\)>/);
  const made = (await api.get("/roles")).items.filter((role) => role.name.startsWith("<img"));
  assert.equal(made.length, 1, "a second click makes no second role");
  assert.deepEqual(page.faults, []);
});

test("the projections by resource and by person are accessible, in the dark and on a phone too", async () => {
  for (const phone of [false, true]) {
    const page = await demo.open("anna", `${ROLES}?by=resource`, { phone, dark: phone });
    await accessible(page);
    await page.getByRole("link", { name: "By person" }).click();
    await page.locator(".side-list a").nth(3).click();
    await accessible(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert(overflow <= 0, `${overflow} px wider than the screen`);
  }
});
