// In front of the door: signing up, confirming, signing in and out, a forgotten password.
import { test } from "node:test";
import { PASSWORD, accessible, assert, start } from "./harness.mjs";
import { fits, link } from "./people.mjs";

const demo = await start();

async function signUp(page, email, first = "Sam") {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("First name").fill(first);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
}

const me = async (page) => (await page.context().request.get("/api/v1/me")).json();

test("a person signs up, confirms the address by the link, signs out and in again", async () => {
  const page = await demo.open(null, "/sign-in");
  await page.getByRole("link", { name: "Create one" }).click();
  await accessible(page);
  await signUp(page, "sam@example.com");
  await page.waitForURL(/\/workspaces/);
  await accessible(page);
  assert.equal((await me(page)).email, "sam@example.com");
  await page.goto(await link(demo, "sam@example.com", "/confirmations"));
  await accessible(page);
  await page.getByRole("button", { name: "Confirm sam@example.com" }).click();
  await page.getByText("sam@example.com is confirmed.").waitFor();
  await page.goto("/workspaces");
  await page.getByRole("button", { name: /^Sign out/ }).click();
  await page.waitForURL(/\/sign-in/);
  assert.equal((await page.context().request.get("/api/v1/me")).status(), 401);
  await page.getByLabel("Email").fill("sam@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/workspaces/);
  assert.equal((await me(page)).email, "sam@example.com");
});

test("mistakes in a new account are at their fields, and what was typed is kept", async () => {
  const page = await demo.open(null, "/sign-up", { javaScriptEnabled: false });
  await page.locator("form").evaluate((form) => { form.noValidate = true; });
  await page.getByLabel("Email").fill("nonsense");
  await page.getByLabel("First name").fill("<script>alert(1)</script>");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.locator("#e-email").waitFor();
  await page.locator("#e-password").waitFor();
  assert.equal(await page.getByLabel("Email").inputValue(), "nonsense");
  assert.equal(await page.getByLabel("First name").inputValue(), "<script>alert(1)</script>");
  await page.getByLabel("Email").fill("anna@example.com");
  await page.getByLabel("First name").fill("Sam");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  // The address has an account, and the page does not tell.
  await page.waitForURL(/\/workspaces\/new$/);
  await page.getByText("anna@example.com").first().waitFor();
});

test("a wrong password tells nothing about the account, and keeps the address", async () => {
  const texts = [];
  for (const email of ["anna@example.com", "not.there@example.com"]) {
    const page = await demo.open(null, "/sign-in");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    texts.push(await page.getByRole("alert").innerText());
    assert.equal(await page.getByLabel("Email").inputValue(), email);
    await accessible(page);
  }
  assert.equal(texts[0], texts[1]);
});

test("a page that needs a session is shown after signing in; another site is not gone to", async () => {
  const page = await demo.open(null, "/workspace/standard/settings/team?status=inactive");
  await page.waitForURL(/\/sign-in/);
  await page.getByLabel("Email").fill("anna@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/workspace\/standard\/settings\/team\?status=inactive$/);
  const other = await demo.open(null, "/sign-in?next=https://example.org/");
  await other.getByLabel("Email").fill("anna@example.com");
  await other.getByLabel("Password").fill(PASSWORD);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.waitForURL((url) => url.pathname !== "/sign-in");
  assert(other.url().startsWith(demo.base), other.url());
});

test("a forgotten password is replaced by the link of a mail, which works once and ends the sessions", async () => {
  const old = await demo.open("kofi", "/workspaces");
  const page = await demo.open(null, "/sign-in");
  await page.getByRole("link", { name: "Forgot it" }).click();
  await page.getByLabel("Email").fill("kofi@example.com");
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByRole("status").filter({ hasText: "kofi@example.com" }).waitFor();
  await accessible(page);
  const path = await link(demo, "kofi@example.com", "/password-resets");
  await page.goto(path);
  await accessible(page);
  await page.getByLabel("New password").fill("another long secret");
  await page.getByRole("button", { name: "Save the password" }).click();
  await page.getByText("The password of kofi@example.com is changed.").waitFor();
  assert.equal((await old.context().request.get("/api/v1/me")).status(), 401, "the sessions have ended");
  await page.goto(path);
  await page.getByRole("heading", { name: "This link no longer works" }).waitFor();
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill("kofi@example.com");
  await page.getByLabel("Password").fill("another long secret");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
});

test("a short new password is refused at the field, and the link still works", async () => {
  const page = await demo.open(null, "/forgot", { javaScriptEnabled: false });
  await page.getByLabel("Email").fill("lea@example.com");
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.goto(await link(demo, "lea@example.com", "/password-resets"));
  await page.locator("form").evaluate((form) => { form.noValidate = true; });
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Save the password" }).click();
  await page.locator("#e-password").waitFor();
  await page.getByLabel("New password").fill("another long secret");
  await page.getByRole("button", { name: "Save the password" }).click();
  await page.getByText("is changed.").waitFor();
});

for (const dark of [false, true]) {
  for (const phone of [false, true]) {
    test(`the pages in front of the door are accessible, ${dark ? "dark" : "light"}, ${phone ? "phone" : "desktop"}`, async () => {
      for (const path of ["/sign-in", "/sign-up", "/forgot", "/confirmations", "/confirmations/x", "/password-resets/x", "/invitations/x", "/nothing"]) {
        const page = await demo.open(null, path, { dark, phone });
        await accessible(page);
        await fits(page);
        await page.context().close();
      }
    });
  }
}
