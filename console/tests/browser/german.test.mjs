// A page is in one language: what a German page says in English is data (of a person, or of the access model), or a mistake.
import { describe, test } from "node:test";
import { assert, start } from "./harness.mjs";
import { PAGES, pathOf } from "./pages.mjs";

const demo = await start();

/** English sentences are known by their small words: two of them make one. */
const SMALL = /\b(the|and|of|you|your|cannot|can|does|not|with|from|is|are|was|has|have|this|that|for|when|which|they|their|to|by|on|it)\b/gi;

/** Pages that show texts which are written in English once for everybody, and what they are. */
const WRITTEN_IN_ENGLISH = {
  "operator-mail-templates": "the mails, in the language of their recipients",
  "operator-blueprint": "the text of an access model, and the notes on it",
};

/** What people and the operator have written in the demo. */
const WRITTEN_BY_PEOPLE = ["As discussed on the phone.", "the operator of this server"];

/** The titles of the records of a workspace. */
async function titles(api) {
  const found = [];
  for (const entity of ["opportunities", "deals", "contacts", "companies", "tasks"]) {
    const page = await api(`/records/${entity}?limit=200`);
    if (page) found.push(...page.items.map((record) => record.title));
  }
  return found;
}

/** The visible texts of a page, outside of code and of what people type. */
function texts() {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const place = node.parentElement;
    if (!place.closest("script, style, noscript, textarea, code, pre, template") && (place.checkVisibility() || place.matches("option"))) found.add(node.data.trim());
  }
  for (const one of document.querySelectorAll("[title], [aria-label], [placeholder]")) {
    for (const name of ["title", "aria-label", "placeholder"]) found.add((one.getAttribute(name) ?? "").trim());
  }
  return [...found].filter((text) => text !== "");
}

/** A page of somebody who reads German, with the session of their other pages. */
async function german(person) {
  const page = await demo.open(person, null, { locale: "de-DE", shared: true });
  if (person) await page.context().request.patch("/api/v1/me", { data: { locale: "de" } });
  return page;
}

/** What is written once for everybody, in the words of whoever has written it: access models, and titles of records. */
const written = new Map();
async function writtenIn(page, workspace, person) {
  const key = `${workspace} ${person}`;
  if (written.has(key)) return written.get(key);
  // The names and descriptions of the access model are data of the workspace.
  const models = await page.context().request.get("/api/v1/blueprints");
  const own = workspace && (await page.context().request.get(`/api/v1/workspaces/${workspace}/blueprint`));
  const read = async (path) => {
    const found = await page.context().request.get(`/api/v1/workspaces/${workspace}${path}`);
    return found.ok() && found.json();
  };
  const found = {
    data: `${await models.text()}${own ? await own.text() : ""}`,
    titles: [...WRITTEN_BY_PEOPLE, ...(workspace ? await titles(read) : [])].toSorted((a, b) => b.length - a.length),
  };
  written.set(key, found);
  return found;
}

describe("a German page says nothing in English", { concurrency: 2 }, () => {
  for (const entry of PAGES.filter(([, name]) => !(name in WRITTEN_IN_ENGLISH))) {
    const [, name, workspace, , { person = "anna", status = 200 } = {}] = entry;
    test(`on the page ${name}`, async () => {
      const page = await german(person);
      const answer = await page.goto(await pathOf(entry, demo.api(page, workspace)));
      assert.equal(answer.status(), status);
      const { data, titles } = await writtenIn(page, workspace, person);
      const without = (text) => titles.reduce((rest, title) => rest.replace(title, ""), text);
      const english = (await page.evaluate(texts)).filter((shown) => {
        const text = without(shown).trim();
        const small = new Set((text.match(SMALL) ?? []).map((word) => word.toLowerCase()));
        // The titles have a company and a subject, and a page may show the subject alone.
        const isPart = text.length > 12 && titles.some((title) => title.endsWith(text));
        return small.size > 1 && !isPart && !data.includes(text.replace(/\.$/, ""));
      });
      await page.context().close();
      assert.deepEqual(english, []);
    });
  }
});

describe("an explanation is in German, whatever the answer is", { concurrency: 1 }, () => {
  for (const workspace of ["standard", "hari", "team-management", "harmony", "halo"]) {
    test(`in the workspace ${workspace}`, async () => {
      const page = await german("anna");
      const api = demo.api(page, workspace);
      const { items } = await api.get("/members?limit=12");
      const data = JSON.stringify(await (await page.context().request.get(`/api/v1/workspaces/${workspace}/blueprint`)).json());
      // Hundreds of pages of which the text is read: without a load of their own, each takes a tenth of the time.
      const text = await demo.browser.newPage({ javaScriptEnabled: false });
      const show = async (path) => {
        const answer = await page.context().request.get(path);
        assert.equal(answer.status(), 200, path);
        await text.setContent(await answer.text(), { waitUntil: "commit" });
      };
      await show(`/workspace/${workspace}/settings/explain`);
      const actions = await text.locator("#f-action option").evaluateAll((all) => all.map((one) => one.value).filter(Boolean));
      let [allowed, denied] = [0, 0];
      for (const [place, { id }] of items.entries()) {
        for (const [turn, action] of actions.filter((_, at) => at % 7 === place % 7).entries()) {
          const owner = ["", "&owner=unowned", `&owner=${items[(place + turn) % items.length].id}`][turn % 3];
          const path = `/workspace/${workspace}/settings/explain?member=${id}&action=${action}${owner}`;
          await show(path);
          const shown = await text.locator(".split .card").first().locator("p, .reasoning li, .acts li, dt").allInnerTexts();
          for (const sentence of shown) {
            const small = new Set((sentence.match(SMALL) ?? []).map((word) => word.toLowerCase()));
            const isData = data.includes(sentence.replace(/\.$/, ""));
            assert(small.size < 2 || isData, `${path}: ${sentence}`);
            assert.doesNotMatch(sentence, /[`_{}]|why-|mbr_|tea_|prf_|rol_/, path);
          }
          assert(shown.length > 2, path);
          if (await text.locator(".verdict.yes").count()) allowed += 1;
          else denied += 1;
        }
      }
      assert(allowed > 3 && denied > 3, `${allowed} allowed, ${denied} denied`);
      await text.close();
      await page.context().close();
    });
  }
});
