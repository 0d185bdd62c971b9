// Bad input on forms: nothing that was typed is lost, and nothing is saved twice.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();
const DEALS = "/workspace/team-management/records/deals";

const total = async (page, text) => (await demo.api(page, "team-management").get(`/records/deals?limit=200&q=${encodeURIComponent(text)}`)).items.length;

/** A form for a record, filled. */
async function filled(name, person = "anna") {
  const page = await demo.open(person, `${DEALS}/new`);
  await page.getByLabel("Name", { exact: true }).fill(name);
  return page;
}

test("an empty form says what is missing, and a script in a text is shown as text", async () => {
  const page = await filled("");
  await page.evaluate(() => { document.querySelector("form.form-page").noValidate = true; });
  await page.getByRole("button", { name: "Create deal" }).click();
  const name = page.getByLabel("Name", { exact: true });
  await name.and(page.locator("[aria-invalid=true]")).waitFor();
  assert.match(await page.innerText("#e-name"), /required/i);
  await accessible(page);
  const script = "<script>window.broken = 1</script><img src=x onerror=window.broken=1>";
  await name.fill(script);
  await page.getByRole("button", { name: "Create deal" }).click();
  await page.waitForSelector(".record");
  assert.equal((await page.innerText("h1")).trim(), script);
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.equal(await total(page, "window.broken"), 1);
});

test("a text that is too long is refused at its field, and stays", async () => {
  const page = await filled("");
  const long = "long ".repeat(200);
  await page.evaluate(() => { document.querySelector("#f-name").removeAttribute("maxlength"); });
  await page.getByLabel("Name", { exact: true }).fill(long);
  await page.getByRole("button", { name: "Create deal" }).click();
  await page.waitForSelector("#e-name");
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), long.trim());
  assert.equal(await total(page, "long long"), 0);
});

test("a double click creates one record", async () => {
  const page = await filled("Clicked twice");
  await page.getByRole("button", { name: "Create deal" }).dblclick();
  await page.waitForSelector(".record");
  assert.equal(await total(page, "Clicked twice"), 1);
});

test("the back button leads to the form as it was left, and it can be sent again", async () => {
  const page = await filled("Back and forth");
  await page.getByRole("button", { name: "Create deal" }).click();
  await page.waitForSelector(".record");
  await page.goBack();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Back and forth");
  await page.getByLabel("Name", { exact: true }).fill("Back and forth again");
  await page.getByRole("button", { name: "Create deal" }).click();
  await page.waitForSelector(".record");
  assert.equal(await total(page, "Back and forth"), 2);
});

test("another person saved first: what is saved now is shown, and what was typed is kept", async () => {
  const page = await filled("Two editors");
  await page.getByRole("button", { name: "Create deal" }).click();
  await page.waitForSelector(".record");
  const id = page.url().split("/").pop();
  await page.goto(`${DEALS}/${id}/edit`);
  await page.getByLabel("Name", { exact: true }).fill("Mine");
  await demo.api(page, "team-management").patch(`/records/deals/${id}`, { fields: { name: "Theirs" } });
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.waitForSelector("[role=alert]");
  assert.match(await page.innerText("main"), /Saved now: Theirs/);
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Mine");
  await accessible(page);
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.waitForSelector(".record");
  assert.equal((await demo.api(page, "team-management").get(`/records/deals/${id}`)).fields.name, "Mine");
});

test("a session that ends in the middle of a form: after signing in, the form is still filled", async () => {
  const page = await filled("Typed for an hour");
  await page.getByLabel("Amount").fill("1250.50");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Create deal" }).click();
  await page.waitForURL(/\/sign-in/);
  await page.getByLabel("Email").fill("anna@example.com");
  await page.getByLabel("Password").fill("look around freely");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/records\/deals\/new$/);
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Typed for an hour");
  assert.equal(await page.getByLabel("Amount").inputValue(), "1250.50");
  assert.match(await page.innerText("#toasts"), /nothing has been saved yet/i);
  assert.equal(await total(page, "Typed for an hour"), 0);
  await page.getByRole("button", { name: "Create deal" }).click();
  await page.waitForSelector(".record");
  assert.equal(await total(page, "Typed for an hour"), 1);
  await page.goto(`${DEALS}/new`);
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "");
});

test("what was typed is not shown to another person who signs in", async () => {
  const page = await filled("Only for Anna");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Create deal" }).click();
  await page.waitForURL(/\/sign-in/);
  await page.getByLabel("Email").fill("ben@example.com");
  await page.getByLabel("Password").fill("look around freely");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/records\/deals\/new$/);
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "");
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});

test("offline, a form says so and keeps what was typed", async () => {
  const page = await filled("Typed in a tunnel");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Create deal" }).click();
  await page.waitForSelector(".toast");
  assert.match(await page.innerText(".toast"), /offline/i);
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Typed in a tunnel");
  await page.context().setOffline(false);
  await page.waitForSelector(".toast", { state: "detached" });
  await page.getByRole("button", { name: "Create deal" }).click();
  await page.waitForSelector(".record");
  assert.equal(await total(page, "Typed in a tunnel"), 1);
});
