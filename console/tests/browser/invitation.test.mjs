// From the mail of an invitation to the workspace.
import { test } from "node:test";
import { PASSWORD, accessible, assert, start } from "./harness.mjs";

const demo = await start();

async function invite(email, role = "member") {
  const anna = await demo.open("anna", "/workspaces");
  await demo.api(anna, "harmonia").post("/invitations", { email, role });
  const mails = await demo.mails(email);
  const link = mails.at(-1).match(/\/invitations\/[\w-]+/);
  assert(link, mails.at(-1));
  await anna.context().close();
  return link[0];
}

test("HARMONIA-46: the link of a mail leads through registering into the workspace", async () => {
  const page = await demo.open(null, await invite("nora@example.com"));
  await accessible(page);
  assert.equal(await page.locator('a[href$="?have=account"]').count(), 1);
  assert.match(await page.innerText("main"), /invited you as Member/);
  await page.fill("#f-first_name", "Nora");
  await page.fill("#f-last_name", "Novak");
  await page.fill("#f-password", PASSWORD);
  await page.click("button.primary");
  await page.waitForURL(/\/workspace\/harmonia/);
  assert.match(await page.innerText(".rail-foot .name"), /Nora Novak/);
});

test("an account of another address switches with one button, and the invitation stays open", async () => {
  const path = await invite("olga@example.com");
  const page = await demo.open("ben", path);
  await accessible(page);
  assert.match(await page.innerText("main"), /olga@example\.com[\s\S]*ben@example\.com/);
  await page.click("button.primary");
  await page.waitForSelector("#f-first_name");
  assert(page.url().endsWith(path));
});

test("HALO-221: a member without any level lands on a page that names who can help", async () => {
  const anna = await demo.open("anna", "/workspaces");
  await demo.api(anna, "halo").post("/invitations", { email: "pia@example.com", role: "member" });
  const mails = await demo.mails("pia@example.com");
  const page = await demo.open(null, mails.at(-1).match(/\/invitations\/[\w-]+/)[0]);
  await page.fill("#f-first_name", "Pia");
  await page.fill("#f-password", PASSWORD);
  await page.click("button.primary");
  await page.waitForSelector("h1");
  assert.equal(await page.innerText("h1"), "No access yet");
  assert.match(await page.innerText("main"), /Anna/);
  await accessible(page);
});

test("HALO-049: a billing contact without a Team page transfers billing on the Billing page", async () => {
  const anna = await demo.open("anna", "/workspaces");
  const api = demo.api(anna, "halo");
  const members = await api.get("/members?limit=100");
  const active = members.items.filter((one) => one.status === "active" && one.role === "member" && one.email.startsWith("david"));
  const david = active[0] ?? members.items.find((one) => one.status === "active" && one.role === "member");
  if (!david.billing_contact) await api.post("/billing/contact", { to: david.id });
  const page = await demo.open(david.email, "/workspace/halo/settings/billing");
  assert.equal(await page.locator('.rail a[href="/workspace/halo/settings/team"]').count(), 0);
  await page.selectOption("#f-to", { label: "Anna Keller" });
  await page.getByRole("button", { name: "Transfer billing" }).click();
  await page.waitForSelector(".toast");
});

test("HARMONY-23: the menu of a person with a single workspace shows just that one", async () => {
  const page = await demo.open(null, await invite("quinn@example.com"));
  await page.fill("#f-first_name", "Quinn");
  await page.fill("#f-password", PASSWORD);
  await page.click("button.primary");
  await page.waitForURL(/\/workspace\/harmonia/);
  await page.click(".rail .switcher summary");
  await page.waitForSelector(".rail .switcher .menu-panel a[aria-current]");
  assert.equal(await page.locator(".rail .switcher .menu-panel a").count(), 1);
});

test("the pages in front of the door are accessible", async () => {
  for (const dark of [false, true]) {
    for (const path of ["/sign-in", "/sign-up", "/forgot", "/confirmations", "/confirmations/x", "/password-resets/x", "/invitations/x", "/nothing"]) {
      const page = await demo.open(null, path, { dark, phone: dark });
      await accessible(page);
      await page.context().close();
    }
  }
});
