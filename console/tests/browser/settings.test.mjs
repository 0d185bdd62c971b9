// The settings of a workspace: keys, log, brand, bills and the end of it.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();
const settings = (workspace, page) => `/workspace/${workspace}/settings/${page}`;
const saved = (page, text) => page.locator(".toast", { hasText: text }).waitFor();

test("an API key is created, its secret is shown once, and it is revoked", async () => {
  const page = await demo.open("anna", settings("standard", "api-keys"));
  const api = demo.api(page, "standard");
  await page.getByLabel("Name").fill("Robot <b>");
  await page.getByRole("button", { name: "Create key" }).click();
  const secret = await page.locator("input[data-select]").inputValue();
  assert(secret.length > 20);
  await accessible(page);
  const call = (path) => page.context().request.get(`/api/v1/workspaces/standard${path}`, { headers: { authorization: `Bearer ${secret}`, cookie: "" } });
  assert.equal((await call("/me")).status(), 200);
  await page.goto(settings("standard", "api-keys"));
  assert(!(await page.content()).includes(secret), "the secret is shown once");
  const row = page.locator("tr", { hasText: "Robot <b>" });
  await row.getByRole("link", { name: /Revoke/ }).click();
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: /Revoke/ }).click();
  await page.locator(".toast").waitFor();
  assert(!(await api.get("/api-keys")).items.some((key) => key.name === "Robot <b>"));
  assert.equal((await call("/me")).status(), 401);
});

test("an API key is edited, and the second of two editors is told what the first has saved", async () => {
  const page = await demo.open("anna", settings("standard", "api-keys"));
  const api = demo.api(page, "standard");
  const made = await api.post("/api-keys", { name: "Sync", scopes: ["contacts:read"], networks: ["192.0.2.0/24"] });
  await page.reload();
  const row = page.locator("tr", { hasText: "Sync" });
  const drawer = page.getByRole("dialog");
  await row.getByRole("link", { name: "Edit Sync" }).click();
  await accessible(page);
  assert(await drawer.getByLabel("As it is").isChecked());
  await drawer.getByLabel("Name").fill("Sync at night");
  await drawer.locator("summary", { hasText: "Choose permissions" }).click();
  await drawer.getByRole("group", { name: "Contacts", exact: true }).getByLabel("Update").check();
  await drawer.getByLabel("Expires").selectOption({ label: "in 30 days" });

  await api.patch(`/api-keys/${made.id}`, { name: "Sync by Ben" });
  await drawer.getByRole("button", { name: "Save" }).click();
  await drawer.locator("text=Sync by Ben").first().waitFor();
  await accessible(page);
  assert.equal(await drawer.getByLabel("Name").inputValue(), "Sync at night", "nothing typed is lost");
  assert(await drawer.getByRole("group", { name: "Contacts", exact: true }).getByLabel("Update").isChecked());
  await drawer.getByRole("button", { name: "Save" }).click();
  await saved(page, "The key is saved");
  const now = await api.get(`/api-keys/${made.id}`);
  assert.deepEqual([now.name, now.scopes, now.networks], ["Sync at night", ["contacts:read,update"], ["192.0.2.0/24"]]);
  assert(now.expires_at);
  assert.match(await page.locator("tr", { hasText: "Sync at night" }).innerText(), /Contacts: read, update/);
});

