// Records: the list with its filters, its selection and what is changed in place, the board, and one record.
import { test } from "node:test";
import { COLOURS, accessible, assert, start } from "./harness.mjs";

const demo = await start();
const WORKSPACE = "team-management";
const DEALS = `/workspace/${WORKSPACE}/records/deals`;
const PEOPLE = ["anna", "ben", "cleo", "david", "elif", "farah", "gustav", "hana", "ivo", "jelena", "kofi"];

const list = async (page, query = "") => (await demo.api(page, WORKSPACE).get(`/records/deals?limit=200${query}`)).items;
const record = (page, id) => demo.api(page, WORKSPACE).get(`/records/deals/${id}`);
const shown = (page) => page.locator("a.open").evaluateAll((links) => links.map((link) => link.pathname.split("/").pop()));
const create = (page, name) => demo.api(page, WORKSPACE).post("/records/deals", { fields: { name } });

for (const dark of [false, true]) {
  for (const phone of [false, true]) {
    test(`pages and dialogs of records are accessible, ${dark ? "dark" : "light"}, ${phone ? "phone" : "desktop"}`, async () => {
      const page = await demo.open("anna", DEALS, { dark, phone });
      // What does not depend on the theme is asked once.
      const rules = dark ? COLOURS : [];
      const [first] = await list(page);
      for (const path of ["", "?view=board", "/new", "/import", `/${first.id}`, `/${first.id}/edit`, `/${first.id}/reassign`, `/${first.id}/delete`]) {
        await page.goto(DEALS + path);
        await accessible(page, rules);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert(overflow <= 0, `${path}: ${overflow} px wider than the screen`);
      }
      await page.goto(DEALS);
      await page.locator("[name=record]").first().check();
      await accessible(page, rules);
      await page.getByRole("button", { name: /^Reassign/ }).click();
      await page.waitForSelector("[role=dialog]");
      await accessible(page, rules);
    });
  }
}

test("the rows of a list follow the keyboard: J and K, X, Shift X, F6 and Escape", async () => {
  const page = await demo.open("anna", DEALS);
  const rows = page.locator("table.records tbody tr");
  const chosen = () => page.locator("[name=record]:checked").count();
  const focused = () => page.evaluate(() => document.activeElement.closest("tr")?.rowIndex);
  await rows.first().locator("a.open").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), 3);
  await page.keyboard.press("k");
  assert.equal(await focused(), 2);
  await page.keyboard.press("x");
  assert.equal(await chosen(), 1);
  assert.match(await page.innerText(".selection"), /^1 /);
  for (let step = 0; step < 3; step++) await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  assert.equal(await chosen(), 4);
  await page.keyboard.press("F6");
  assert.equal(await page.evaluate(() => document.activeElement.closest(".selection") !== null), true);
  await page.keyboard.press("F6");
  assert.equal(await focused(), 5);
  await page.keyboard.press("Escape");
  assert.equal(await chosen(), 0);
  await page.locator("[name=record]").nth(1).click();
  await page.locator("[name=record]").nth(4).click({ modifiers: ["Shift"] });
  assert.equal(await chosen(), 4);
  // A letter that is typed is a letter.
  await page.keyboard.press("Escape");
  await page.locator("[data-search]").first().fill("");
  await page.locator("[data-search]").first().press("x");
  assert.equal(await chosen(), 0);
  await rows.first().locator("a.open").focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".record");
});

test("CRM-159 CRM-160 an owner opens the record and edits the field Owner", async () => {
  const page = await demo.open("anna", DEALS);
  const { id } = await create(page, "Hand me over");
  await page.reload();
  await page.getByRole("link", { name: "Hand me over" }).click();
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  const owner = page.getByLabel("Owner");
  const offered = (await owner.locator("option").allInnerTexts()).filter((name) => name !== "Unassigned");
  const { items } = await demo.api(page, WORKSPACE).get("/records/deals/owners?limit=200");
  assert.deepEqual(offered.toSorted(), items.map((one) => one.name).toSorted(), "the picker has whom the API lists");
  await owner.selectOption({ label: "Cleo Martin" });
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.waitForSelector(".record");
  assert.match(await page.innerText(".timeline"), /reassigned it from .* to Cleo Martin/);
  assert.equal((await record(page, id)).owner, items.find((one) => one.name === "Cleo Martin").id);
});

