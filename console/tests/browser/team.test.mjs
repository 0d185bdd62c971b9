// The list of members: the way to it, its rows, and what is changed in them at once.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";
import { undecided } from "./undecided.mjs";
import { choose, fits, member, openMenu, over, row, team, toast } from "./people.mjs";

const demo = await start();

test("members are chosen by keyboard, and what is done with them is one key away", async () => {
  const page = await demo.open("anna", team("standard"));
  const chosen = () => page.locator("[name=member]:checked").count();
  await page.locator("tr:has([name=member]) a.open").first().focus();
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  assert.equal(await chosen(), 3);
  await page.keyboard.press("F6");
  assert.match(await page.evaluate(() => document.activeElement.innerText), /role/i);
  await page.keyboard.press("F6");
  await page.keyboard.press("Escape");
  assert.equal(await chosen(), 0);
});

for (const [workspace, ids] of [
  ["harmonia", "HARMONIA-04"],
  ["team-management", "CRM-001 CRM-115 CRM-126 CRM-134 CRM-144 CRM-164"],
  ["halo", "HALO-004"],
]) {
  test(`${ids}: Settings, Team has the members, the open invitations and the button that invites`, async () => {
    const page = await demo.open("anna", `/workspace/${workspace}`);
    await page.locator(".rail").getByRole("link", { name: "Settings" }).click();
    await page.locator(".rail").getByRole("link", { name: "Team", exact: true }).click();
    await page.waitForURL(`**${team(workspace)}`);
    const { items } = await demo.api(page, workspace).get("/members?limit=100");
    for (const one of items) await row(page, one.email).waitFor();
    await row(page, "nora@example.com").getByText(/^Pending$/).waitFor();
    assert.equal(await page.locator(".head .button.primary").count(), 1, "one button invites");
    if (workspace === "team-management") {
      await page.locator(".rail").getByRole("link", { name: "Roles & Permissions" }).waitFor();
    }
    await accessible(page);
  });
}

test("HALO-223: the team page has the name of the team, the members, and those with an alias", async () => {
  const page = await demo.open("anna", team("halo"));
  const { name } = await demo.api(page, "halo").get("");
  assert.match(await page.locator(".head p").innerText(), new RegExp(`^${name}: \\d+ members`));
  const chip = page.locator("#chips").getByRole("link", { name: /^With an alias/ });
  assert.equal(await chip.count(), 0, "no member has an alias yet");
  await choose(page, "ben@example.com", "Edit access");
  await over(page).getByLabel("Alias", { exact: true }).fill("Help desk");
  await over(page).getByRole("button", { name: "Save" }).click();
  await row(page, "ben@example.com").getByText("as Help desk").waitFor();
  await chip.click();
  await page.waitForURL(/status=alias/);
  assert.equal(await page.locator("tbody tr").count(), 1);
  assert.equal((await member(demo.api(page, "halo"), "Help")).email, "ben@example.com");
  await accessible(page);
});

test("HALO-005: /dashboard/settings/team is the team page of the workspace that was open last", async () => {
  const page = await demo.open("anna", "/workspace/halo");
  const answer = await page.goto("/dashboard/settings/team");
  assert.equal(answer.status(), 200);
  assert.match(page.url(), /\/workspace\/[a-z-]+\/settings\/team$/);
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Team");
});

