// One's own profile: name, password, sessions, and what is wrong with what was typed.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();
const PROFILE = "/workspace/standard/profile";
const me = async (page) => (await page.context().request.get("/api/v1/me")).json();

test("the profile saves a name, shows a script in it as text, and refuses an empty or long one at its field", async () => {
  const page = await demo.open("anna", PROFILE);
  const first = page.getByLabel("First name");
  await page.evaluate(() => { for (const form of document.forms) form.noValidate = true; });
  for (const [wrong, words] of [["", /required|character/i], ["long ".repeat(40), /100 characters/]]) {
    await first.evaluate((input) => input.removeAttribute("maxlength"));
    await first.fill(wrong);
    await page.getByRole("button", { name: "Save profile" }).click();
    await page.waitForSelector("#e-first_name");
    assert.match(await page.innerText("#e-first_name"), words);
    assert.equal(await first.inputValue(), wrong.trim(), "what was typed stays");
    await page.evaluate(() => { for (const form of document.forms) form.noValidate = true; });
  }
  await accessible(page);
  assert.equal((await me(page)).first_name, "Anna");
  await first.fill("<b>Anna</b>");
  await page.getByRole("button", { name: "Save profile" }).click();
  await page.getByText("Your profile is saved.").waitFor();
  assert.equal((await me(page)).first_name, "<b>Anna</b>");
  assert.match(await page.innerText(".rail"), /<b>Anna<\/b>/);
  await first.fill("Anna");
  await page.getByRole("button", { name: "Save profile" }).click();
  await page.getByText("Your profile is saved.").waitFor();
});

test("a wrong present password changes nothing, and another password ends the other sessions", async () => {
  const page = await demo.open("hana", PROFILE);
  const other = await demo.open("hana", PROFILE);
  const change = async (present, next) => {
    await page.getByLabel("Current password").fill(present);
    await page.getByLabel("New password").fill(next);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("not my password", "another long password");
  await page.locator(".error, [role=alert]").first().waitFor();
  await accessible(page);
  assert.equal((await other.context().request.get("/api/v1/me")).status(), 200);
  await change("look around freely", "another long password");
  await page.getByText("Your password is changed.").waitFor();
  assert.equal((await other.context().request.get("/api/v1/me")).status(), 401);
  assert.equal((await me(page)).email, "hana@example.com");
});

test("a session is ended one by one", async () => {
  const page = await demo.open("ivo", PROFILE);
  const other = await demo.open("ivo", PROFILE);
  await page.reload();
  await page.getByRole("button", { name: /^End the session of/ }).first().click();
  await page.getByText("The session has ended.").waitFor();
  assert.equal((await other.context().request.get("/api/v1/me")).status(), 401);
});
