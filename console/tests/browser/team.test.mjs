// The team page in Chromium: what the behaviours say is clicked as they say it.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();

const team = (workspace) => `/workspace/${workspace}/settings/team`;

/** The row of a person. */
const row = (page, name) => page.locator("tbody tr", { hasText: name });

/** Opens the menu of a person's row, and clicks an item of it. */
async function choose(page, name, item) {
  await row(page, name).locator(".menu summary").click();
  await row(page, name).locator(".menu-panel").getByText(item, { exact: true }).click();
}

const toast = (page, text) => page.locator(".toast", { hasText: text }).waitFor();

/** The id of a member by name, and the member as the API shows it. */
async function member(api, name) {
  const found = await api.get(`/members?q=${name}`);
  return found.items[0];
}

test("HARMONIA-04 HALO-004 HALO-005 CRM-001 CRM-115 CRM-126 CRM-134 CRM-144 CRM-164 the team page is Settings, Team", async () => {
  for (const workspace of ["harmonia", "halo", "team-management"]) {
    const page = await demo.open("anna", `/workspace/${workspace}`);
    await page.locator(".rail").getByRole("link", { name: "Settings" }).click();
    await page.locator(".rail").getByRole("link", { name: "Team", exact: true }).click();
    assert.equal(new URL(page.url()).pathname, team(workspace));
    assert.equal(await page.locator("h1").innerText(), "Team");
  }
  const page = await demo.open("anna", "/dashboard/settings/team");
  assert.match(page.url(), /\/workspace\/[a-z-]+\/settings\/team$/);
});

test("HARMONIA-39 CRM-115 CRM-116 CRM-119 a user is invited with Invite User, email, role, Send Invitation", async () => {
  for (const [workspace, invite, send] of [["harmonia", "Invite user", "Send the invite"], ["team-management", "Invite User", "Send Invitation"]]) {
    const page = await demo.open("anna", team(workspace));
    await page.locator(".head").getByRole("link", { name: invite }).click();
    await page.locator("#emails").fill(`${workspace}-new@example.com`);
    await page.getByRole("button", { name: send }).click();
    await toast(page, "The invitation is on its way");
    await page.goto(`${team(workspace)}?status=pending`);
    await row(page, `${workspace}-new@example.com`).waitFor();
  }
});

test("HARMONIA-59 HARMONIA-60 the role dropdown of the row saves at once", async () => {
  const page = await demo.open("anna", team("harmonia"));
  await row(page, "Elif Demir").locator("select[name=role]").selectOption({ label: "Admin" });
  await toast(page, "Elif Demir is now Admin.");
  assert.equal((await member(demo.api(page, "harmonia"), "elif")).role, "admin");
});

test("HARMONIA-64 HARMONIA-75 the kebab menu removes from the org, and says what is open", async () => {
  const page = await demo.open("anna", team("harmonia"));
  const { assignments } = await member(demo.api(page, "harmonia"), "gustav");
  const open = Object.values(assignments).reduce((sum, count) => sum + count, 0);
  await choose(page, "Gustav Lindqvist", "Remove from org");
  const dialog = page.getByRole("dialog");
  assert.match(await dialog.innerText(), new RegExp(`${open} open records? stays? assigned|No open record`));
  await accessible(page);
  await dialog.getByRole("button", { name: "Remove from org" }).click();
  await toast(page, "Gustav Lindqvist is no longer a member.");
  assert.equal(await row(page, "Gustav Lindqvist").count(), 0);
});

test("HARMONY-38 members are added under Settings, Users", async () => {
  const page = await demo.open("anna", team("harmony"));
  assert.equal(await page.locator("h1").innerText(), "Users");
  await page.getByRole("link", { name: "Add member" }).click();
  await page.locator("#emails").fill("new@example.com");
  await page.locator("#access-foot button.primary").click();
  await toast(page, "The invitation is on its way");
});

test("HARMONY-68 HALO-015 a second holder of the top role is advised", async () => {
  for (const [workspace, top, low] of [["harmony", "admin", "member"], ["halo", "super_admin", "admin"]]) {
    const page = await demo.open("anna", team(workspace));
    const api = demo.api(page, workspace);
    const holders = (await api.get(`/members?role=${top}&status=active`)).items;
    for (const holder of holders.filter((one) => !one.email.startsWith("anna"))) await api.patch(`/members/${holder.id}`, { role: low });
    await page.goto(team(workspace));
    assert.match(await page.locator(".banner.warn").innerText(), /Anna Keller is the only/);
    await page.getByRole("link", { name: "Choose one" }).click();
    await page.locator("#found").getByText("Ben Okafor").click();
    await page.locator("#access-foot .gain").waitFor();
    await page.getByRole("button", { name: "Save access" }).click();
    await toast(page, "The access of Ben Okafor is saved.");
    assert.equal(await page.locator(".banner.warn").count(), 0);
  }
});

