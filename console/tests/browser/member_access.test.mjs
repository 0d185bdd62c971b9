// The access of a member: the drawer that edits it.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";
import { choose, fits, member, over, pick, previewed, row, team, toast } from "./people.mjs";

const demo = await start();

const chosenPreset = (page) => over(page).locator(".presets .chip:has(:checked)").innerText();
const presetIs = (page, name) => over(page).locator(".presets .chip:has(:checked)", { hasText: name }).waitFor();

/** The levels that the drawer shows, by the names of the modules. */
const levels = (page) => over(page).locator(".ladder").evaluateAll((rows) => Object.fromEntries(rows.map((row) =>
  [row.firstElementChild.innerText, row.querySelector("label:has(:checked)").innerText])));

/** Opens the access of a member of Halo. */
async function edit(name, options) {
  const page = await demo.open("anna", team("halo"), options);
  await choose(page, name, "Edit access");
  await over(page).getByRole("heading", { name: `Edit access · ${name}` }).waitFor();
  return page;
}

test("CRM-126 CRM-128 CRM-129 CRM-130: Edit shows the role, and only Save changes it", async () => {
  const page = await demo.open("anna", team("team-management"));
  const api = demo.api(page, "team-management");
  await choose(page, "Hana Sato", "Edit");
  await over(page).getByRole("radiogroup", { name: "Role" }).getByText("Manager", { exact: true }).click();
  await previewed(page);
  await accessible(page);
  assert.equal((await member(api, "hana")).role, "user", "nothing before Save");
  await over(page).getByRole("link", { name: "Cancel" }).click();
  await over(page).waitFor({ state: "detached" });
  assert.equal((await member(api, "hana")).role, "user", "nothing after Cancel");
  await choose(page, "Hana Sato", "Edit");
  await over(page).getByRole("radiogroup", { name: "Role" }).getByText("Manager", { exact: true }).click();
  await previewed(page);
  await over(page).getByRole("button", { name: "Save access" }).click();
  await toast(page, "The access of Hana Sato is saved.");
  assert.equal((await member(api, "hana")).role, "manager");
});

test("HALO-003 HALO-100 HALO-101 HALO-102: the grid is one screen without a checkbox, and a click sets a level", async () => {
  const page = await edit("Elif Demir", { viewport: { width: 1280, height: 800 } });
  const rows = over(page).locator(".ladder");
  assert.equal(await rows.count(), 10);
  assert.equal(await over(page).locator(".ladders input[type=checkbox]").count(), 0);
  const foot = await page.locator("#access-foot").boundingBox();
  for (const one of await rows.all()) {
    const box = await one.boundingBox();
    assert(box.y > 0 && box.y + box.height <= foot.y + 1, `${await one.innerText()} ends at ${box.y + box.height}, the foot begins at ${foot.y}`);
  }
  const inbox = rows.filter({ hasText: "Inbox" });
  const before = await levels(page);
  await pick(inbox, "Manage");
  await previewed(page);
  assert.deepEqual(await levels(page), { ...before, Inbox: "Manage" }, "one click, and the others stay");
  await over(page).getByRole("button", { name: "Save access" }).click();
  await toast(page, "is saved.");
  assert.equal((await member(demo.api(page, "halo"), "elif")).levels.inbox, "manage");
});

test("HALO-023 HALO-104 HALO-105 HALO-163 HALO-180 HALO-185: a preset fills the grid, a tweak makes it Custom, Save applies it", async () => {
  const page = await edit("Hana Sato");
  const api = demo.api(page, "halo");
  const stored = await member(api, "hana");
  await pick(over(page).locator(".presets"), "Support agent");
  await presetIs(page, "Support agent");
  await over(page).locator(".ladder", { hasText: "Inbox" }).locator("label:has(:checked)", { hasText: "Manage" }).waitFor();
  const filled = await levels(page);
  assert.deepEqual([filled.Inbox, filled.Contacts, filled["Ask AI"]], ["Manage", "View", "Use"]);
  await pick(over(page).locator(".presets"), "Custom");
  await presetIs(page, "Custom");
  assert.deepEqual(await levels(page), filled, "Custom leaves the levels");
  await pick(over(page).locator(".presets"), "Support agent");
  await presetIs(page, "Support agent");
  await pick(over(page).locator(".ladder", { hasText: "Ask AI" }), "None");
  await presetIs(page, "Custom");
  assert.deepEqual(await levels(page), { ...filled, "Ask AI": "None" }, "the others stay");
  assert.deepEqual(await member(api, "hana"), stored, "nothing before Save");
  await accessible(page);
  await over(page).getByRole("button", { name: "Save access" }).click();
  await toast(page, "The access of Hana Sato is saved.");
  const { levels: saved, preset } = await member(api, "hana");
  assert.equal(preset, null);
  assert.deepEqual([saved.inbox, saved.contacts, saved.ask_ai ?? "none"], ["manage", "view", "none"]);
});