test("HARMONY-38: Settings, Users has the members, and Add member", async () => {
  const page = await demo.open("anna", "/workspace/harmony");
  await page.locator(".rail").getByRole("link", { name: "Settings" }).click();
  await page.locator(".rail").getByRole("link", { name: "Users", exact: true }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Users");
  await page.getByRole("link", { name: "Add member" }).first().click();
  await over(page).getByLabel(/^Email addresses/).fill("mira@example.com");
  await over(page).getByRole("button", { name: "Send invitation" }).click();
  await toast(page, "The invitation is on its way");
  const { items } = await demo.api(page, "harmony").get("/invitations");
  assert(items.some((one) => one.email === "mira@example.com"));
});

test("HARMONY-37: nothing on Users and Roles is called Owner; the glossary says who a workspace owner is", async () => {
  const page = await demo.open("anna", team("harmony"));
  const names = await page.locator("select[name=role] option").allInnerTexts();
  assert(names.includes("Admin"), names.join());
  assert(!names.some((name) => /owner/i.test(name)), names.join());
  await page.goto("/workspace/harmony/settings/roles");
  assert.doesNotMatch(await page.innerText("main"), /workspace owner/i);
  const { readFileSync } = await import("node:fs");
  const glossary = readFileSync(new URL("../../../docs/glossary.md", import.meta.url), "utf8");
  assert.match(glossary, /workspace owner \|.*Admin/);
});

test("HARMONIA-59 HARMONIA-60: the role dropdown of a row saves at once, and a reload shows it", async () => {
  const page = await demo.open("anna", team("harmonia"));
  await page.getByRole("combobox", { name: "Role of Elif Demir" }).selectOption({ label: "Admin" });
  await toast(page, "Elif Demir is now Admin.");
  assert.equal((await member(demo.api(page, "harmonia"), "elif")).role, "admin");
  await page.reload();
  const shown = page.getByRole("combobox", { name: "Role of Elif Demir" }).locator("option:checked");
  assert.equal(await shown.innerText(), "Admin");
});

test("a role that another person changed first is not overwritten: the list says so, and shows what is stored", async () => {
  const page = await demo.open("anna", team("harmonia"));
  const api = demo.api(page, "harmonia");
  const { id } = await member(api, "farah");
  await api.patch(`/members/${id}`, { role: "admin" });
  const select = page.getByRole("combobox", { name: "Role of Farah Haddad" });
  const other = await select.locator("option:not(:checked)").first().innerText();
  await select.selectOption({ label: other });
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /changed|saved/);
  assert.equal((await member(api, "farah")).role, "admin");
  assert.equal(await select.locator("option:checked").innerText(), "Admin");
});

test("filters by text, role and status stay together, and a row that is changed keeps them", async () => {
  const page = await demo.open("anna", team("standard"));
  await page.getByRole("combobox", { name: "Role", exact: true }).selectOption({ label: "Member" });
  await page.waitForURL(/role=member/);
  await page.locator("#chips").getByRole("link", { name: /^Active/ }).click();
  await page.waitForURL(/status=active/);
  const rows = page.locator("tbody tr");
  const { items } = await demo.api(page, "standard").get("/members?role=member&status=active&limit=100");
  assert.equal(await rows.count(), items.length);
  await page.keyboard.press("/");
  await page.keyboard.type("hana");
  await page.waitForFunction(() => document.querySelectorAll("#list tbody tr").length === 1);
  const url = page.url();
  assert.match(url, /q=hana/);
  await page.getByRole("combobox", { name: "Role of Hana Sato" }).selectOption({ label: "Manager" });
  await toast(page, "Hana Sato is now Manager.");
  assert.match(page.url(), /q=hana/, "the list is the one that was open");
  await page.getByText("No member matches.").waitFor();
  await page.getByRole("link", { name: "Show everyone" }).click();
  await row(page, "Anna Keller").waitFor();
});

for (const [workspace, top, low, name] of [["harmony", "admin", "member", "Admin"], ["halo", "super_admin", "admin", "Super Admin"]]) {
  test(`${workspace === "halo" ? "HALO-015" : "HARMONY-68"}: while there is only one ${name}, the page advises a second`, async () => {
    const page = await demo.open("anna", team(workspace));
    const advice = page.locator(".banner.warn", { hasText: "is the only" });
    assert.equal(await advice.count(), 0, "two hold it, so there is no advice");
    const api = demo.api(page, workspace);
    for (const holder of (await api.get(`/members?role=${top}&status=active`)).items) {
      if (!holder.email.startsWith("anna")) await api.patch(`/members/${holder.id}`, { role: low });
    }
    await page.reload();
    assert.match(await advice.innerText(), new RegExp(`Anna Keller is the only ${name}\\.[\\s\\S]*${name}s`));
    await accessible(page);
    await advice.getByRole("link", { name: "Choose one" }).click();
    await over(page).getByRole("link", { name: /Ben Okafor/ }).click();
    await page.locator("#access-foot .gain").waitFor();
    await over(page).getByRole("button", { name: "Save access" }).click();
    await toast(page, "The access of Ben Okafor is saved.");
    assert.equal((await member(api, "ben")).role, top);
    assert.equal(await advice.count(), 0);
  });
}

