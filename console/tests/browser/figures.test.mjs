// One predicate: list, count, search, dashboard, board and API agree for every member.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();

const PEOPLE = ["anna", "ben", "cleo", "david", "elif", "farah", "gustav", "hana", "ivo", "jelena", "kofi", "lea"];

/** The first number of a sentence: "You see all 1,204 deals" has 1204, "You see no deals" 0, "the only deal" 1. */
const number = (text) => {
  const digits = text.match(/\d[\d.,’']*/)?.[0].replace(/\D/g, "");
  return digits === undefined ? Number(/only|einzige/.test(text)) : Number(digits);
};
const numbers = (page, selector) => page.locator(selector).allInnerTexts().then((texts) => texts.map(number));
const sum = (list) => list.reduce((all, one) => all + one, 0);

/** The numbers of the charts of a dashboard, as their tables have them: count, open, amount in hundredths. */
const tables = (page) => page.locator(".figures section").evaluateAll((sections) => sections.map((section) => ({
  title: section.querySelector("h2").textContent,
  rows: [...section.querySelectorAll("tbody tr")].map((row) => [...row.cells].slice(1).map((cell) => {
    const [whole, part = ""] = cell.textContent.replace(/[^\d.,-]/g, "").split(/[.,](?=\d{2}$)/);
    return Number(whole.replace(/[.,]/g, "")) * (row.cells.length > 3 && cell === row.cells[3] ? 100 : 1) + Number(part || 0);
  })),
})));

for (const [workspace, entity, differs] of [["team-management", "deals", true], ["hari", "opportunities", false], ["standard", "opportunities", true], ["halo", "contacts", false]]) {
  test(`${workspace}: list, board, dashboard and API show every member the same ${entity}`, async () => {
    const totals = new Set();
    let summed = 0;
    for (const person of PEOPLE) {
      const page = await demo.open(person, `/workspace/${workspace}/records/${entity}`);
      const answer = await page.context().request.get(`/api/v1/workspaces/${workspace}/records/${entity}?limit=200`);
      if (!answer.ok()) { await page.context().close(); continue; }
      const { total, items, next_cursor } = await answer.json();
      totals.add(total);
      if (next_cursor === null) assert.equal(items.length, total, person);
      assert.equal(number(await page.innerText(".head p")), total, `${person}: the sentence over the list`);
      const shown = await page.locator(".records [href*='/records/'].open").evaluateAll((links) => links.map((link) => link.pathname.split("/").pop()));
      assert.deepEqual(shown, items.slice(0, shown.length).map((one) => one.id), `${person}: the rows`);
      await page.goto(`/workspace/${workspace}/records/${entity}?view=board`);
      const stages = await numbers(page, ".lane h2 .count");
      if (stages.length > 0) assert.equal(sum(stages), total, `${person}: the board`);
      if (next_cursor === null) summed += await lanes(page, items, person);
      await dashboard(page, workspace, entity, { person, total });
      await page.context().close();
    }
    assert(totals.size > (differs ? 1 : 0), `members of different reach: ${[...totals]}`);
    assert(summed > 0 || entity === "contacts", "there are amounts");
  });
}

/** Each lane says what its records come to. */
async function lanes(page, items, person) {
  const shown = await page.locator("[data-lane]").evaluateAll((found) => found.map((lane) => [lane.dataset.lane, lane.querySelector(".sum")?.title ?? ""]));
  for (const [stage, title] of shown) {
    const amounts = items.filter((one) => one.stage === stage).map((one) => one.fields.amount ?? one.fields.value);
    const wanted = amounts.some((amount) => amount !== undefined) ? amounts.reduce((all, amount) => all + (amount ?? 0), 0) : 0;
    assert.equal(title === "" ? 0 : number(title), wanted, `${person}: the sum of ${stage}`);
  }
  return shown.filter(([, title]) => title !== "").length;
}

async function dashboard(page, workspace, entity, { person, total }) {
  const answer = await page.context().request.get(`/api/v1/workspaces/${workspace}/dashboard`);
  const opened = await page.goto(`/workspace/${workspace}/dashboard?type=${entity}`);
  assert.equal(opened.ok(), answer.ok(), `${person}: the dashboard`);
  if (!answer.ok()) return;
  const figures = (await answer.json()).items.find((one) => one.entity === entity);
  // A dashboard may be personal: it counts a part of what its reader sees, and says of how many.
  assert(person === "anna" ? figures.count === total : figures.count <= total, `${person}: the dashboard of the API`);
  const sentence = await page.innerText(".banner");
  assert.equal(number(sentence), figures.count, `${person}: the sentence over the dashboard`);
  if (figures.count < total) assert.match(sentence.replace(/[.,’](?=\d)/g, ""), new RegExp(`\\b${total}\\b`), `${person}: of how many`);
  assert.equal(number(await page.innerText(".tabs [aria-current] .count")), figures.count, `${person}: the tab`);
  const [count, open] = await numbers(page, ".totals dd");
  assert.deepEqual([count, open], [figures.count, figures.open], `${person}: the totals`);
  for (const { title, rows } of await tables(page)) {
    assert.equal(sum(rows.map((row) => row[0])), figures.count, `${person}: ${title}`);
    assert.equal(sum(rows.map((row) => row[1])), figures.open, `${person}: ${title}, open`);
    if (rows[0]?.length > 2) assert.equal(sum(rows.map((row) => row[2])), Math.round(figures.amount * 100), `${person}: ${title}, amount`);
  }
}

test("a search finds the same records on the page, in the palette and by the API, for every member", async () => {
  const found = new Set();
  for (const person of PEOPLE) {
    const page = await demo.open(person, "/workspace/team-management/search?q=renewal");
    const answer = await page.context().request.get("/api/v1/workspaces/team-management/search?q=renewal");
    if (!answer.ok()) { await page.context().close(); continue; }
    const { items } = await answer.json();
    const ids = items.flatMap((one) => one.records ?? [one]).map((one) => one.id);
    const hits = () => page.locator("#palette-results section:not([data-actions]) a[href*='/records/']:not(.small)").evaluateAll((links) => links.map((link) => link.pathname.split("/").pop()));
    const page_hits = await hits();
    assert(page_hits.length <= ids.length && page_hits.every((id) => ids.includes(id)), `${person}: more than the API finds`);
    assert.equal(page_hits.length > 0, ids.length > 0, person);
    for (const id of page_hits.slice(0, 2)) {
      const path = await page.locator(`#palette-results a[href$='${id}']`).getAttribute("href");
      assert.equal((await page.context().request.get(path)).status(), 200, `${person} ${path}`);
    }
    await page.goto("/workspace/team-management/palette?q=renewal");
    assert.deepEqual(await hits(), page_hits, `${person}: the palette`);
    found.add(page_hits.join());
    await page.context().close();
  }
  assert(found.size > 1, "members of different reach");
});

test("the sentence over a list leads to the page that says why, with the same number", async () => {
  for (const person of ["anna", "ben", "cleo", "david"]) {
    const page = await demo.open(person, "/workspace/team-management/records/deals");
    const total = number(await page.innerText(".head p"));
    await page.locator(".head a.why").click();
    await page.waitForURL(/settings\/explain/);
    assert.match((await page.innerText("main")).replace(/[.,’](?=\d)/g, ""), total === 0 ? /no deals/ : new RegExp(`\\b${total}\\b`), person);
    await page.context().close();
  }
});

test("a saved report counts for its reader, and is deleted without changing a record", async () => {
  const anna = await demo.open("anna", "/workspace/team-management/reports/new");
  await anna.getByLabel("Name").fill("<script>alert(1)</script> by stage");
  await anna.getByLabel("Record type").selectOption({ label: "Deals" });
  await anna.getByLabel("Grouped").selectOption({ index: 0 });
  await anna.getByRole("button", { name: /Save|Create/ }).click();
  await anna.waitForSelector("ul.bars");
  assert.match(await anna.innerText("h1"), /<script>alert\(1\)<\/script> by stage/);
  const api = demo.api(anna, "team-management");
  const { total } = await api.get("/records/deals?limit=1");
  const counts = await anna.locator(".numbers tbody td:nth-child(2)").evaluateAll((cells) => cells.map((cell) => Number(cell.textContent.replace(/\D/g, ""))));
  assert.equal(sum(counts), total);
  await accessible(anna);
  await anna.getByRole("link", { name: /Delete/ }).click();
  await anna.locator(".dialog button.danger").click();
  await anna.waitForURL(/\/reports$/);
  assert.equal((await api.get("/records/deals?limit=1")).total, total);
});
