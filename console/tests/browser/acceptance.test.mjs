// From the mail of an invitation to the workspace: new accounts, known ones, dead links, and the first page.
import { test } from "node:test";
import { PASSWORD, accessible, assert, start } from "./harness.mjs";
import { fits, link, member, over, pick, previewed, row, team, toast } from "./people.mjs";

const demo = await start();

/** Invites an address, and returns the path of the link in its mail. */
async function invite(workspace, email, role = "member") {
  const anna = await demo.open("anna", "/workspaces");
  const known = demo.sent(email).length;
  await demo.api(anna, workspace).post("/invitations", { email, role });
  await anna.context().close();
  return link(demo, email, "/invitations", known);
}

/** Creates the account of an invitation. */
async function register(page, first, last = "") {
  await page.getByLabel("First name").fill(first);
  await page.getByLabel("Last name").fill(last);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: /^Join / }).click();
}

/** The pages that the rail offers, by name. */
const rail = (page) => page.locator(".console > .rail ul:not(.rail-settings) a").allInnerTexts();

test("HARMONIA-46: the link of a mail leads through registering into the workspace, on the first page that is open", async () => {
  const page = await demo.open(null, await invite("harmonia", "nora.new@example.com"));
  await accessible(page);
  assert.match(await page.innerText("main"), /Anna Keller invited you as Member/);
  await register(page, "Nora", "Novak");
  await page.waitForURL(/\/workspace\/harmonia\//);
  assert.match(await page.locator(".console > .rail .rail-foot .name").innerText(), /Nora Novak/);
  const answer = await page.reload();
  assert.equal(answer.status(), 200);
  assert.equal(new URL(page.url()).pathname, "/workspace/harmonia/records/contacts", "the first of what they work on");
  const again = await demo.open(null, await link(demo, "nora.new@example.com", "/invitations"));
  await again.getByRole("heading", { name: "This invitation was accepted" }).waitFor();
});

test("an account that exists joins with its password, after the wrong one was refused", async () => {
  await invite("halo", "known@example.com");
  const first = await demo.open(null, await link(demo, "known@example.com", "/invitations"));
  await register(first, "Kim");
  const page = await demo.open(null, await invite("harmony", "known@example.com"));
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("Password").fill("not this password");
  await page.getByRole("button", { name: /^Join / }).click();
  await page.getByText("The password is wrong.").waitFor();
  await accessible(page);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: /^Join / }).click();
  await page.waitForURL(/\/workspace\/harmony/);
});

test("a mistake in the form of a new account keeps what was typed, and shows text as text", async () => {
  const page = await demo.open(null, await invite("harmonia", "typo@example.com"), { javaScriptEnabled: false });
  await page.locator("form").first().evaluate((form) => { form.noValidate = true; });
  await page.getByLabel("First name").fill("<script>alert(1)</script>");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: /^Join / }).click();
  await page.locator("#e-password").waitFor();
  assert.equal(await page.getByLabel("First name").inputValue(), "<script>alert(1)</script>");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel("First name").fill("Tya");
  await page.getByRole("button", { name: /^Join / }).click();
  await page.waitForURL(/\/workspace\/harmonia/);
});

test("an account of another address switches with one button, and the invitation stays open", async () => {
  const path = await invite("harmonia", "olga@example.com");
  const page = await demo.open("ben", path);
  await accessible(page);
  assert.match(await page.innerText("main"), /olga@example\.com[\s\S]*ben@example\.com/);
  await page.getByRole("button", { name: "Switch account" }).click();
  await page.getByLabel("First name").waitFor();
  assert(page.url().endsWith(path));
});

test("an expired and a withdrawn invitation say so, and whom to ask", async () => {
  const path = await invite("harmonia", "gone@example.com");
  const anna = await demo.open("anna", "/workspaces");
  const api = demo.api(anna, "harmonia");
  const { items } = await api.get("/invitations?limit=100");
  await api.delete(`/invitations/${items.find((one) => one.email === "gone@example.com").id}`);
  const page = await demo.open(null, path);
  await page.getByRole("heading", { name: "This invitation was withdrawn" }).waitFor();
  await page.getByText("Ask Anna Keller to send you another one.").waitFor();
  await accessible(page);
  await anna.goto(`${team("harmonia")}?status=pending`);
  await row(anna, "oskar@example.com").getByText("Expired", { exact: true }).waitFor();
});

test("HARMONY-23: the menu of a person with a single workspace shows just that one", async () => {
  const page = await demo.open(null, await invite("harmonia", "quinn@example.com"));
  await register(page, "Quinn");
  await page.waitForURL(/\/workspace\/harmonia/);
  await page.locator(".console > .rail .switcher summary").click();
  const panel = page.locator(".console > .rail .switcher .menu-panel");
  await panel.locator("a[aria-current]").waitFor();
  assert.equal(await panel.getByRole("link").count(), 1);
});