test("CRM-217: members who were not here for long are advised to be deactivated, in one step from the row", async () => {
  const page = await demo.open("anna", team("team-management"));
  const advice = page.locator(".banner.warn", { hasText: "90 days" });
  assert.match(await advice.innerText(), /One active member has not been here for 90 days/);
  await advice.getByRole("link", { name: "Show them" }).click();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await choose(page, "Ivo Novák", "Deactivate");
  await over(page).getByRole("button", { name: "Deactivate" }).click();
  await toast(page, "Ivo Novák is inactive.");
  const { items } = await demo.api(page, "team-management").get("/members?status=inactive");
  assert(items.some((one) => one.email === "ivo@example.com"));
  await page.goto(team("team-management"));
  assert.equal(await advice.count(), 0);
});

test("a change of many members chooses rows, and says what became of each", async () => {
  const page = await demo.open("anna", team("standard"));
  const api = demo.api(page, "standard");
  for (const name of ["Farah Haddad", "Gustav Lindqvist"]) await page.getByRole("checkbox", { name: `Choose ${name}` }).check();
  assert.match(await page.locator(".selection").innerText(), /chosen/);
  await page.getByRole("button", { name: "Change department" }).click();
  await page.getByLabel("Department").last().selectOption({ label: "Service" });
  await accessible(page);
  await page.getByRole("button", { name: "Change 2 members" }).click();
  await toast(page, "2 members are changed.");
  const [farah, gustav] = [await member(api, "farah"), await member(api, "gustav")];
  assert.equal(farah.department, gustav.department);
  // One of them may not lose the role: the others have it, and the reason is beside the name.
  const owners = (await api.get("/members?role=owner&status=active")).items;
  for (const one of owners) if (!one.email.startsWith("anna")) await api.patch(`/members/${one.id}`, { role: "admin" });
  await page.goto(team("standard"));
  for (const name of ["Anna Keller", "Gustav Lindqvist"]) await page.getByRole("checkbox", { name: `Choose ${name}` }).check();
  await page.getByRole("button", { name: "Change role" }).click();
  await over(page).getByLabel("Role").selectOption({ label: "Manager" });
  await over(page).getByRole("button", { name: "Change 2 members" }).click();
  await over(page).locator(".error").waitFor();
  assert.equal(await over(page).locator("li:has(.error) strong").innerText(), "Anna Keller");
  assert.deepEqual([(await member(api, "anna")).role, (await member(api, "gustav")).role], ["owner", "manager"]);
});

test("the menu of a row is opened, walked and closed with the keyboard", async () => {
  const page = await demo.open("anna", team("standard"));
  const summary = row(page, "Hana Sato").locator(".menu summary");
  await summary.focus();
  await page.keyboard.press("Enter");
  const menu = row(page, "Hana Sato").locator(".menu-panel");
  await menu.waitFor();
  assert.deepEqual(await undecided(page, await accessible(page, [], "td details[open] .menu-panel")), []);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.innerText.trim()), "Edit access");
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "hidden" });
  assert.equal(await summary.evaluate((one) => one === document.activeElement), true, "the focus is back on the menu");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await over(page).waitFor();
  assert.match(page.url(), /\/access$/);
  assert.equal(await page.evaluate(() => document.querySelector("[role=dialog]").contains(document.activeElement)), true, "the focus is in the drawer");
  await page.keyboard.press("Escape");
  await over(page).waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).pathname, team("standard"));
  assert.equal(await summary.evaluate((one) => one === document.activeElement), true, "the focus is where the drawer was opened");
});

test("a role is changed on a phone, in the card of the person", async () => {
  const page = await demo.open("anna", team("harmonia"), { phone: true });
  await fits(page);
  const select = page.getByRole("combobox", { name: "Role of Jelena Petrović" });
  assert((await select.boundingBox()).height >= 44, "as high as a thumb");
  await select.selectOption({ label: "Admin" });
  await toast(page, "Jelena Petrović is now Admin.");
  assert.equal((await member(demo.api(page, "harmonia"), "jelena")).role, "admin");
  const menu = await openMenu(page, "Jelena Petrović");
  await fits(page);
  for (const item of await menu.locator("a, button").all()) assert((await item.boundingBox()).height >= 34);
  await accessible(page, [], "td details[open] .menu-panel");
});
