// The operator's console: what an operator does there, by keyboard and mouse, and that no other person gets to it.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();

test("an operator comes to the console from the list of workspaces, and back", async () => {
  const page = await demo.open("anna", "/workspaces");
  await page.getByRole("link", { name: "Operator’s console" }).click();
  await page.waitForURL("**/operator");
  assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "Overview");
  const jobs = page.getByRole("row", { name: /Send mails/ });
  assert.match(await jobs.textContent(), /every second/);
  assert.equal(await page.getByRole("row").count(), 13, "a head and every job");
  await page.getByRole("navigation", { name: "Menu" }).getByRole("link", { name: "Workspaces" }).click();
  assert.equal(await page.getByRole("link", { name: "Workspaces" }).first().getAttribute("aria-current"), "page");
  await page.context().close();
});

test("for a member and without a session the console does not exist", async () => {
  for (const person of [null, "ben"]) {
    const page = await demo.open(person, "/sign-up");
    const answer = await page.goto("/operator");
    assert.equal(answer.status(), 404);
    assert.match(await page.locator("main").textContent(), /not found/i);
    const workspaces = await demo.open("ben", "/workspaces");
    assert.equal(await workspaces.getByRole("link", { name: "Operator’s console" }).count(), 0);
    await workspaces.context().close();
    await page.context().close();
  }
});

test("a workspace is found, deleted with its slug, and restored", async () => {
  const page = await demo.open("anna", "/operator/workspaces");
  await page.getByRole("searchbox").fill("hari");
  await page.keyboard.press("Enter");
  await page.waitForURL("**q=hari**");
  await page.getByRole("link", { name: "Profiles and teams" }).click();
  await page.getByRole("link", { name: "Delete workspace" }).click();
  const dialog = page.getByRole("dialog");
  await accessible(page);
  assert.match(await dialog.textContent(), /can be restored until/);
  await dialog.getByRole("textbox").fill("hari");
  await dialog.getByRole("button", { name: /^Delete/ }).click();
  await page.getByText("It is purged on").waitFor();
  await accessible(page);
  assert.equal((await page.context().request.get("/workspace/hari")).status(), 404);
  await page.getByRole("button", { name: "Restore workspace" }).click();
  await page.getByText("The workspace is restored.").waitFor();
  assert.equal((await page.context().request.get("/workspace/hari/settings/team")).status(), 200);
  await page.goto("/operator/operations?action=workspace.restore");
  assert.match(await page.getByRole("table").textContent(), /Anna Keller \(anna@example.com\)/);
  await page.context().close();
});

test("an account is created, its link sets the password, and another link is made", async () => {
  const page = await demo.open("anna", "/operator/accounts/new");
  await page.getByLabel("Email").fill("zoe@example.com");
  await page.getByLabel("First name").fill("Zoe");
  await page.getByRole("button", { name: "Create account" }).click();
  const link = await page.getByLabel("Password link").inputValue();
  await accessible(page);
  const zoe = await demo.open(null, link);
  await zoe.locator("[name=password]").fill("look around even more");
  await zoe.getByRole("button").last().click();
  await zoe.waitForURL((url) => !url.pathname.startsWith("/password-resets"));
  await zoe.context().close();
  await page.getByRole("link", { name: "Make a password link" }).click();
  await page.getByRole("button", { name: "Make a password link" }).click();
  assert.match(await page.getByLabel("Password link").inputValue(), /password-resets/);
  await page.context().close();
});

test("an account is disabled and enabled, and its sessions are ended one by one", async () => {
  const kofi = await demo.open("kofi", "/workspaces");
  const page = await demo.open("anna", "/operator/accounts?q=kofi");
  await page.getByRole("link", { name: /Kofi/ }).click();
  await accessible(page);
  await page.getByRole("button", { name: /^End the session/ }).first().click();
  await page.getByText("The session has ended.").waitFor();
  await page.getByRole("link", { name: "Disable account" }).click();
  await page.getByRole("dialog").getByText("It signs in by no way").waitFor();
  await accessible(page);
  await page.getByRole("button", { name: "Disable account" }).click();
  await page.getByText("The account is disabled, and its sessions have ended.").waitFor();
  await accessible(page);
  await kofi.goto("/workspaces");
  assert.match(kofi.url(), /\/sign-in/);
  await kofi.context().close();
  await page.getByRole("button", { name: "Enable account" }).click();
  await page.getByText("The account is enabled.").waitFor();
  await page.context().close();
});

test("the console works without scripts", async () => {
  const page = await demo.open("anna", "/operator/operations", { javaScriptEnabled: false });
  await page.getByRole("combobox").selectOption("account.operator");
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL("**action=account.operator");
  assert.equal(await page.getByRole("row").count(), 2);
  await page.goto("/operator/workspaces/halo");
  await page.getByLabel("Plan").selectOption({ label: "Enterprise" });
  await page.getByRole("button", { name: "Change plan" }).click();
  await page.getByText("The plan is changed.").waitFor();
  await page.context().close();
});
