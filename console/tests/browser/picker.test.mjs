// Choices of teams and departments: a long list is searched beside its select or its chips, and nothing that is chosen gets lost.
import { test } from "node:test";
import { COLOURS, accessible, assert, settled, start } from "./harness.mjs";

const demo = await start();
const SETTINGS = "/workspace/standard/settings";

const opened = await demo.open("anna", `${SETTINGS}/team`);
const api = demo.api(opened, "standard");
const parent = await api.post("/departments", { name: "Overseas" });
for (let number = 0; number < 55; number++) {
  await api.post("/teams", { name: `Crew ${number}` });
  await api.post("/departments", { name: `Branch ${number}`, parent: parent.id });
}

test("an invitation finds a department and teams, and keeps what is chosen", async () => {
  const page = await demo.open("anna", `${SETTINGS}/team/invite`);
  await settled(page);
  const find = page.locator(".drawer").getByLabel("Find a department");
  await find.fill("branch 47");
  await page.locator("#department option", { hasText: "Branch 47" }).waitFor({ state: "attached" });
  const offered = await page.locator("#department option").allInnerTexts();
  assert.deepEqual(offered, ["No department", "Branch 47 (Overseas)"]);
  await page.locator("#department").selectOption({ label: "Branch 47 (Overseas)" });
  await settled(page);
  assert.match(await page.locator("#department option:checked").innerText(), /Branch 47/);

  for (const name of ["Crew 51", "Crew 52"]) {
    await page.locator(".drawer").getByLabel("Find a team").fill(name);
    const chip = page.locator("#team .chip", { hasText: name });
    await chip.waitFor();
    await chip.locator("input").check();
    await settled(page);
  }
  await page.locator(".drawer").getByLabel("Find a team").fill("zzz");
  await page.locator("#team .hint").waitFor();
  const chosen = await page.locator("#team input:checked").evaluateAll((boxes) => boxes.map((box) => box.parentElement.innerText.trim()));
  assert.deepEqual(chosen.sort(), ["Crew 51", "Crew 52"]);
  await page.locator("#emails").fill("ana@example.com");
  await page.locator("#access-send").click();
  await page.waitForSelector(".toast");
  const invited = (await api.get("/invitations")).items.find((one) => one.email === "ana@example.com");
  assert.equal(invited.teams.length, 2);
  const departments = (await api.get("/departments?limit=200")).items;
  assert.equal(departments.find((one) => one.id === invited.department).name, "Branch 47");
});

test("the list of members is narrowed to a department that a search finds", async () => {
  const page = await demo.open("anna", `${SETTINGS}/team`);
  await page.getByLabel("Find a department").fill("branch 31");
  await page.locator("#f-department option", { hasText: "Branch 31" }).waitFor({ state: "attached" });
  await page.locator("#f-department").selectOption({ label: "Branch 31 (Overseas)" });
  await page.waitForURL(/department=dep_/);
  assert.match(await page.locator("#f-department option:checked").innerText(), /Branch 31/);
});

test("a department moves below one that a search finds", async () => {
  const moved = await api.post("/departments", { name: "Moved" });
  const page = await demo.open("anna", `${SETTINGS}/departments/${moved.id}`);
  await page.getByLabel("Find a department").fill("branch 12");
  await page.locator("#f-parent option", { hasText: "Branch 12" }).waitFor({ state: "attached" });
  await page.locator("#f-parent").selectOption({ label: "Branch 12 (Overseas)" });
  await page.locator("#foot", { hasText: /1 change/ }).waitFor();
  await page.locator("#foot").getByRole("button", { name: /^Save/ }).click();
  await page.waitForSelector(".toast");
  const departments = (await api.get("/departments?limit=200")).items;
  const found = departments.find((one) => one.name === "Branch 12");
  assert.equal(departments.find((one) => one.id === moved.id).parent, found.id);
});

test("without scripts a button searches, and what is typed and chosen stays", async () => {
  const page = await demo.open("anna", `${SETTINGS}/team/invite`, { javaScriptEnabled: false });
  await page.locator("#emails").fill("bo@example.com");
  await page.locator(".drawer [name='find.department']").fill("branch 44");
  await page.locator(".drawer .find-row button").first().click();
  assert.equal(await page.locator("#emails").inputValue(), "bo@example.com");
  assert.deepEqual(await page.locator("#department option").allInnerTexts(), ["No department", "Branch 44"]);
});

for (const dark of [false, true]) {
  for (const phone of [false, true]) {
    test(`choices with a search are accessible, ${dark ? "dark" : "light"}, ${phone ? "phone" : "desktop"}`, async () => {
      for (const path of ["team/invite", "team", "departments/new"]) {
        const page = await demo.open("anna", `${SETTINGS}/${path}`, { dark, phone });
        await settled(page);
        await accessible(page, dark ? COLOURS : []);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert(overflow <= 0, `${path}: ${overflow} px wider than the screen`);
      }
    });
  }
}
