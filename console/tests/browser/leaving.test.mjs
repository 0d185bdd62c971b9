// Members who leave: removed, deactivated, reactivated; their records, and the billing contact, go to others.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";
import { choose, member, over, row, team, toast } from "./people.mjs";

const demo = await start();

const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

/** How many records of any type a member owns, as the API counts them. */
async function owned(api, id, types) {
  let total = 0;
  for (const type of types) total += (await api.get(`/records/${type}?owner=${id}&limit=1`)).total;
  return total;
}

test("HARMONIA-64 HARMONIA-75: Remove from org is in the menu of the row, and its dialog has the open records", async () => {
  const page = await demo.open("anna", team("harmonia"));
  const api = demo.api(page, "harmonia");
  const { id, assignments: open } = await member(api, "gustav");
  assert(sum(open) > 0, "the demo gives Gustav records");
  await choose(page, "Gustav Lindqvist", "Remove from org");
  const shown = await over(page).locator(".counts dd").allInnerTexts();
  assert.deepEqual(shown.map(Number).sort(), Object.values(open).sort());
  await accessible(page);
  await page.keyboard.press("Escape");
  await over(page).waitFor({ state: "detached" });
  assert.equal((await member(api, "gustav")).status, "active", "Escape keeps them");
  await choose(page, "Gustav Lindqvist", "Remove from org");
  await over(page).getByRole("button", { name: "Remove from org" }).dblclick();
  await toast(page, "Gustav Lindqvist is no longer a member.");
  assert.equal(await row(page, "Gustav Lindqvist").count(), 0);
  assert.equal((await api.get(`/members/${id}`)).status, "removed");
});

test("HALO-190: Remove from team is in the menu of the row", async () => {
  const page = await demo.open("anna", team("halo"));
  const api = demo.api(page, "halo");
  const { id } = await member(api, "gustav");
  await choose(page, "Gustav Lindqvist", "Remove from team");
  await over(page).getByRole("button", { name: "Remove from team" }).click();
  await toast(page, "Gustav Lindqvist is no longer a member.");
  assert.equal((await api.get(`/members/${id}`)).status, "removed");
});

test("CRM-134 CRM-136 CRM-137: Deactivate asks; Keep active changes nothing, and Deactivate does it", async () => {
  const page = await demo.open("anna", team("team-management"));
  const api = demo.api(page, "team-management");
  await choose(page, "Jelena Petrović", "Deactivate");
  await over(page).getByRole("heading", { name: "Deactivate Jelena Petrović" }).waitFor();
  await accessible(page);
  await over(page).getByRole("link", { name: "Keep active" }).click();
  await over(page).waitFor({ state: "detached" });
  assert.equal((await member(api, "jelena")).status, "active");
  await choose(page, "Jelena Petrović", "Deactivate");
  await over(page).getByRole("button", { name: "Deactivate" }).click();
  await toast(page, "Jelena Petrović is inactive.");
  assert.equal((await member(api, "jelena")).status, "inactive");
  await row(page, "Jelena Petrović").getByText("Inactive").waitFor();
  await choose(page, "Jelena Petrović", "Reactivate");
  await toast(page, "Jelena Petrović is active again.");
  assert.equal((await member(api, "jelena")).status, "active");
});

test("CRM-217: the removal offers the deactivation instead, and the deactivation to reassign first", async () => {
  const page = await demo.open("anna", team("standard"));
  const api = demo.api(page, "standard");
  await choose(page, "Hana Sato", "Remove from workspace");
  await over(page).getByRole("link", { name: "Deactivate instead" }).click();
  await over(page).getByRole("button", { name: "Deactivate" }).click();
  await toast(page, "Hana Sato is inactive.");
  assert.equal((await member(api, "hana")).status, "inactive");
  await choose(page, "Hana Sato", "Reassign records");
  await page.locator("#found").getByRole("link", { name: /Farah Haddad/ }).click();
  await page.getByRole("button", { name: /^Reassign [\d,]+ records$/ }).click();
  await toast(page, "Hana Sato to Farah Haddad:");
  assert.equal(sum((await member(api, "hana")).assignments), 0);
});

test("CRM-144 CRM-146 CRM-149: Reassign Records says exactly how many move, and moves them", async () => {
  const page = await demo.open("anna", team("team-management"));
  const api = demo.api(page, "team-management");
  const [elif, farah] = [await member(api, "elif"), await member(api, "farah")];
  await choose(page, "Elif Demir", "Reassign Records");
  await page.locator("#found").getByRole("link", { name: /Farah Haddad/ }).click();
  const rows = page.locator("#reassign-counts tbody tr:not(.sum)");
  const types = await rows.locator("input").evaluateAll((boxes) => boxes.map((box) => box.value));
  const before = [await owned(api, elif.id, types), await owned(api, farah.id, types)];
  const button = page.getByRole("button", { name: /^Reassign [\d,]+ records$/ });
  const count = Number((await button.innerText()).replace(/\D/g, ""));
  assert.equal(count, before[0], "the number is that of the records");
  await accessible(page);
  await page.getByRole("link", { name: "Cancel" }).click();
  assert.equal(await owned(api, elif.id, types), before[0], "Cancel moves nothing");
  await choose(page, "Elif Demir", "Reassign Records");
  await page.locator("#found").getByRole("link", { name: /Farah Haddad/ }).click();
  await button.click();
  await toast(page, "Elif Demir to Farah Haddad:");
  assert.deepEqual([await owned(api, elif.id, types), await owned(api, farah.id, types)], [0, before[1] + count]);
});