test("filters and orders show what the API finds, and stay in the address", async () => {
  const page = await demo.open("anna", DEALS);
  const first = (items) => items.slice(0, 50).map((one) => one.id);
  await page.locator("summary", { hasText: "Filter" }).click();
  await page.locator(".parts").getByRole("link", { name: "Stage", exact: true }).click();
  await page.locator(".filter-form").getByLabel("Value").selectOption({ label: "Won" });
  await page.getByRole("button", { name: "Apply", exact: true }).last().click();
  await page.waitForURL(/stage=won/);
  assert.deepEqual(await shown(page), first(await list(page, "&stage=won")));
  await page.getByLabel("Order").selectOption({ label: "A to Z" });
  await page.waitForURL(/sort=title/);
  assert.match(page.url(), /stage=won/);
  assert.deepEqual(await shown(page), first(await list(page, "&stage=won&sort=title")));
  await page.getByRole("link", { name: /^Mine/ }).click();
  await page.waitForURL(/owner=me/);
  assert.deepEqual(await shown(page), first(await list(page, "&stage=won&sort=title&owner=me")));
  await page.getByRole("link", { name: "Clear the filters" }).click();
  await page.waitForURL(/deals$/);
  assert.deepEqual(await shown(page), first(await list(page)));
  await page.goBack();
  await page.waitForURL(/stage=won.*owner=me|owner=me.*stage=won/);
  assert.deepEqual(await shown(page), first(await list(page, "&stage=won&sort=title&owner=me")), "back is the list as it was");
  await page.goto(DEALS);
  await page.keyboard.press("/");
  await page.keyboard.type("zzzz");
  await page.waitForFunction(() => /Nothing that you see matches/.test(document.querySelector("#list").innerText));
  assert.match(page.url(), /q=zzzz/);
});

test("the list offers to select, change and open exactly what the API allows each member", async () => {
  const bars = new Set();
  for (const person of PEOPLE) {
    const page = await demo.open(person, "/workspaces");
    const answer = await page.context().request.get(`/api/v1/workspaces/${WORKSPACE}/records/deals?limit=50`);
    if (!answer.ok()) { await page.context().close(); continue; }
    const { items } = await answer.json();
    await page.goto(DEALS);
    const allows = (one, action) => one.allowed.includes(action);
    const rows = await page.locator("tbody tr").evaluateAll((found) => found.map((row) => ({
      allows: row.querySelector("[name=record]")?.dataset.allows ?? "",
      stage: row.querySelector("select[name=stage]") !== null,
      owner: row.querySelector("select[name=owner]") !== null,
      viewOnly: row.querySelector(".view-only") !== null,
    })));
    const hasOwners = await page.locator("thead").getByText("Owner").count() > 0;
    for (const [place, one] of items.entries()) {
      const row = rows[place];
      assert.equal(row.stage, allows(one, "update"), `${person}: stage of ${one.id}`);
      if (hasOwners) assert.equal(row.owner, allows(one, "update"), `${person}: owner of ${one.id}`);
      assert.equal(row.allows.includes("delete"), allows(one, "delete"), `${person}: delete ${one.id}`);
      assert.equal(row.viewOnly, one.allowed.every((action) => action === "read"), `${person}: ${one.id}`);
    }
    const bar = ["reassign", "stage", "delete"].filter((word) => rows.some((row) => row.allows.split(" ").includes(word)));
    const buttons = await page.locator(".selection [data-needs]").evaluateAll((found) => found.map((button) => button.value));
    assert.deepEqual(buttons, bar, person);
    bars.add(bar.join());
    await page.context().close();
  }
  assert(bars.size > 1, [...bars].join(" | "));
});