/** Invites a teammate of Halo on the page, as the examples of its documentation do, and accepts on another computer. */
async function seat(email, fill) {
  const page = await demo.open("anna", `${team("halo")}/invite`);
  await over(page).getByLabel(/^Email addresses/).fill(email);
  await over(page).getByLabel(/^Email addresses/).blur();
  await page.waitForLoadState("networkidle");
  await fill(page);
  await over(page).getByRole("button", { name: "Send invitation" }).click();
  await toast(page, email);
  const own = await demo.open(null, await link(demo, email, "/invitations"));
  await register(own, email.split("@")[0]);
  await own.waitForURL(/\/workspace\/halo/);
  await own.locator(".console > .rail .rail-foot").first().waitFor();
  return own;
}

const preset = (name) => async (page) => {
  await pick(over(page).locator(".presets"), name);
  await over(page).locator(".presets .chip:has(:checked)", { hasText: name }).waitFor();
  await previewed(page);
};

test("HALO-205 HALO-206 HALO-207: just inbox: Support agent sees five modules and nothing else", async () => {
  const own = await seat("inbox@example.com", preset("Support agent"));
  assert.deepEqual((await rail(own)).sort(), ["Ask AI", "Companies", "Contacts", "Inbox", "Knowledge"]);
  for (const hidden of ["modules/automation", "modules/ai_agents", "modules/help_center", "settings/team", "settings/integrations"]) {
    const answer = await own.goto(`/workspace/halo/${hidden}`);
    assert([403, 404].includes(answer.status()), `${hidden}: ${answer.status()}`);
    await accessible(own);
  }
});

test("HALO-208 HALO-209 HALO-210: just Ask AI: they land on it, and see nothing else", async () => {
  const own = await seat("ask@example.com", async (page) => {
    await pick(over(page).locator(".presets"), "Custom");
    await pick(over(page).locator(".ladder", { hasText: "Ask AI" }), "Use");
    await previewed(page);
  });
  assert.match(own.url(), /\/ask_ai/);
  assert.deepEqual(await rail(own), ["Ask AI"]);
  await own.context().clearCookies();
  await own.goto("/sign-in");
  await own.getByLabel("Email").fill("ask@example.com");
  await own.getByLabel("Password").fill(PASSWORD);
  await own.getByRole("button", { name: "Sign in" }).click();
  await own.waitForURL(/\/workspace\/halo\/.*ask_ai/);
});

test("HALO-211 HALO-212 HALO-213 HALO-214: marketing only: Automation, Contacts, Companies and Help Center", async () => {
  const own = await seat("marketing@example.com", preset("Marketing / Lifecycle"));
  assert.deepEqual((await rail(own)).sort(), ["Automation", "Companies", "Contacts", "Help Center"]);
});

test("HALO-215 HALO-216: the finance person has no level, and sees billing only", async () => {
  const own = await seat("finance@example.com", async (page) => {
    await over(page).getByRole("checkbox", { name: /Make this person the billing contact/ }).check();
    await previewed(page);
  });
  assert.match(own.url(), /\/settings\/billing$/);
  const names = await own.locator(".console > .rail ul a").allInnerTexts();
  assert(names.includes("Billing"), names.join());
  for (const name of ["Inbox", "Contacts", "Automation", "Team", "General", "API keys"]) assert(!names.includes(name), names.join());
  const answer = await own.goto("/workspace/halo/settings/team");
  assert([403, 404].includes(answer.status()));
});

test("HALO-221: a member without any level lands on a page that names who can help", async () => {
  const page = await demo.open(null, await invite("halo", "pia@example.com"));
  await register(page, "Pia");
  await page.getByRole("heading", { name: "No access yet" }).waitFor();
  assert.match(await page.innerText("main"), /Anna/);
  await accessible(page);
});

test("HALO-049: a billing contact without a Team page transfers billing on the Billing page", async () => {
  const anna = await demo.open("anna", "/workspaces");
  const api = demo.api(anna, "halo");
  const david = await member(api, "david");
  if (!david.billing_contact) await api.post("/billing/contact", { to: david.id });
  const page = await demo.open("david", "/workspace/halo/settings/billing");
  assert.equal(await page.locator('.rail a[href="/workspace/halo/settings/team"]').count(), 0);
  await page.locator("#f-to").selectOption({ label: "Anna Keller" });
  await page.getByRole("button", { name: "Transfer billing" }).click();
  await page.locator(".toast").waitFor();
  assert.equal((await member(api, "anna")).billing_contact, true);
});

test("an invitation is accepted on a phone", async () => {
  const page = await demo.open(null, await invite("harmonia", "phone@example.com"), { phone: true, dark: true });
  await fits(page);
  await accessible(page);
  await register(page, "Fon");
  await page.waitForURL(/\/workspace\/harmonia/);
  await fits(page);
});
