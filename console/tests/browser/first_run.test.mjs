// The first run: from an empty folder to the first accepted invitation.
import { test } from "node:test";
import { accessible, assert, startEmpty } from "./harness.mjs";

const site = await startEmpty();

const BLUEPRINT = `[blueprint]
id = "field-service"
name = "Field service"

[records.jobs]

[roles.dispatcher]
rank = 2
top = true
grants = ["jobs:*:all", "job:read:all"]
`;

test("the set-up link leads to the first accepted invitation in at most ten clicks", async () => {
  const path = new URL(site.log.match(/http\S+\/setup\/\S+/)[0]).pathname;
  let clicks = 0;
  const click = async (target) => {
    clicks++;
    await target.click();
  };

  const page = await site.open(null, path);
  await accessible(page);
  assert.match(await page.innerText(".first-steps [aria-current]"), /Account/);
  await page.getByLabel("Email").fill("dana@example.com");
  await page.getByLabel("First name").fill("Dana");
  await page.getByLabel("Password").fill("correct horse battery");
  await click(page.getByRole("button", { name: "Create account" }));

  await page.waitForURL(/\/workspaces\/new/);
  await accessible(page);
  assert.match(await page.innerText(".first-steps [aria-current]"), /Workspace/);
  await page.getByLabel("Name", { exact: true }).fill("Northwind");
  await click(page.getByRole("button", { name: "Choose how access works" }));
  await page.waitForURL(/\/workspaces\/new\/model/);
  await accessible(page);
  assert.match(await page.innerText(".first-steps [aria-current]"), /Access model/);
  assert.equal(await page.locator("label.model").count(), 6, "the six access models");
  assert.equal(await page.locator("label.model svg.picture").count(), 6, "with a picture each");
  await click(page.locator("label.model", { hasText: "Role ladder" }).or(page.locator("label.model:has([value=team-management])")).first());
  await click(page.getByLabel(/^Sample data/));
  await click(page.getByRole("button", { name: "Create workspace" }));

  await page.waitForURL(/\/workspace\/northwind\/settings\/team\/invite/);
  await accessible(page);
  await page.getByLabel(/^Email addresses|^Addresses|^Emails/i).fill("ben@example.com\ncleo@example.com\ndavid@example.com");
  await click(page.getByRole("button", { name: /^Send/ }));
  await page.waitForURL(/\/settings\/team$/);
  const { items } = await site.api(page, "northwind").get("/invitations");
  assert.equal(items.length, 3);
  const records = await site.api(page, "northwind").get("/records/deals?limit=1");
  assert.equal(records.total, 12, "the sample data");

  const [mail] = await site.mails("ben@example.com");
  const link = new URL(mail.match(/http\S+\/invitations\/[A-Za-z0-9_-]+/)[0]).pathname;
  const guest = await site.open(null, link);
  await accessible(guest);
  await guest.getByLabel("First name").fill("Ben");
  await guest.getByLabel("Password").fill("staple battery horse");
  await click(guest.locator("main button.primary"));
  await guest.waitForURL(/\/workspace\/northwind/);
  const members = await site.api(page, "northwind").get("/members");
  assert.deepEqual(members.items.map((one) => one.email).sort(), ["ben@example.com", "dana@example.com"]);
  // The click on the link in the mail is one too.
  assert(clicks + 1 <= 10, `${clicks + 1} clicks`);

  const again = await site.open(null, path);
  await again.getByLabel("Email").fill("eve@example.com");
  await again.getByLabel("First name").fill("Eve");
  await again.getByLabel("Password").fill("correct horse battery");
  await again.getByRole("button", { name: "Create account" }).click();
  await again.getByRole("alert").waitFor();
});

test("a text of one's own is checked while it is written, corrected by clicks, and used", async () => {
  const page = await site.open(null, "/sign-up");
  await page.getByLabel("Email").fill("frank@example.com");
  await page.getByLabel("First name").fill("Frank");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(/\/workspaces\/new/);
  await page.getByLabel("Name", { exact: true }).fill("Field");
  await page.getByRole("button", { name: "Choose how access works" }).click();
  await page.getByRole("link", { name: "Write and check" }).click();
  const text = page.getByRole("textbox", { name: "Text of the access model" });
  // The script that checks what is written has to be there.
  await page.waitForLoadState("load");
  await text.fill(BLUEPRINT);
  const faults = page.locator(".faults li");
  await faults.first().waitFor();
  assert.match(await faults.first().innerText(), /^Line 10 .*job/);
  assert.equal(await page.locator("#gutter .faulty").count(), 1, "the line is marked");
  assert.equal(await text.inputValue(), BLUEPRINT, "the check leaves what is written");
  await accessible(page);
  await page.getByRole("button", { name: "Change to jobs" }).click();
  await page.getByText("You would be Dispatcher").waitFor();
  assert.match(await text.inputValue(), /"jobs:read:all"/);
  const row = page.getByRole("row", { name: /^Dispatcher/ }).first();
  assert.deepEqual((await row.locator(".reach").allInnerTexts()).slice(0, 2), ["All", "All"]);
  await accessible(page);
  await page.getByLabel("Empty").check();
  await page.getByRole("button", { name: "Create workspace" }).click();
  await page.waitForURL(/\/workspace\/field\/settings\/team\/invite/);
  assert.equal((await site.api(page, "field").get("/me")).role, "dispatcher");
});

test("sample data is removed in one step, and what someone has changed stays", async () => {
  const page = await site.open(null, "/sign-up");
  await page.getByLabel("Email").fill("greta@example.com");
  await page.getByLabel("First name").fill("Greta");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(/\/workspaces\/new/);
  await page.getByLabel("Name", { exact: true }).fill("Sampled");
  await page.getByRole("button", { name: "Choose how access works" }).click();
  await page.locator("label.model:has([value=team-management])").click();
  await page.getByLabel(/^Sample data/).check();
  await page.getByRole("button", { name: "Create workspace" }).click();
  await page.waitForURL(/\/workspace\/sampled\//);
  const api = site.api(page, "sampled");
  const [deal] = (await api.get("/records/deals?limit=1")).items;
  await api.patch(`/records/deals/${deal.id}`, { fields: { name: "Changed" } });
  await page.goto("/workspace/sampled/settings/general");
  await accessible(page);
  await page.getByRole("link", { name: "Remove sample data" }).click();
  await page.locator(".dialog", { hasText: /11 deals/ }).waitFor();
  assert.match(await page.innerText(".dialog"), /stays: 1 deal/);
  await accessible(page);
  await page.locator(".dialog").getByRole("button", { name: "Remove sample data" }).click();
  await page.waitForSelector(".toast");
  assert.deepEqual((await api.get("/records/deals")).items.map((one) => one.id), [deal.id]);
  assert.equal(await page.getByRole("link", { name: "Remove sample data" }).count(), 0);
});