test("CRM-126 CRM-128 CRM-129 CRM-130 Edit changes the role, and Save saves it", async () => {
  const page = await demo.open("anna", team("team-management"));
  await choose(page, "Hana Sato", "Edit");
  await page.locator("#access-parts").getByText("Manager", { exact: true }).first().click();
  await page.locator("#access-foot").getByText(/Gains|This changes nothing/).first().waitFor();
  await accessible(page);
  await page.getByRole("button", { name: "Save access" }).click();
  await toast(page, "The access of Hana Sato is saved.");
  assert.equal((await member(demo.api(page, "team-management"), "hana")).role, "manager");
});

test("CRM-134 CRM-136 CRM-137 Deactivate asks, and deactivates", async () => {
  const page = await demo.open("anna", team("team-management"));
  await choose(page, "Ivo Novák", "Deactivate");
  const dialog = page.getByRole("dialog");
  assert.match(await dialog.innerText(), /Deactivate Ivo Novák/);
  await dialog.getByRole("button", { name: "Deactivate" }).click();
  await toast(page, "Ivo Novák is inactive.");
  assert.equal((await member(demo.api(page, "team-management"), "ivo")).status, "inactive");
});

test("CRM-144 CRM-146 CRM-149 Reassign Records moves the records of one member after a confirmation", async () => {
  const page = await demo.open("anna", team("team-management"));
  await choose(page, "Elif Demir", "Reassign Records");
  await page.locator("#found").getByText("Farah Haddad").click();
  const button = page.getByRole("button", { name: /^Reassign [\d,]+ records$/ });
  const count = Number((await button.innerText()).replace(/\D/g, ""));
  assert(count > 0);
  await button.click();
  await toast(page, "Elif Demir to Farah Haddad:");
});

test("CRM-164 CRM-165 CRM-167 Bulk Reassign chooses the owner, the new owner and the types", async () => {
  const page = await demo.open("anna", team("team-management"));
  await page.getByRole("link", { name: "Bulk Reassign" }).click();
  await page.locator("input[name=q]").pressSequentially("david");
  await page.waitForFunction(() => document.querySelectorAll("#found li").length === 1);
  await page.locator("#found").getByText("David Rossi").click();
  await page.locator("#found").getByText("Cleo Martin").click();
  const boxes = page.locator("#reassign-counts input[type=checkbox]");
  const before = await page.locator("#reassign-counts .sum").innerText();
  await boxes.first().uncheck();
  await page.waitForFunction((text) => document.querySelector("#reassign-counts .sum").innerText !== text, before);
  await accessible(page);
  await page.getByRole("button", { name: /^Reassign / }).click();
  await toast(page, "David Rossi to Cleo Martin:");
});

test("CRM-170 the visibility of a member is set where their access is edited", async () => {
  const page = await demo.open("anna", team("team-management"));
  await choose(page, "Farah Haddad", "Edit");
  await page.locator("[aria-labelledby=l-visibility]").getByText("Department", { exact: true }).click();
  await page.getByRole("button", { name: "Save access" }).click();
  await toast(page, "The access of Farah Haddad is saved.");
  assert.equal((await member(demo.api(page, "team-management"), "farah")).visibility, "department");
});

