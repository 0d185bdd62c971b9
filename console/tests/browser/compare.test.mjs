// Compare: found from where it is needed, chosen by search, and leading to the change that it suggests.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();
const COMPARE = "/workspace/standard/settings/compare";
const member = async (api, name) => (await api.get("/members?limit=100")).items.find((one) => one.name.startsWith(name));

test("two people are chosen by search, compared, swapped, and one is made like the other", async () => {
  const page = await demo.open("anna", "/workspace/standard/settings/team");
  const api = demo.api(page, "standard");
  const [hana, farah] = [await member(api, "Hana"), await member(api, "Farah")];
  await page.goto(`/workspace/standard/settings/team/${hana.id}`);
  await page.getByRole("link", { name: "Compare", exact: true }).last().click();
  await page.getByRole("link", { name: /Second: Choose a member/ }).click();
  const dialog = page.getByRole("dialog", { name: "Choose a member" });
  await dialog.getByRole("searchbox").fill("fara");
  await page.waitForFunction(() => document.querySelectorAll("#found li").length === 1);
  await accessible(page);
  await dialog.getByRole("link", { name: /Farah Haddad/ }).click();

  const found = await api.post("/access/compare", { before: { member: hana.id }, after: { member: farah.id } });
  const changes = found.members[0].changes;
  assert(changes.length > 3);
  assert.match(await page.locator("main").innerText(), new RegExp(`${changes.length} of \\d+ rights differ`));
  const rows = page.locator("table.compare tbody tr");
  assert.equal(await rows.count(), changes.length);
  const [first] = changes.filter((one) => one.records_gained > 0);
  if (first) assert.match(await page.locator("table.compare").innerText(), new RegExp(`\\+${first.records_gained}`));
  await page.locator("table.compare a").first().click();
  await page.waitForURL(/settings\/explain\?member=/);
  await page.goBack();
  await page.getByRole("link", { name: "Swap" }).click();
  assert.match(page.url(), new RegExp(`before=${farah.id}&after=${hana.id}`));
  await page.goBack();

  await page.getByRole("link", { name: "Preview the change" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByText(/gains|loses/i).first().waitFor();
  assert.equal((await member(api, "Hana")).version, hana.version, "nothing is saved before it is confirmed");
  await drawer.getByRole("button", { name: /Save/ }).click();
  await page.locator(".toast").waitFor();
  const again = await api.post("/access/compare", { before: { member: hana.id }, after: { member: farah.id } });
  const rest = again.members[0]?.changes.length ?? 0;
  assert(rest < changes.length, `${rest} of ${changes.length} differences are left`);
});

test("roles are compared from the list of roles, and the link can be sent to another person", async () => {
  const page = await demo.open("anna", "/workspace/standard/settings/roles/member");
  await page.getByRole("link", { name: "Compare", exact: true }).last().click();
  await page.getByRole("link", { name: /Second: Choose a role/ }).click();
  await page.getByRole("dialog").getByRole("link", { name: /^Manager/ }).click();
  await page.getByText(/rights differ/).waitFor();
  const found = await demo.api(page, "standard").post("/access/compare", { before: { role: "member" }, after: { role: "manager" } });
  assert.equal(await page.locator("table.compare tbody tr").count(), found.members[0].changes.length);
  const other = await demo.open("ben", page.url());
  assert.equal(await other.locator("table.compare").innerText(), await page.locator("table.compare").innerText());
});

test("the workspace is compared with an earlier entry of the audit log", async () => {
  const page = await demo.open("anna", "/workspace/standard/settings/audit");
  const api = demo.api(page, "standard");
  const gustav = await member(api, "Gustav");
  const before = (await api.get("/audit?limit=1")).items[0];
  await api.patch(`/members/${gustav.id}`, { role: "admin" });
  await page.goto(`${COMPARE}?by=moments&before=${before.id}`);
  await page.getByText("One member can do more or less than then.").waitFor();
  assert.match(await page.locator("table.compare").innerText(), /Gustav Lindqvist/);
  await accessible(page);
  await page.goto("/workspace/standard/settings/audit?action=member.update");
  await page.locator("a.unfold").first().click();
  await page.getByRole("link", { name: /with now/ }).click();
  await page.getByText("No member can do more or less than then.").waitFor();
});

test("a member without rights to read members has no page to compare people", async () => {
  const page = await demo.open("elif", "/workspace/standard/settings/explain");
  assert.equal(await page.getByRole("link", { name: "Compare" }).count(), 0);
  const answer = await page.goto(COMPARE);
  assert.equal(answer.status(), 403);
});