test("HALO-170: the presets and the grid are there for a Member only", async () => {
  const page = await edit("David Rossi");
  assert.equal(await over(page).locator(".ladder").count(), 10);
  await over(page).getByRole("radiogroup", { name: "Role" }).getByText("Admin", { exact: true }).click();
  await over(page).locator(".ladder").first().waitFor({ state: "detached" });
  assert.equal(await over(page).locator(".presets").count(), 0);
  await previewed(page);
});

test("HALO-187: giving up one's own billing contact warns, and needs a second Save", async () => {
  const page = await demo.open("anna", team("halo"));
  const api = demo.api(page, "halo");
  const anna = await member(api, "anna");
  if (!anna.billing_contact) await api.post("/billing/contact", { to: anna.id });
  await choose(page, "Anna Keller", "Edit access");
  await over(page).getByRole("checkbox", { name: /Billing contact/ }).uncheck();
  await over(page).getByRole("alert").filter({ hasText: "You give up the billing contact yourself" }).waitFor();
  assert.equal((await member(api, "anna")).billing_contact, true);
  await accessible(page);
  await over(page).getByRole("button", { name: "Save access" }).click();
  await toast(page, "The access of Anna Keller is saved.");
  assert.equal((await member(api, "anna")).billing_contact, false);
});

test("without scripts the warning comes with the first Save, and the second Save does it", async () => {
  const page = await demo.open("anna", team("halo"), { javaScriptEnabled: false });
  const api = demo.api(page, "halo");
  const anna = await member(api, "anna");
  if (!anna.billing_contact) await api.post("/billing/contact", { to: anna.id });
  await page.goto(`${team("halo")}/${anna.id}/access`);
  await over(page).getByRole("checkbox", { name: /Billing contact/ }).uncheck();
  await over(page).getByRole("button", { name: "Save access" }).click();
  await over(page).getByText("You give up the billing contact yourself").waitFor();
  assert.equal((await member(api, "anna")).billing_contact, true);
  await over(page).getByRole("button", { name: "Save access" }).click();
  await toast(page, "The access of Anna Keller is saved.");
  assert.equal((await member(api, "anna")).billing_contact, false);
});

for (const javaScriptEnabled of [true, false]) {
  test(`a preview does not take over what another person saved: ${javaScriptEnabled ? "live" : "without scripts"}`, async () => {
    const page = await demo.open("anna", team("standard"), { javaScriptEnabled });
    const api = demo.api(page, "standard");
    const departments = (await api.get("/departments")).items;
    const elif = await member(api, "elif");
    const other = departments.find((one) => one.id !== elif.department);
    await page.goto(`${team("standard")}/${elif.id}/access`);
    const opened = await over(page).locator("[name=version]").inputValue();
    const ben = await demo.open("ben", "/workspaces");
    await demo.api(ben, "standard").patch(`/members/${elif.id}`, { department: other.id });
    const form = over(page);
    await form.getByRole("radiogroup", { name: "Role" }).getByText(elif.role_name === "Analyst" ? "Member" : "Analyst", { exact: true }).click();
    if (javaScriptEnabled) {
      await previewed(page);
    } else {
      await form.locator("#access-try").click();
      await page.waitForURL(/\/access\/preview$/);
    }
    assert.equal(await form.locator("[name=version]").inputValue(), opened, "the form is as old as it was");
    await form.getByRole("button", { name: "Save access" }).click();
    await page.waitForLoadState("networkidle");
    await form.getByRole("alert").filter({ hasText: "saved this member" }).waitFor();
    const stored = await member(api, "elif");
    assert.deepEqual([stored.department, stored.role], [other.id, elif.role], "nothing was overwritten");
    // The second Save is a decision.
    await form.getByRole("button", { name: "Save access" }).click();
    await toast(page, "is saved.");
    assert.notEqual((await member(api, "elif")).role, elif.role);
  });
}