test("who limits an API key to own records keeps the permissions that another person has added, or is told of them", async () => {
  const page = await demo.open("anna", settings("standard", "api-keys"), { javaScriptEnabled: false });
  const api = demo.api(page, "standard");
  const { id } = await api.post("/api-keys", { name: "Nightly", scopes: ["contacts:read"] });
  const drawer = page.getByRole("dialog");
  const contacts = drawer.getByRole("group", { name: "Contacts", exact: true });
  const open = async () => {
    await page.goto(`/workspace/standard/settings/api-keys/${id}`);
    await drawer.locator("summary", { hasText: "Choose permissions" }).click();
  };
  await open();
  await contacts.getByLabel("only own records").check();
  await api.patch(`/api-keys/${id}`, { scopes: ["contacts:read,update"] });
  await drawer.getByRole("button", { name: "Save" }).click();
  assert.match((await drawer.getByRole("alert").allInnerTexts()).join(" "), /What the key may do: “Contacts: read, update” is stored/);
  assert(await contacts.getByLabel("Update").isChecked() && await contacts.getByLabel("only own records").isChecked());
  await drawer.getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/settings/api-keys");
  assert.deepEqual((await api.get(`/api-keys/${id}`)).scopes, ["contacts:read,update:own"]);

  await open();
  await drawer.getByLabel("Name").fill("At night");
  await api.patch(`/api-keys/${id}`, { scopes: ["contacts:read"] });
  await drawer.getByRole("button", { name: "Save" }).click();
  assert.match((await drawer.getByRole("alert").allInnerTexts()).join(" "), /changed What the key may do/);
  await drawer.locator("summary", { hasText: "Choose permissions" }).click();
  assert(!await contacts.getByLabel("Update").isChecked());
  await drawer.getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/settings/api-keys");
  const now = await api.get(`/api-keys/${id}`);
  assert.deepEqual([now.name, now.scopes], ["At night", ["contacts:read"]]);
});

test("an API key is limited to chosen permissions, and rotated with an overlap", async () => {
  const page = await demo.open("anna", settings("standard", "api-keys"));
  const contacts = page.getByRole("group", { name: "Contacts", exact: true });
  await page.getByLabel("Name").fill("Reader");
  await page.getByLabel("Chosen permissions").check();
  await page.locator("summary", { hasText: "Choose permissions" }).click();
  await contacts.getByLabel("Read").check();
  await page.getByLabel("Networks").fill("nowhere");
  await page.getByRole("button", { name: "Create key" }).click();
  await page.locator(".error", { hasText: "such as" }).waitFor();
  assert(await contacts.getByLabel("Read").isChecked(), "what was chosen stays");
  await page.getByLabel("Networks").fill("");
  await page.getByRole("button", { name: "Create key" }).click();
  const secret = () => page.locator("input[data-select]").inputValue();
  const first = await secret();
  await accessible(page);
  const call = (token, path) => page.context().request.get(`/api/v1/workspaces/standard${path}`, { headers: { authorization: `Bearer ${token}`, cookie: "" } });
  assert.equal((await call(first, "/records/contacts")).status(), 200);
  const refused = await call(first, "/members");
  assert.equal((await refused.json()).code, "insufficient_scope");

  const row = page.locator("tr", { hasText: "Reader" });
  assert.match(await row.innerText(), /Contacts: read/);
  await row.getByRole("link", { name: "Rotate Reader" }).click();
  await accessible(page);
  await page.getByRole("dialog").getByLabel("The former secret works").selectOption({ label: "for an hour" });
  await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
  const second = await secret();
  assert.notEqual(second, first);
  for (const token of [first, second]) assert.equal((await call(token, "/records/contacts")).status(), 200);
  await row.getByRole("link", { name: "End the former secret of Reader" }).click();
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "End former secret" }).click();
  await saved(page, "former secret has ended");
  assert.equal((await call(first, "/records/contacts")).status(), 401);
  assert.equal((await call(second, "/records/contacts")).status(), 200);
});

test("the audit log is filtered, and a refusal unfolds into its reason", async () => {
  const elif = await demo.open("elif", "/workspace/standard/settings/explain");
  const refused = await elif.context().request.get("/api/v1/workspaces/standard/api-keys");
  assert.equal(refused.status(), 403);
  const page = await demo.open("anna", settings("standard", "audit"));
  await page.getByLabel("Outcome").selectOption("denied");
  await page.waitForURL(/outcome=denied/);
  const pills = await page.locator("tbody .pill").allInnerTexts();
  assert(pills.length > 0 && pills.every((text) => text === "Denied" || text === "Refused"), pills.join());
  await page.locator("tr", { hasText: "Elif" }).first().locator("a.unfold").click();
  assert.match(await page.locator(".unfolded").innerText(), /Elif Demir cannot[\s\S]*role/);
  await accessible(page);
  await page.getByLabel("Who").selectOption({ label: "Anna Keller" });
  await page.waitForURL(/actor=mbr_/);
  const actors = await page.locator("tbody tr:not(.unfolded) .person").allInnerTexts();
  assert(actors.every((name) => name.includes("Anna Keller")), actors.join());
});