test("CRM-217 the removal offers the deactivation instead, where the model has both", async () => {
  const page = await demo.open("anna", team("standard"));
  await choose(page, "David Rossi", "Remove from workspace");
  await page.getByRole("link", { name: "Deactivate instead" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
  await toast(page, "David Rossi is inactive.");
});

test("HALO-044 HALO-045 HALO-046 Transfer billing is at the top, finds any teammate, and confirms", async () => {
  const page = await demo.open("anna", team("halo"));
  await page.locator(".head").getByRole("link", { name: "Transfer billing" }).click();
  await page.locator("#picker-q").pressSequentially("jelena");
  await page.waitForFunction(() => document.querySelectorAll("#found li").length === 1);
  await page.locator("#found").getByText("Jelena Petrović").click();
  assert.match(await page.getByRole("dialog").innerText(), /Make Jelena Petrović the billing contact/);
  await page.getByRole("button", { name: "Transfer billing" }).click();
  await toast(page, "Jelena Petrović is the billing contact now.");
  assert.match(await row(page, "Jelena Petrović").innerText(), /Billing contact/);
});

test("HALO-003 HALO-023 HALO-100 HALO-101 HALO-102 HALO-104 HALO-105 HALO-163 HALO-180 HALO-185 presets and levels on one screen", async () => {
  const page = await demo.open("anna", team("halo"));
  await choose(page, "Hana Sato", "Edit access");
  const drawer = page.getByRole("dialog");
  const api = demo.api(page, "halo");
  const rows = drawer.locator(".ladder");
  assert(await rows.count() >= 10, "every module is a row");
  assert.equal(await drawer.locator(".ladders input[type=checkbox]").count(), 0, "no checkbox forest");
  const chosen = () => drawer.locator(".presets .chip:has(:checked)").innerText();
  await drawer.locator(".presets").getByText("Support agent").click();
  await page.waitForFunction(() => document.querySelector("[name=shown]").value !== "custom");
  assert.equal(await chosen(), "Support agent");
  await accessible(page);
  await rows.filter({ hasText: "Ask AI" }).getByText("None").click();
  await page.waitForFunction(() => document.querySelector("[name=shown]").value === "custom");
  assert.equal(await chosen(), "Custom");
  await drawer.getByRole("button", { name: "Save access" }).click();
  await toast(page, "The access of Hana Sato is saved.");
  const { levels, preset } = await member(api, "hana");
  assert.equal(preset, null);
  assert.equal(levels.ask_ai ?? "none", "none");
});

test("HALO-166 HALO-170 HALO-171 HALO-174 Invite teammate with a preset or levels, and as the billing contact", async () => {
  const page = await demo.open("anna", team("halo"));
  await page.getByRole("link", { name: "Invite teammate" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.locator("#emails").fill("mira@example.com");
  await drawer.locator("#name").fill("Mira Roth");
  await drawer.locator(".presets").getByText("Analyst").click();
  await page.locator("#access-foot .gain").waitFor();
  await drawer.getByText("Make this person the billing contact").click();
  await accessible(page);
  await drawer.getByRole("button", { name: "Send invitation" }).click();
  await toast(page, "The invitation is on its way to mira@example.com.");
  const api = demo.api(page, "halo");
  const sent = (await api.get("/invitations")).items.find((one) => one.email === "mira@example.com");
  assert.deepEqual([sent.name, sent.billing_contact, sent.role], ["Mira Roth", true, "member"]);
});

test("HALO-187 a warning precedes the loss of one's own billing contact", async () => {
  const page = await demo.open("anna", team("halo"));
  const api = demo.api(page, "halo");
  const me = await api.get("/me");
  if (!me.billing_contact) await api.post("/billing/transfer", { to: me.id });
  await page.goto(`${team("halo")}/${me.id}/access`);
  await page.locator("#contact").uncheck();
  await page.getByText("You give up the billing contact yourself").waitFor();
  await page.getByRole("button", { name: "Save access" }).click();
  await toast(page, "is saved.");
});

test("HALO-190 HALO-223 Remove from team is in the row menu of the team list", async () => {
  const page = await demo.open("anna", team("halo"));
  await choose(page, "Gustav Lindqvist", "Remove from team");
  await page.getByRole("button", { name: "Remove from team" }).click();
  await toast(page, "Gustav Lindqvist is no longer a member.");
});

test("a change of many members chooses rows, and says what happened", async () => {
  const page = await demo.open("anna", team("standard"));
  for (const name of ["Farah Haddad", "Hana Sato"]) await row(page, name).locator("[data-choose]").check();
  await accessible(page);
  await page.getByRole("button", { name: "Change department" }).click();
  await page.locator("#bulk-value").selectOption({ label: "Service" });
  await page.getByRole("button", { name: "Change 2 members" }).click();
  await toast(page, "2 members are changed.");
  assert.match(await row(page, "Hana Sato").innerText(), /Service/);
});

for (const phone of [false, true]) {
  test(`drawers and the member page fit and are accessible, ${phone ? "phone" : "desktop"}`, async () => {
    const page = await demo.open("anna", team("standard"), { phone, dark: phone });
    const { id } = await member(demo.api(page, "standard"), "elif");
    for (const path of ["/invite", `/${id}/access`, `/${id}`, `/${id}/remove`, `/reassign?from=${id}`, "/billing"]) {
      await page.goto(team("standard") + path);
      await page.waitForLoadState("networkidle");
      await accessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert(overflow <= 0, `${path}: ${overflow} px wider than the screen`);
    }
  });
}