test("two people edit the same member: the second keeps what they chose, and reads who saved what", async () => {
  const page = await demo.open("anna", team("standard"));
  const api = demo.api(page, "standard");
  const farah = await member(api, "farah");
  await page.goto(`${team("standard")}/${farah.id}/access`);
  const form = over(page);
  await form.getByRole("radiogroup", { name: "Visibility" }).getByText("Department", { exact: true }).click();
  await page.waitForLoadState("networkidle");
  const ben = await demo.open("ben", "/workspaces");
  await demo.api(ben, "standard").patch(`/members/${farah.id}`, { role: "manager", visibility: "all" });
  await form.getByRole("button", { name: "Save access" }).click();
  const stale = form.getByRole("alert").filter({ hasText: "saved this member" });
  await stale.waitFor();
  const words = await stale.innerText();
  assert.match(words, /Ben Okafor saved this member after you opened the form/);
  assert.doesNotMatch(words, /Role:/, "who did not touch the role is asked nothing about it");
  assert.equal(await form.getByRole("radiogroup", { name: "Role" }).locator("label:has(:checked)").innerText(), "Manager");
  assert.match(words, /Visibility: All is stored, you chose Department/);
  await accessible(page);
  const kept = form.getByRole("radiogroup", { name: "Visibility" }).locator("label:has(:checked)");
  assert.equal(await kept.innerText(), "Department");
  assert.equal((await member(api, "farah")).role, "manager", "nothing was overwritten");
  await form.getByRole("button", { name: "Save access" }).click();
  await toast(page, "The access of Farah Haddad is saved.");
  const saved = await member(api, "farah");
  assert.deepEqual([saved.role, saved.visibility], ["manager", "department"]);
});

test("a role beyond one's own is blocked in the form with the reason, and refused when it is sent all the same", async () => {
  const page = await demo.open("cleo", team("halo"));
  const api = demo.api(page, "halo");
  const elif = await member(api, "elif");
  await page.goto(`${team("halo")}/${elif.id}/access`);
  const roles = over(page).getByRole("radiogroup", { name: "Role" });
  assert.equal(await roles.getByRole("radio", { name: "Super Admin" }).isDisabled(), true);
  await over(page).getByText("Your role cannot give the role Super Admin. Choose another role").waitFor();
  await roles.getByRole("radio", { name: "Super Admin" }).evaluate((one) => { one.disabled = false; one.checked = true; });
  await over(page).getByRole("button", { name: "Save access" }).click();
  await over(page).getByRole("alert").waitFor();
  assert.equal((await member(api, "elif")).role, "member");
  await accessible(page);
});

test("a double click on Save saves once, and the way back shows the list", async () => {
  const page = await edit("Gustav Lindqvist");
  const api = demo.api(page, "halo");
  const { id } = await member(api, "gustav");
  const audit = async () => (await api.get(`/audit?subject=${id}&limit=100`)).items;
  const before = (await audit()).length;
  await pick(over(page).locator(".ladder", { hasText: "Companies" }), "Edit");
  await previewed(page);
  await over(page).getByRole("button", { name: "Save access" }).dblclick();
  await toast(page, "The access of Gustav Lindqvist is saved.");
  assert.equal((await audit()).length, before + 1);
  await page.goBack();
  await page.goForward();
  await row(page, "Gustav Lindqvist").waitFor();
});

test("levels are chosen with the arrow keys, and the focus stays while the preview comes", async () => {
  const page = await edit("Farah Haddad");
  const radios = over(page).locator(".ladder", { hasText: "Companies" }).getByRole("radio");
  const checked = over(page).locator(".ladder", { hasText: "Companies" }).locator("input:checked");
  await checked.focus();
  const before = await checked.getAttribute("value");
  const values = await radios.evaluateAll((all) => all.map((one) => one.value));
  await page.keyboard.press("ArrowRight");
  const next = values[(values.indexOf(before) + 1) % values.length];
  await previewed(page);
  assert.equal(await page.evaluate(() => document.activeElement.value), next);
  page.once("dialog", (dialog) => dialog.accept());
  await page.keyboard.press("Escape");
  await over(page).waitFor({ state: "detached" });
  assert.equal((await member(demo.api(page, "halo"), "farah")).levels.companies ?? "none", before);
});

test("access is edited on a phone", async () => {
  const page = await edit("Jelena Petrović", { phone: true });
  await fits(page);
  const inbox = over(page).locator(".ladder", { hasText: "Inbox" });
  const box = await inbox.locator("label").first().boundingBox();
  assert(box.height >= 44, `${box.height} px`);
  await pick(inbox, "Reply");
  await previewed(page);
  await accessible(page);
  await over(page).getByRole("button", { name: "Save access" }).click();
  await toast(page, "is saved.");
  assert.equal((await member(demo.api(page, "halo"), "jelena")).levels.inbox, "reply");
});