test("a colour that cannot be read is said, and the pages use a shade that can", async () => {
  const page = await demo.open("anna", settings("hari", "branding"));
  await page.fill("#f-colour", "#ffe97a");
  await page.getByRole("button", { name: "Save branding" }).click();
  await page.locator(".toast, [role=alert]").first().waitFor();
  await page.goto(settings("hari", "branding"));
  assert.match(await page.locator("#verdict").getAttribute("class"), /warn/);
  const contrast = () => page.getByRole("button", { name: "Save branding" }).evaluate((button) => getComputedStyle(button).backgroundColor);
  assert.notEqual(await contrast(), "rgb(255, 233, 122)", "light pages use a darker shade");
  await accessible(page);
});

test("the billing contact is transferred on the page of the bills", async () => {
  const page = await demo.open("anna", settings("halo", "billing"));
  const api = demo.api(page, "halo");
  const contact = (await api.get("/billing")).contact;
  const candidate = await page.locator("#f-to option").nth(1).innerText();
  await page.locator("#f-to").selectOption({ index: 1 });
  await page.locator("form[action$='/billing/contact'] button").click();
  await page.locator(".toast").waitFor();
  const now = (await api.get("/billing")).contact;
  assert.equal(now.name, candidate);
  assert.notEqual(now.id, contact?.id);
});

test("a workspace is deleted by its slug, and not by another word", async () => {
  const page = await demo.open("anna", "/workspace/team-management/settings/delete");
  await page.goto("/workspace/team-management/settings/delete/workspace");
  const button = page.locator(".dialog button.danger");
  await page.fill("[data-word]", "Team-management");
  assert(await button.isDisabled(), "the slug exactly");
  await page.fill("[data-word]", "team-management");
  await button.click();
  await page.waitForURL((url) => !url.pathname.includes("/settings/delete"));
  const answer = await page.context().request.get("/api/v1/workspaces/team-management");
  assert.notEqual(answer.status(), 200, "the workspace is no longer open");
});

test("Explain says why, who else can, and what would allow it", async () => {
  const page = await demo.open("anna", settings("standard", "explain"));
  await page.getByLabel("Who", { exact: true }).selectOption({ label: "Ivo Novák" });
  await page.getByLabel("Can they").selectOption("invoices:delete");
  await page.getByRole("button", { name: "Check" }).click();
  const main = page.locator("main");
  assert.match(await main.innerText(), /Not allowed[\s\S]*What would allow it|Allowed[\s\S]*Decided by/);
  assert.match(await main.innerText(), /Who can: delete on invoices/);
  await accessible(page);
});

test("the CSV file of the access review is in the audit log", async () => {
  const page = await demo.open("anna", settings("standard", "review"));
  const api = demo.api(page, "standard");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export CSV" }).click()]);
  assert.match(file.suggestedFilename(), /access-review.*\.csv/);
  const entries = await api.get("/audit?action=role_assignments.export");
  assert.equal(entries.items[0].actor_name, "Anna Keller");
});

test("the audit log shows the time of the day, is limited to days, and exported with its filter", async () => {
  const page = await demo.open("anna", settings("standard", "audit"));
  const api = demo.api(page, "standard");
  const { items: [latest] } = await api.get("/audit?limit=1");
  const time = page.locator("tbody time").first();
  assert.match(await time.innerText(), /^\d{1,2}\s\w{3}\s\d{4},\s\d\d:\d\d$/);
  assert.match(await time.getAttribute("title"), /\d\d:\d\d:\d\d \w+$/);
  assert.equal(await time.getAttribute("datetime"), latest.last_at);

  await page.getByLabel("Outcome").selectOption("done");
  await page.waitForURL(/outcome=done/);
  const day = latest.at.slice(0, 10);
  await page.getByLabel("From", { exact: true }).fill(day);
  await page.waitForURL(new RegExp(`from=${day}`));
  await accessible(page);
  assert.match(page.url(), /outcome=done/, "the other filter is kept");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export as CSV" }).click()]);
  assert.equal(file.suggestedFilename(), "audit-log.csv");
  const { items: [entry] } = await api.get("/audit?action=audit.export");
  assert.equal(entry.actor_name, "Anna Keller");
  assert.equal(entry.after.outcome, "done");
  assert.match(entry.after.from, new RegExp("T"));
  await page.reload();
  assert.match(await page.locator("tbody tr").first().innerText(), /Audit log exported/);
  assert.equal(await page.getByLabel("From", { exact: true }).inputValue(), day, "the filter is in the address");
});

