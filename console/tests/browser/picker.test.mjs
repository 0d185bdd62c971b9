// Choices of teams and departments: a long list is searched beside its select or its chips, and nothing that is chosen gets lost.
import { test } from "node:test";
import { COLOURS, accessible, assert, settled, start } from "./harness.mjs";

const demo = await start();
const SETTINGS = "/workspace/standard/settings";

const opened = await demo.open("anna", `${SETTINGS}/team`, { shared: true });
const api = demo.api(opened, "standard");
const parent = await api.post("/departments", { name: "Overseas" });
for (let number = 0; number < 55; number++) {
  await api.post("/teams", { name: `Crew ${number}` });
  await api.post("/departments", { name: `Branch ${number}`, parent: parent.id });
}

// Members too: more than a select lists.
const people = [];
for (let number = 0; number < 112; number++) people.push(`Person ${String(number).padStart(3, "0")}`);
await Promise.all(Array.from({ length: 6 }, async () => {
  for (let name = people.pop(); name; name = people.pop()) {
    const email = `${name.toLowerCase().replace(" ", ".")}@example.com`;
    await api.post("/invitations", { email, role: "member" });
    const mail = (await demo.mails(email)).at(-1);
    const token = mail.match(/\/invitations\/([\w-]+)/)[1];
    const [first_name, last_name] = name.split(" ");
    const body = JSON.stringify({ first_name, last_name, password: "look around freely" });
    const accept = () => fetch(`${demo.base}/api/v1/invitations/${token}/accept`, { method: "POST", body, headers: { "content-type": "application/json", origin: demo.base } });
    let accepted = await accept();
    // One address is allowed only so many at a time.
    while (accepted.status === 429) {
      await opened.waitForTimeout(1000);
      accepted = await accept();
    }
    assert(accepted.ok, await accepted.text());
  }
}));

test("an invitation finds a department and teams, and keeps what is chosen", async () => {
  const page = await demo.open("anna", `${SETTINGS}/team/invite`, { shared: true });
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
  const page = await demo.open("anna", `${SETTINGS}/team`, { shared: true });
  await page.getByLabel("Find a department").fill("branch 31");
  await page.locator("#f-department option", { hasText: "Branch 31" }).waitFor({ state: "attached" });
  await page.locator("#f-department").selectOption({ label: "Branch 31 (Overseas)" });
  await page.waitForURL(/department=dep_/);
  assert.match(await page.locator("#f-department option:checked").innerText(), /Branch 31/);
});

test("a department moves below one that a search finds", async () => {
  const moved = await api.post("/departments", { name: "Moved" });
  const page = await demo.open("anna", `${SETTINGS}/departments/${moved.id}`, { shared: true });
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

/** Chooses a person by the keyboard: types a part of their name into the search, and goes on to the select beside it. */
async function chooseByKeyboard(page, field, name) {
  const find = page.locator(`[name="find.${field}"]`);
  const select = page.locator(`select[name="${field}"]`);
  await find.focus();
  await page.keyboard.type(name);
  await select.locator("option", { hasText: name }).waitFor({ state: "attached" });
  await page.keyboard.press("Tab");
  assert(await select.evaluate((one) => one === document.activeElement), `${field}: the select is next`);
  await page.keyboard.type(name.slice(0, 8));
  assert.match(await select.locator("option:checked").innerText(), new RegExp(name));
}

test("the 110th member leads a department, is in it and in a team, all by keyboard", async () => {
  const name = "Person 104";
  const members = (await api.get("/members?limit=200")).items;
  assert(members.length >= 120, `${members.length} members`);
  const { id } = members.find((one) => one.name === name);
  const department = await api.post("/departments", { name: "Many" });
  const page = await demo.open("anna", `${SETTINGS}/departments/${department.id}`, { shared: true });
  await settled(page);
  await chooseByKeyboard(page, "member", name);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".toast");
  assert.equal((await api.get(`/members/${id}`)).department, department.id);

  const departments = async () => (await api.get("/departments?limit=200")).items;
  await settled(page);
  await chooseByKeyboard(page, "manager", name);
  await page.locator("#foot", { hasText: /1 change/ }).waitFor();
  await page.locator("#foot").getByRole("button", { name: /^Save/ }).click();
  await page.waitForSelector(".toast");
  assert.equal((await departments()).find((one) => one.id === department.id).manager, id);

  const crew = (await api.get("/teams?limit=200")).items.find((one) => one.name === "Crew 3");
  await page.goto(`${SETTINGS}/teams/${crew.id}/members`);
  await settled(page);
  await chooseByKeyboard(page, "member", name);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".toast");
  assert((await api.get(`/members/${id}`)).teams.some((one) => one.id === crew.id));
});

test("without scripts a member is found and added", async () => {
  const department = await api.post("/departments", { name: "Without scripts" });
  const page = await demo.open("anna", `${SETTINGS}/departments/${department.id}`, { javaScriptEnabled: false, shared: true });
  await page.locator("[name='find.member']").fill("person 101");
  await page.locator("form:has([name='find.member']) .find-row button").click();
  const select = page.locator("select[name=member]");
  assert.equal(await select.locator("option").count(), 2);
  await select.selectOption({ label: "Person 101" });
  await page.locator("form:has([name='find.member'])").getByRole("button").last().click();
  await page.waitForSelector(".toast");
  const { items: [found] } = await api.get("/members?q=person.101");
  assert.equal((await api.get(`/members/${found.id}`)).department, department.id);
});

test("a search for members who get a role keeps those who are ticked", async () => {
  const roles = (await api.get("/roles")).items;
  const role = roles.find((one) => !one.builtin && one.id !== "member") ?? roles.find((one) => one.id !== "member");
  const page = await demo.open("anna", `${SETTINGS}/roles/${role.id}/members`, { shared: true });
  await settled(page);
  const search = page.locator(".drawer [type=search]");
  await search.fill("person 107");
  await page.locator("#candidates label", { hasText: "Person 107" }).locator("input").check();
  await search.fill("person 106");
  await page.locator("#candidates label", { hasText: "Person 106" }).waitFor();
  assert(await page.locator("#candidates label", { hasText: "Person 107" }).locator("input").isChecked());
});

test("without scripts a button searches, and what is typed and chosen stays", async () => {
  const page = await demo.open("anna", `${SETTINGS}/team/invite`, { javaScriptEnabled: false, shared: true });
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
        const page = await demo.open("anna", `${SETTINGS}/${path}`, { dark, phone, shared: true });
        await settled(page);
        await accessible(page, dark ? COLOURS : []);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert(overflow <= 0, `${path}: ${overflow} px wider than the screen`);
      }
    });
  }
}
