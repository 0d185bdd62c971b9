// Inviting: one person or many, typed, pasted or from a file, with a result for each.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";
import { fits, over, pick, previewed, row, team, toast } from "./people.mjs";

const demo = await start();

/** Opens the form that invites. */
async function open(workspace, options) {
  const page = await demo.open("anna", team(workspace), options);
  const button = options?.phone ? page.locator(".topbar .top-action") : page.locator(".head .button.primary");
  await button.click();
  await over(page).waitFor();
  return page;
}

const emails = (page) => over(page).getByLabel(/^Email addresses/);

/** The open invitations to some addresses. */
async function sent(api, ...addresses) {
  const { items } = await api.get("/invitations?limit=100");
  return items.filter((one) => addresses.includes(one.email));
}

const csv = (name, content) => ({ name, mimeType: "text/csv", buffer: Buffer.from(content) });

for (const [ids, workspace, invite, send] of [
  ["HARMONIA-39", "harmonia", "Invite user", "Send the invite"],
  ["CRM-115 CRM-116 CRM-119", "team-management", "Invite User", "Send Invitation"],
]) {
  test(`${ids}: Team, ${invite}, address and role, ${send}: one mail`, async () => {
    const page = await demo.open("anna", `/workspace/${workspace}`);
    await page.locator(".rail").getByRole("link", { name: "Settings" }).click();
    await page.locator(".rail").getByRole("link", { name: "Team", exact: true }).click();
    await page.locator(".head").getByRole("link", { name: invite, exact: true }).click();
    const address = `${workspace}.new@example.com`;
    await emails(page).fill(address);
    await over(page).getByRole("button", { name: send, exact: true }).dblclick();
    await toast(page, `The invitation is on its way to ${address}.`);
    await page.goto(`${team(workspace)}?status=pending`);
    await row(page, address).waitFor();
    assert.equal((await sent(demo.api(page, workspace), address)).length, 1);
    assert.equal((await demo.mails(address)).length, 1, "one mail");
  });
}

test("HALO-166 HALO-171 HALO-174: Invite teammate with a preset, and as the billing contact, off by default", async () => {
  const page = await demo.open("anna", team("halo"));
  await page.getByRole("link", { name: "Invite teammate" }).first().click();
  await emails(page).fill("mira@example.com");
  await over(page).getByLabel("Name").fill("Mira Roth");
  await pick(over(page).locator(".presets"), "Analyst (read-only)");
  await over(page).locator(".ladder", { hasText: "Companies" }).locator("label:has(:checked)", { hasText: "View" }).waitFor();
  await previewed(page);
  const contact = over(page).getByRole("checkbox", { name: /Make this person the billing contact/ });
  assert.equal(await contact.isChecked(), false);
  await contact.check();
  await accessible(page);
  const api = demo.api(page, "halo");
  assert.equal((await sent(api, "mira@example.com")).length, 0);
  await over(page).getByRole("button", { name: "Send invitation" }).click();
  await toast(page, "The invitation is on its way to mira@example.com.");
  const [one] = await sent(api, "mira@example.com");
  assert.deepEqual([one.name, one.billing_contact, one.role], ["Mira Roth", true, "member"]);
  assert.equal(one.levels.companies, "view");
  assert.equal((await demo.mails("mira@example.com")).length, 1, "one mail");
});

test("HALO-170: a Member is invited with a level for each module", async () => {
  const page = await open("halo");
  await emails(page).fill("noa@example.com");
  await pick(over(page).locator(".ladder", { hasText: "Inbox" }), "Reply");
  await previewed(page);
  await over(page).getByRole("radiogroup", { name: "Role" }).getByText("Admin", { exact: true }).click();
  await over(page).locator(".ladder").first().waitFor({ state: "detached" });
  await over(page).getByRole("radiogroup", { name: "Role" }).getByText("Member", { exact: true }).click();
  await over(page).locator(".ladder", { hasText: "Inbox" }).waitFor();
  await pick(over(page).locator(".ladder", { hasText: "Inbox" }), "Reply");
  await previewed(page);
  await over(page).getByRole("button", { name: "Send invitation" }).click();
  await toast(page, "The invitation is on its way");
  const [one] = await sent(demo.api(page, "halo"), "noa@example.com");
  assert.deepEqual([one.role, one.levels.inbox], ["member", "reply"]);
});

test("several addresses are pasted: each has a result, and those that cannot be invited are left out", async () => {
  const page = await open("standard");
  const api = demo.api(page, "standard");
  await emails(page).fill("Li Wei <li@example.com>, ben@example.com\nnonsense@\n<script>@example.com\njo@example.com");
  await emails(page).blur();
  const lines = over(page).locator(".lines li");
  await lines.first().waitFor();
  assert.equal(await lines.count(), 5);
  assert.equal(await lines.filter({ has: page.locator(".error") }).count(), 3);
  assert.match(await lines.filter({ hasText: "ben@example.com" }).innerText(), /member/i);
  assert.match(await lines.first().innerText(), /li@example\.com\s+Li Wei/);
  await accessible(page);
  await over(page).getByRole("button", { name: "Leave those out and send 2" }).click();
  await toast(page, "2 invitations are on their way");
  const found = await sent(api, "li@example.com", "jo@example.com");
  assert.deepEqual(found.map((one) => one.name).sort(), ["Li Wei", null].sort());
});

