// The navigation: what a member may open is in it, and nothing else; what is not in it is refused.
import { test } from "node:test";
import { assert, start } from "./harness.mjs";

const demo = await start();

const PEOPLE = ["anna", "ben", "cleo", "david", "elif", "farah", "gustav", "hana", "ivo", "jelena", "kofi", "lea"];

/** Opens a page of every person who is a member of a workspace, one after the other. */
async function eachMember(workspace, check) {
  let members = 0;
  for (const person of PEOPLE) {
    const page = await demo.open(person, "/workspaces");
    const me = await page.context().request.get(`/api/v1/workspaces/${workspace}/me`);
    if (me.ok()) {
      await check(person, page, await me.json());
      members++;
    }
    await page.context().close();
  }
  assert(members > 6, `${members} members`);
}

const links = (page, selector) => page.locator(selector).evaluateAll((found) => [...new Set(found.map((link) => link.pathname))]);
const status = async (page, path) => (await page.context().request.get(path, { maxRedirects: 0 })).status();

test("HARI-114 the sidebar shows exactly the entities that the user can access", async () => {
  const anna = await demo.open("anna", "/workspace/hari");
  const { items } = await demo.api(anna, "hari").get("/schema/entities");
  assert(items.length > 5);
  const shapes = new Set();
  await eachMember("hari", async (person, page, me) => {
    await page.goto("/workspace/hari/profile");
    const open = [];
    for (const { key } of items) if (await status(page, `/api/v1/workspaces/hari/records/${key}`) === 200) open.push(key);
    const shown = (await links(page, ".rail li a[href*='/records/']")).map((path) => path.split("/").pop());
    assert.deepEqual(shown.toSorted(), open.toSorted(), person);
    assert.deepEqual(shown, me.navigation.filter((key) => shown.includes(key)), `${person}: the order of the API`);
    for (const { key } of items) {
      assert.equal(await status(page, `/workspace/hari/records/${key}`), open.includes(key) ? 200 : 403, `${person} ${key}`);
    }
    shapes.add(open.join());
  });
  assert(shapes.size > 1, "members with different access");
});

test("HALO-200 HALO-201 menu items and pages that a teammate cannot access are hidden, and refused", async () => {
  const anna = await demo.open("anna", "/workspace/halo");
  const modules = (await links(anna, ".rail li a")).filter((path) => /\/(records|modules)\//.test(path));
  assert.equal(modules.length, 8, modules.join());
  const shapes = new Set();
  await eachMember("halo", async (person, page, me) => {
    await page.goto("/workspace/halo/profile");
    const shown = (await links(page, ".rail li a")).filter((path) => /\/(records|modules)\//.test(path));
    assert.deepEqual(shown.map((path) => path.split("/").pop()).toSorted(),
      modules.map((path) => path.split("/").pop()).filter((key) => me.navigation.includes(key)).toSorted(), person);
    for (const path of modules) {
      assert.equal(await status(page, path), shown.includes(path) ? 200 : 403, `${person} ${path}`);
    }
    shapes.add(shown.join());
  });
  assert(shapes.size > 3, "members with different access");
});

for (const workspace of ["standard", "harmonia", "harmony", "hari", "team-management", "halo"]) {
  test(`HALO-200 HALO-201 every page that ${workspace} shows in a menu opens, and every page that it hides is refused`, async () => {
    const anna = await demo.open("anna", `/workspace/${workspace}/palette`);
    const all = await links(anna, ".palette li a");
    assert(all.length > 15, all.join());
    await eachMember(workspace, async (person, page) => {
      await page.goto(`/workspace/${workspace}/palette`);
      const shown = await links(page, ".palette li a");
      for (const path of new Set([...all, ...shown])) {
        const found = await status(page, path);
        assert.equal(found, shown.includes(path) ? 200 : 403, `${person} ${path}`);
      }
    });
  });
}

test("a module page shows each action as the API decides it", async () => {
  const seen = new Set();
  await eachMember("halo", async (person, page) => {
    const answer = await page.goto("/workspace/halo/modules/ask_ai");
    const { results: allowed } = await demo.api(page, "halo").post("/access/check", { checks: ["use", "share"].map((action) => ({ resource: "ask_ai", action })) });
    assert.equal(answer.status(), allowed[0] ? 200 : 403, person);
    seen.add(allowed.join());
    if (!allowed[0]) return;
    const actions = page.locator("ul.rungs li");
    assert.deepEqual(await actions.evaluateAll((rows) => rows.map((row) => row.querySelector(".pill").classList.contains("green"))), allowed, person);
  });
  assert.equal(seen.size, 3, "none, use, and use and share");
});