test("Explain finds a record, and its rules lead to the pages where they are changed", async () => {
  const page = await demo.open("anna", settings("standard", "explain"));
  const api = demo.api(page, "standard");
  const { items: [deal] } = await api.get("/records/opportunities?limit=1");
  const find = page.getByRole("searchbox", { name: "Find a record" });
  assert.equal(await find.count(), 0, "no record before an action on records");
  await page.getByLabel("Can they").selectOption("opportunities:delete");
  await find.fill(deal.title);
  await page.locator(`#f-record option[value=${deal.id}]`).waitFor({ state: "attached" });
  await page.getByLabel("Record", { exact: true }).selectOption(deal.id);
  await page.getByLabel("Who", { exact: true }).selectOption({ label: "Elif Demir" });
  await page.getByRole("button", { name: "Check" }).click();
  await page.waitForURL(new RegExp(`record=${deal.id}`));
  const main = page.locator("main");
  await main.getByRole("heading", { name: /Elif Demir: delete/ }).waitFor();
  assert.equal(await page.locator("#f-record").inputValue(), deal.id, "the choice is in the address");
  await accessible(page);
  const links = await main.locator("dl.facts a").evaluateAll((found) => found.map((link) => link.pathname));
  assert(links.some((path) => /settings\/roles\//.test(path)), links.join());
  for (const path of new Set(links)) assert.equal((await page.context().request.get(path)).status(), 200, path);

  // Who may open none of the pages reads the names.
  const elif = await demo.open("elif", `${settings("standard", "explain")}?action=opportunities:delete`);
  assert.match(await elif.locator("dl.facts").last().innerText(), /Role/);
  assert.equal(await elif.locator("dl.facts a[href*='/settings/roles']").count(), 0);
});

test("a refusal speaks to the reader, in their language", async () => {
  const page = await demo.open("elif", "/workspace/standard/settings/api-keys");
  const refused = await page.locator("main").innerText();
  assert.match(refused, /You cannot read in/);
  assert(!refused.includes("Elif"), refused);
  const german = await demo.open("elif", "/workspace/standard/settings/explain", { locale: "de-DE" });
  await german.context().request.patch("/api/v1/me", { data: { locale: "de" } });
  await german.goto("/workspace/standard/settings/api-keys");
  assert.match(await german.locator("main").innerText(), /ist Ihnen nicht erlaubt\. Ihre (Rolle|Stufe)/);
  await german.context().request.patch("/api/v1/me", { data: { locale: "en" } });
});

test("the audit log is searched by a text that its filters, its pages and its exports keep", async () => {
  const page = await demo.open("anna", settings("standard", "audit"));
  const api = demo.api(page, "standard");
  await api.post("/teams", { name: "Leuchtturm" });
  await page.reload();
  await page.keyboard.press("/");
  await page.keyboard.type("leuchtturm anna");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=leuchtturm\+anna/);
  assert.equal(await page.locator("table.audit > tbody > tr").count(), 1);
  assert.match(await page.locator("table.audit").innerText(), /Leuchtturm/);
  await accessible(page);
  for (const link of await page.getByRole("link", { name: /Export/ }).evaluateAll((links) => links.map((one) => one.href))) {
    assert.match(link, /[?&]q=leuchtturm\+anna/);
  }
  await page.getByLabel("Outcome").selectOption("denied");
  await page.waitForURL(/q=leuchtturm.*outcome=denied|outcome=denied.*q=leuchtturm/);
  await page.getByText("Nothing matches").or(page.locator("p.card.quiet")).first().waitFor();
  assert.equal(await page.locator("table.audit").count(), 0);
});