test("a CSV file is read: addresses and names by column, in the encodings of spreadsheets", async () => {
  const page = await open("standard");
  const content = "Vorname;Nachname;Abteilung;E-Mail\r\nZoë;Müller;Verkauf;zoe@example.com\r\nUri;Lang;Dienst;uri@example.com\r\n";
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(content, "utf16le")]);
  await over(page).getByLabel("CSV file").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: utf16 });
  const lines = over(page).locator(".lines li");
  await lines.first().waitFor();
  assert.deepEqual(await lines.allInnerTexts().then((all) => all.map((one) => one.trim())), ["zoe@example.com Zoë Müller", "uri@example.com Uri Lang"]);
  await accessible(page);
  await over(page).getByRole("button", { name: /Send invitation.*2/ }).click();
  await toast(page, "2 invitations are on their way");
  const found = await sent(demo.api(page, "standard"), "zoe@example.com", "uri@example.com");
  assert.deepEqual(found.map((one) => one.name).sort(), ["Uri Lang", "Zoë Müller"]);
});

for (const [what, file, words] of [
  ["a workbook with the name of a CSV file", csv("people.csv", "PK\u0003\u0004\u0000\u0000"), /people\.csv is not a CSV or text file/],
  ["a picture", { name: "me.png", mimeType: "image/png", buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47]) }, /me\.png is not a CSV or text file/],
  ["an unknown encoding", { name: "a.csv", mimeType: "text/csv", buffer: Buffer.from([0x5a, 0xeb, 0x2c]) }, /a\.csv is in an encoding that cannot be recognised/],
  ["an empty file", csv("a.csv", "\n"), /a\.csv is empty/],
  ["a file that is too large", csv("a.csv", "a@example.com\n".repeat(20_000)), /a\.csv is larger than 256 KB/],
]) {
  test(`${what} is refused in words, at once and when it is sent`, async () => {
    const page = await open("standard");
    await emails(page).fill("kept@example.com");
    await over(page).getByLabel("CSV file").setInputFiles(file);
    const error = over(page).locator("#file-error");
    await error.getByText(words).waitFor();
    await over(page).locator("#access-foot button.primary").click();
    await error.getByText(words).waitFor();
    assert.equal(await emails(page).inputValue(), "kept@example.com", "what was typed is kept");
    assert.equal((await sent(demo.api(page, "standard"), "kept@example.com")).length, 0);
    await accessible(page);
  });
}

test("without scripts a file is sent with the form, and its addresses come back to be corrected", async () => {
  const page = await demo.open("anna", `${team("standard")}/invite`, { javaScriptEnabled: false });
  await over(page).getByLabel("CSV file").setInputFiles(csv("a.csv", "email,name\nvera@example.com,Vera\nanna@example.com,Anna\n"));
  await over(page).locator("#access-foot button.primary").first().click();
  await over(page).locator(".lines .error").waitFor();
  assert.match(await emails(page).inputValue(), /vera@example\.com,Vera/);
  await over(page).getByRole("button", { name: "Leave those out and send 1" }).click();
  await toast(page, "vera@example.com");
  const [one] = await sent(demo.api(page, "standard"), "vera@example.com");
  assert.equal(one.name, "Vera");
});

test("no address, and more than a hundred, are refused at the field", async () => {
  const page = await open("standard");
  await over(page).locator("#access-foot button.primary").click();
  await over(page).locator("#e-emails").getByText("An address is required.").waitFor();
  await accessible(page);
  await emails(page).fill(Array.from({ length: 101 }, (_, n) => `p${n}@example.com`).join("\n"));
  await over(page).locator("#access-foot button.primary").click();
  await over(page).locator("#e-emails").getByText("At most 100 addresses at once.").waitFor();
  assert.match(await emails(page).inputValue(), /p100@example\.com/);
  assert.equal((await sent(demo.api(page, "standard"), "p0@example.com")).length, 0);
});

test("people are invited on a phone", async () => {
  const page = await open("standard", { phone: true });
  await fits(page);
  await emails(page).fill("pho@example.com");
  await emails(page).blur();
  await previewed(page);
  await accessible(page);
  await fits(page);
  const button = over(page).locator("#access-foot button.primary");
  assert((await button.boundingBox()).height >= 44);
  await button.click();
  await toast(page, "pho@example.com");
  assert.equal((await sent(demo.api(page, "standard"), "pho@example.com")).length, 1);
  await page.goto(`${team("standard")}?status=pending`);
  await row(page, "pho@example.com").waitFor();
});

test("an open invitation is sent again, and revoked after a question", async () => {
  const page = await demo.open("anna", `${team("harmony")}?status=pending`);
  const api = demo.api(page, "harmony");
  await row(page, "nora@example.com").getByRole("button", { name: "Resend" }).first().click();
  await toast(page, "A new link is on its way to nora@example.com.");
  await row(page, "nora@example.com").locator(".menu summary").click();
  await row(page, "nora@example.com").getByRole("link", { name: "Revoke" }).click();
  await accessible(page);
  await over(page).getByRole("link", { name: "Keep it" }).click();
  assert.equal((await sent(api, "nora@example.com")).filter((one) => one.status === "pending").length, 1);
  await page.goto(`${team("harmony")}?status=pending`);
  await row(page, "nora@example.com").locator(".menu summary").click();
  await row(page, "nora@example.com").getByRole("link", { name: "Revoke" }).click();
  await over(page).getByRole("button", { name: "Revoke" }).click();
  await toast(page, "The invitation is revoked.");
  assert.equal((await sent(api, "nora@example.com")).filter((one) => one.status === "pending").length, 0);
});
