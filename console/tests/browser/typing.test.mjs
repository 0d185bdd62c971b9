// What a form would do is shown while it is filled: no letter, no choice, no focus and no place in a text is lost to it.
import { after, describe, test } from "node:test";
import { assert, settled, start } from "./harness.mjs";
import { PAGES, pathOf } from "./pages.mjs";
import { member, over, team } from "./people.mjs";

const demo = await start();

// So many teams and departments that a form searches them.
const admin = await demo.open("anna", null);
for (const workspace of ["halo", "standard", "hari", "team-management"]) {
  for (const noun of ["teams", "departments"]) {
    for (let number = 0; number < 51; number++) {
      const answer = await admin.context().request.post(`/api/v1/workspaces/${workspace}/${noun}`, { data: { name: `${noun} ${number}` } });
      // Not every access model has both.
      if (!answer.ok()) break;
    }
  }
}

/** The fields of a form that a preview draws again, and what asks for it. */
function drawnAgain() {
  const shown = (one) => one.checkVisibility() && !one.disabled;
  return [...document.querySelectorAll("[hx-get], [hx-post]")].flatMap((source, place) => {
    if (!/\bchange\b/.test(source.getAttribute("hx-trigger"))) return [];
    const parts = [source.getAttribute("hx-target"), ...(source.getAttribute("hx-select-oob") ?? "").split(",")];
    const fields = parts.filter((part) => part?.startsWith("#")).flatMap((part) => [...document.querySelectorAll(`${part} :is(input, textarea, select)`)]);
    const typed = fields.filter((field) => shown(field) && field.matches("input:is([type=text], [type=search], :not([type])), textarea"));
    const chosen = fields.filter((field) => shown(field) && field.matches("select:not(#role)") && [...field.options].some((option) => !option.disabled && !option.selected)).slice(0, 2);
    const path = source.getAttribute("hx-post") ?? source.getAttribute("hx-get");
    return [...typed, ...chosen].map((field) => ({ place, path, name: field.name, id: field.id, isTyped: !field.matches("select") }));
  });
}

/** Asks for a preview, as a change of the form does. */
function ask(place) {
  const source = document.querySelectorAll("[hx-get], [hx-post]")[place];
  const target = source.matches("form, select") ? source : source.closest("form");
  target.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Holds the answers of a path until they are let go; says what was asked. */
async function held(page, path) {
  const asked = [];
  const waiting = [];
  let isOpen = false;
  const { pathname } = new URL(path, demo.base);
  await page.route((url) => url.pathname === pathname, async (route) => {
    const request = route.request();
    if (!request.headers()["hx-request"]) return route.continue();
    asked.push(decodeURIComponent(`${request.url()}&${request.postData() ?? ""}`.replaceAll("+", " ")));
    if (!isOpen) await new Promise((resolve) => waiting.push(resolve));
    await route.continue().catch(() => { /* Another one has replaced it. */ });
  });
  const until = async (number) => {
    for (let tries = 0; asked.length < number; tries++) {
      assert(tries < 200, `only ${asked.length} of ${number} previews of ${path}`);
      await page.waitForTimeout(25);
    }
  };
  const letGo = async () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const open = async () => {
    isOpen = true;
    await letGo();
  };
  return { asked, until, letGo, open };
}

const state = (page, name) => page.evaluate((name) => {
  const field = document.activeElement;
  return { name: field.name, value: field.value, at: field.name === name && field.selectionStart };
}, name);

describe("every form", { concurrency: 1 }, () => {
  let typed = 0;
  let chosen = 0;
  const people = new Map();
  after(() => assert(typed >= 4 && chosen >= 4, `${typed} texts and ${chosen} choices`));
  for (const entry of PAGES) {
    const [, name, workspace, , { person = "anna", status = 200 } = {}] = entry;
    if (status !== 200) continue;
    test(`${name}: what is typed or chosen while a preview arrives stays`, { timeout: 120_000 }, async () => {
      if (!people.has(person)) people.set(person, await demo.open(person, null));
      const first = people.get(person);
      const path = await pathOf(entry, demo.api(first, workspace));
      await first.goto(path);
      await settled(first);
      for (const field of await first.evaluate(drawnAgain)) {
        const page = await first.context().newPage();
        page.setDefaultTimeout(10_000);
        await page.goto(path);
        await page.waitForLoadState("networkidle");
        const previews = await held(page, field.path);
        const input = page.locator(`[name="${field.name}"]`).and(page.locator(field.id ? `[id="${field.id}"]` : "*")).first();
        await page.evaluate(ask, field.place);
        await previews.until(1);
        if (field.isTyped) {
          typed++;
          await input.focus();
          await page.keyboard.press("End");
          const before = (await state(page, field.name)).value;
          await page.keyboard.type("zq");
          await page.keyboard.press("ArrowLeft");
          await page.keyboard.type("x");
          const wanted = { name: field.name, value: `${before}zxq`, at: before.length + 2 };
          assert.deepEqual(await state(page, field.name), wanted);
          await previews.letGo();
          await previews.until(2);
          assert.deepEqual(await state(page, field.name), wanted, "an answer from before the letters");
          await page.keyboard.press("End");
          await page.keyboard.type("v ");
          await previews.open();
          await page.waitForTimeout(500);
          await page.waitForLoadState("networkidle");
          const last = { name: field.name, value: `${before}zxqv `, at: before.length + 5 };
          assert.deepEqual(await state(page, field.name), last, "in the end");
          assert(previews.asked.at(-1).includes(`${before}zxqv`), `the last preview is about ${previews.asked.at(-1)}`);
        } else {
          chosen++;
          const value = await input.evaluate((select) => [...select.options].find((option) => !option.disabled && !option.selected).value);
          await input.selectOption(value);
          await previews.letGo();
          await page.waitForTimeout(500);
          assert.equal(await input.inputValue(), value, "an answer from before the choice");
          await previews.open();
          await page.waitForTimeout(500);
          await page.waitForLoadState("networkidle");
          assert.equal(await input.inputValue(), value, "in the end");
        }
        await page.close();
      }
    });
  }
});

test("a composition is not interrupted by a preview", async () => {
  const page = await demo.open("anna", "/workspace/standard");
  const { id } = await member(demo.api(page, "standard"), "ben");
  await page.goto(`${team("standard")}/${id}/access`);
  await page.waitForLoadState("networkidle");
  const alias = over(page).locator("#alias");
  const previews = await held(page, `${team("standard")}/${id}/access/preview`);
  await alias.focus();
  await alias.evaluate((field) => field.form.dispatchEvent(new Event("change", { bubbles: true })));
  await previews.until(1);
  const client = await page.context().newCDPSession(page);
  await client.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
  await previews.open();
  await page.waitForTimeout(600);
  assert.equal(await alias.inputValue(), "に");
  await client.send("Input.imeSetComposition", { text: "にほ", selectionStart: 2, selectionEnd: 2 });
  await page.waitForTimeout(200);
  await client.send("Input.insertText", { text: "日本" });
  await page.waitForTimeout(600);
  await page.waitForLoadState("networkidle");
  assert.equal(await alias.inputValue(), "日本");
  assert(previews.asked.at(-1).includes("日本"), previews.asked.at(-1));
  assert(await alias.evaluate((field) => field === document.activeElement));
});