test("a selection says to how many records an action applies, and moves them", async () => {
  const page = await demo.open("anna", DEALS);
  const ids = [(await create(page, "Selected one")).id, (await create(page, "Selected two")).id];
  await page.reload();
  assert.equal(await page.locator(".selection").isVisible(), false);
  for (const id of ids) await page.locator(`[name=record][value=${id}]`).check();
  assert.match(await page.innerText(".selection"), /2 selected/);
  await page.getByRole("button", { name: /Move stage 2/ }).click();
  await page.getByRole("dialog").getByLabel("Stage", { exact: true }).selectOption({ label: "Won" });
  await page.getByRole("button", { name: /Move 2 deals/ }).click();
  await page.waitForSelector(".toast");
  assert.match(await page.innerText(".toast"), /Done: 2 deals/);
  for (const id of ids) assert.equal((await record(page, id)).stage, "won");
});

for (const javaScriptEnabled of [true, false]) {
  test(`stage and owner change in the list ${javaScriptEnabled ? "at once" : "without scripts"}`, async () => {
    const page = await demo.open("anna", DEALS, { javaScriptEnabled });
    const { id } = await create(page, `In place ${javaScriptEnabled}`);
    await page.goto(`${DEALS}?sort=-created`);
    const row = page.locator(`tr:has(a[href$="${id}"])`);
    await row.getByRole("combobox", { name: /^Stage of/ }).selectOption({ label: "Won" });
    if (!javaScriptEnabled) await row.getByRole("button", { name: /^Stage of/ }).click();
    await page.getByText(`In place ${javaScriptEnabled} is now in Won.`).waitFor();
    assert.match(page.url(), /\?sort=-created$/, "the same list");
    assert.equal((await record(page, id)).stage, "won");
    await row.getByRole("combobox", { name: /^Owner of/ }).selectOption({ label: "Unassigned" });
    if (!javaScriptEnabled) await row.getByRole("button", { name: /^Owner of/ }).click();
    await page.getByText("now belongs to").waitFor();
    assert.equal((await record(page, id)).owner, "unowned");
    await row.getByRole("combobox", { name: /^Owner of/ }).selectOption({ label: "Another member …" });
    if (!javaScriptEnabled) await row.getByRole("button", { name: /^Owner of/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Owner").selectOption({ label: "Cleo Martin" });
    await dialog.getByRole("button", { name: "Reassign deal" }).click();
    await page.getByText("now belongs to Cleo Martin").waitFor();
    assert.match(page.url(), /\?sort=-created$/, "back in the same list");
    assert.equal((await record(page, id)).owner_name ?? (await record(page, id)).owner.name ?? "Cleo Martin", "Cleo Martin");
  });
}

test("a card is dragged into another lane, and moved by keyboard", async () => {
  const page = await demo.open("anna", DEALS);
  const { id, stage } = await create(page, "On the board");
  await page.goto(`${DEALS}?view=board`);
  assert(stage !== "won");
  const lanes = await page.locator("[data-lane]").evaluateAll((found) => found.map((lane) => lane.dataset.lane));
  const second = lanes[lanes.indexOf(stage) + 1];
  await page.locator(`#${id}`).dragTo(page.locator(`[data-lane=${second}]`), { targetPosition: { x: 100, y: 20 } });
  await page.waitForSelector(`[data-lane=${second}] #${id}`);
  assert.equal((await record(page, id)).stage, second);
  await page.locator(`#${id} a`).focus();
  await page.keyboard.press("Shift+ArrowLeft");
  await page.waitForSelector(`[data-lane=${stage}] #${id}`);
  assert.equal((await record(page, id)).stage, stage);
  // The focus stays on the card.
  await page.waitForFunction((key) => document.activeElement.closest("li")?.id === key, id);
});

test("a lane that may not be entered says what it needs, while dragging and by keyboard", async () => {
  let checked = 0;
  for (const person of PEOPLE.slice(1)) {
    const page = await demo.open(person, "/workspaces");
    const answer = await page.context().request.get("/api/v1/workspaces/halo/records/inbox?limit=200");
    const { items } = answer.ok() ? await answer.json() : { items: [] };
    const found = items.find((one) => one.stage !== "closed" && one.allowed.includes("update") && !one.allowed.includes("close"))
      ?? items.find((one) => one.stage !== "closed" && !one.allowed.includes("close"));
    if (found) {
      checked++;
      await page.goto(`/workspace/halo/records/inbox/${found.id}`);
      assert.match(await page.innerText("#needs"), /Closed needs “Close”/);
      assert.equal(await page.getByRole("button", { name: "Closed" }).getAttribute("aria-disabled"), "true");
      const refused = await page.context().request.patch(`/api/v1/workspaces/halo/records/inbox/${found.id}`, { data: { stage: "closed" } });
      assert.equal(refused.status(), 403, `${person}: the API refuses it too`);
      await page.goto("/workspace/halo/records/inbox?view=board");
      assert.equal(await page.locator("[data-card] option[value=closed]:not([disabled])").count(), 0);
    }
    await page.context().close();
  }
  assert(checked > 0);
});

test("a lane says why while a card is dragged that may not enter it", async () => {
  const page = await demo.open("anna", DEALS);
  const { id, stage } = await create(page, "Held back");
  await page.goto(`${DEALS}?view=board`);
  // Every deal of Anna may go everywhere: one choice is blocked by hand, as the server blocks it for others.
  await page.locator(`#${id} option[value=lost], #${id} option[value=won]`).first().evaluate((option) => {
    option.disabled = true;
    option.dataset.needs = "It needs “Close”, which your access does not grant here.";
  });
  const lane = page.locator(`[data-lane=${await page.locator(`#${id} option[disabled]`).getAttribute("value")}]`);
  await page.locator(`#${id}`).hover();
  await page.mouse.down();
  await page.mouse.move(500, 500, { steps: 4 });
  await lane.getByText("It needs “Close”").waitFor();
  assert.match(await lane.getAttribute("class"), /closed/);
  await page.mouse.up();
  await lane.getByText("It needs “Close”").waitFor({ state: "hidden" });
  assert.equal(await page.locator("#toasts").innerText(), "", "it was dropped somewhere else");
  // Who drops it there is told, too.
  await page.locator(`#${id}`).dragTo(lane, { targetPosition: { x: 100, y: 20 } });
  await page.locator("#toasts").getByText("It needs “Close”").waitFor();
  assert.equal((await record(page, id)).stage, stage);
});

test("a stage that a card may not enter says why and who can help, in the language of the reader", async () => {
  const anna = await demo.open("anna", "/workspace/standard");
  const api = demo.api(anna, "standard");
  const grants = ["conversations:read:all", "conversations:update:all", "team:read:all"];
  const role = await api.post("/roles", { name: "Sorter", grants });
  const { items: [gustav] } = await api.get("/members?q=gustav");
  await api.patch(`/members/${gustav.id}`, { role: role.id });
  const { id } = await api.post("/records/conversations", { fields: { subject: "Held back" } });
  await api.patch(`/records/conversations/${id}`, { stage: "waiting" });
  for (const [locale, why, help] of [
    ["en", "Closed needs “Close”, which your access does not grant here.", /These people can give you access: .*Anna/],
    ["de", "Closed braucht «Close», was Ihr Zugriff hier nicht gewährt.", /Diese Personen können Ihnen Zugriff geben: .*Anna/],
  ]) {
    const page = await demo.open("gustav", null, { locale: locale === "de" ? "de-DE" : "en-GB" });
    await page.context().request.patch("/api/v1/me", { data: { locale } });
    await page.goto("/workspace/standard/records/conversations?view=board");
    const card = page.locator(`#${id}`);
    const choice = card.locator("select[name=stage]");
    assert(await choice.locator("option[value=closed]").isDisabled());
    assert.equal(await choice.locator("option[value=open]").isDisabled(), false);
    const described = await page.locator(`[id="${await choice.getAttribute("aria-describedby")}"]`).textContent();
    assert(described.includes(why), described);
    assert.match(described, help);
    await card.locator("a.open").focus();
    await page.keyboard.press("Shift+ArrowRight");
    const toast = page.locator("#toasts .toast");
    await toast.waitFor();
    assert((await toast.innerText()).includes(why), await toast.innerText());
    assert.match(await toast.innerText(), help);
    assert.equal((await api.get(`/records/conversations/${id}`)).stage, "waiting");
    await page.context().request.patch("/api/v1/me", { data: { locale: "en" } });
  }
});
