// View as: a read-only look through the eyes of another member.
import { test } from "node:test";
import { PASSWORD, accessible, assert, start } from "./harness.mjs";
import { choose, member, openMenu, row, team } from "./people.mjs";

const demo = await start();

test("a view asks for the password, shows what the member sees, writes nothing, and ends", async () => {
  const page = await demo.open("anna", team("standard"));
  const api = demo.api(page, "standard");
  const hana = await member(api, "hana");
  await choose(page, "Hana Sato", "View as");
  await page.getByRole("heading", { name: "View as Hana Sato" }).waitFor();
  await accessible(page);
  await page.getByLabel("Your password").fill("not the password");
  await page.getByRole("button", { name: "View as Hana Sato" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal((await api.get("/me")).name, "Anna Keller", "a wrong password begins nothing");
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "View as Hana Sato" }).click();
  const bar = page.locator(".view-bar");
  await bar.getByText("You see what Hana Sato sees.").waitFor();
  await accessible(page);
  assert.match(await page.locator(".rail-foot .name").first().innerText(), /Hana Sato/);
  const inside = (await page.locator(".rail ul a").allInnerTexts()).join();
  const own = await demo.open("hana", "/workspace/standard");
  await own.waitForLoadState();
  assert.equal(inside, (await own.locator(".rail ul a").allInnerTexts()).join(), "the navigation is Hana's");
  const change = await page.context().request.patch(`/api/v1/workspaces/standard/members/${hana.id}`, { data: { role: "admin" } });
  assert.equal(change.status(), 403);
  const form = await page.context().request.post("/workspace/standard/records/contacts/new", { form: { "field.name": "Initech" } });
  assert.equal(form.status(), 409, "a form is refused");
  assert.match(await form.text(), /nothing can be changed|read-only|view/i);
  await bar.getByRole("button", { name: "Back to Anna Keller" }).click();
  await row(page, "Hana Sato").waitFor();
  assert.equal(await bar.count(), 0);
  assert.equal((await api.get("/me")).name, "Anna Keller");
  assert.equal((await member(api, "hana")).role, hana.role);
  const mails = await demo.mails("hana@example.com");
  assert(mails.some((mail) => mail.includes("Anna Keller")), "Hana is told");
});

test("the page of a member and the drawer of their access have the view, too", async () => {
  const page = await demo.open("anna", team("standard"));
  const { id } = await member(demo.api(page, "standard"), "elif");
  await page.goto(`${team("standard")}/${id}`);
  await page.getByRole("link", { name: "View as", exact: true }).click();
  await page.waitForURL(`**${team("standard")}/${id}/view`);
  await page.goto(`${team("standard")}/${id}/access`);
  await page.getByRole("link", { name: "View as Elif Demir" }).click();
  await page.waitForURL(`**${team("standard")}/${id}/view`);
});

test("where the server would refuse the view it is blocked, with the reason; of oneself there is none", async () => {
  const page = await demo.open("cleo", team("standard"));
  const anna = await demo.open("anna", "/workspaces");
  const holder = await member(demo.api(anna, "standard"), "anna");
  const menu = await openMenu(page, "Anna Keller");
  const blocked = menu.getByRole("link", { name: /View as/ });
  assert.equal(await blocked.getAttribute("aria-disabled"), "true");
  assert.equal(await blocked.getAttribute("href"), null);
  assert.match(await blocked.innerText(), /You cannot change members with their role|They can do something that you cannot/);
  await accessible(page, [], "td details[open] .menu-panel");
  const sent = await page.context().request.post(`${team("standard")}/${holder.id}/view`, { form: { password: PASSWORD } });
  assert.equal(sent.status(), 403, "the server refuses it all the same");
  await page.keyboard.press("Escape");
  const own = await openMenu(page, "Cleo Martin");
  assert.equal(await own.getByText("View as").count(), 0);
});