test("CRM-164 CRM-165 CRM-167: Bulk Reassign chooses the owner, the new owner and the types", async () => {
  const page = await demo.open("anna", team("team-management"));
  const api = demo.api(page, "team-management");
  const [david, cleo] = [await member(api, "david"), await member(api, "cleo")];
  await page.getByRole("link", { name: "Bulk Reassign" }).click();
  await page.getByRole("searchbox", { name: "Search name or email" }).pressSequentially("david");
  await page.waitForFunction(() => document.querySelectorAll("#found li").length === 1);
  await accessible(page);
  await page.locator("#found").getByRole("link", { name: /David Rossi/ }).click();
  await page.locator("#found").getByRole("link", { name: /Cleo Martin/ }).click();
  const boxes = page.locator("#reassign-counts input[type=checkbox]");
  const types = await boxes.evaluateAll((all) => all.map((one) => one.value));
  const [left, ...moved] = types;
  const before = [await owned(api, david.id, [left]), await owned(api, david.id, moved), await owned(api, cleo.id, moved)];
  const shown = await page.locator("#reassign-counts .sum").innerText();
  await boxes.first().uncheck();
  await page.waitForFunction((text) => document.querySelector("#reassign-counts .sum").innerText !== text, shown);
  await accessible(page);
  await page.getByRole("button", { name: /^Reassign [\d,]+ records$/ }).click();
  await toast(page, "David Rossi to Cleo Martin:");
  const after = [await owned(api, david.id, [left]), await owned(api, david.id, moved), await owned(api, cleo.id, moved)];
  assert.deepEqual(after, [before[0], 0, before[2] + before[1]]);
});

test("a reassignment without a type is refused, and what was chosen is kept", async () => {
  const page = await demo.open("anna", team("standard"), { javaScriptEnabled: false });
  const api = demo.api(page, "standard");
  const [ben, cleo] = [await member(api, "ben"), await member(api, "cleo")];
  await page.goto(`${team("standard")}/reassign?from=${ben.id}&to=${cleo.id}`);
  for (const box of await page.locator("#reassign-counts input:not(:disabled)").all()) await box.uncheck();
  await page.getByRole("button", { name: /^Reassign/ }).click();
  await page.getByRole("alert").filter({ hasText: "Choose at least one type" }).waitFor();
  await page.getByText("Cleo Martin").waitFor();
  assert.deepEqual((await member(api, "ben")).assignments, ben.assignments);
});

test("HALO-044 HALO-045 HALO-046: Transfer billing is at the top, finds any teammate, and asks", async () => {
  const page = await demo.open("anna", team("halo"));
  const api = demo.api(page, "halo");
  const before = (await api.get("/members?limit=100")).items;
  const holder = before.find((one) => one.billing_contact);
  assert.equal((await member(api, "ben")).role, "super_admin");
  const find = async (name) => {
    await page.locator(".head").getByRole("link", { name: "Transfer billing" }).click();
    await over(page).getByRole("searchbox").pressSequentially(name.split(" ")[0].toLowerCase());
    await page.waitForFunction(() => document.querySelectorAll("#found li").length === 1);
    await accessible(page);
    await over(page).getByRole("link", { name: new RegExp(name) }).click();
    await over(page).getByRole("heading", { name: `Make ${name} the billing contact` }).waitFor();
  };
  // A Super Admin, an Admin or a Member: any role is found.
  await find("Ben Okafor");
  await over(page).getByRole("link", { name: "Change nothing" }).click();
  await over(page).waitFor({ state: "detached" });
  assert.equal((await api.get(`/members/${holder.id}`)).billing_contact, true, "the question alone changes nothing");
  await find("Jelena Petrović");
  await accessible(page);
  await over(page).getByRole("button", { name: "Transfer billing" }).click();
  await toast(page, "Jelena Petrović is the billing contact now.");
  assert.equal((await member(api, "jelena")).billing_contact, true);
  assert.equal((await api.get(`/members/${holder.id}`)).billing_contact, false);
  await row(page, "Jelena Petrović").getByText("Billing contact").waitFor();
});

test("a member who may not remove anybody has no menu, and the dialog refuses", async () => {
  const page = await demo.open("elif", "/workspace/harmonia");
  const anna = await demo.open("anna", "/workspaces");
  const api = demo.api(anna, "harmonia");
  const hana = await member(api, "hana");
  const answer = await page.goto(`${team("harmonia")}/${hana.id}/remove`);
  assert([403, 404].includes(answer.status()), String(answer.status()));
  const sent = await page.context().request.post(`${team("harmonia")}/${hana.id}/remove`, { maxRedirects: 0 });
  assert([403, 404].includes(sent.status()), String(sent.status()));
  assert.equal((await member(api, "hana")).status, "active");
});
