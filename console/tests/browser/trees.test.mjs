// What a screen reader finds on the ten main pages: their accessibility trees, as files in trees/.
//
// HALLPASS_TREES=1 writes the files anew.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, start } from "./harness.mjs";
import { PAGES, visitor } from "./pages.mjs";

const demo = await start();
const visit = visitor(demo);

const FOLDER = join(import.meta.dirname, "trees");
const MAIN = ["sign-in", "dashboard", "records", "record", "team", "edit-access", "roles", "departments", "explain", "audit"];

/** What differs from run to run, by what it is. */
const CHANGING = [
  [/\b([a-z]{3})_[0-9a-f]{16,}/g, "$1_…"],
  [/\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*( \d{4})?(,? \d{1,2}:\d{2}(:\d{2})?)?/g, "‹time›"],
  [/\b\d+ (s|sec|min|h|hours?|minutes?|days?|weeks?|months?|years?) ago\b|\bjust now\b|\byesterday\b|\bnow\b/g, "‹time›"],
  [/\b\d{4}-\d{2}-\d{2}\b/g, "‹time›"],
  [/(\n *- [a-z]+: ‹time›.*)\1+/g, "$1"],
  [/[0-9a-f]{32,}/g, "‹hash›"],
  [/127\.0\.0\.1:\d+/g, "‹host›"],
];

const tree = async (page) => {
  const text = (await page.locator("body").ariaSnapshot()).replace(/^ *- \/url: .*\n/gm, "");
  return CHANGING.reduce((stable, [pattern, name]) => stable.replace(pattern, name), text);
};

/** The lines of two texts that differ, with two around each: `-` is in the file, `+` on the page. */
function difference(before, after) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const common = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i][j] = old[i] === now[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines = [];
  for (let i = 0, j = 0; i < old.length || j < now.length;) {
    if (i < old.length && j < now.length && old[i] === now[j]) { lines.push(`  ${old[i]}`); i++; j++; }
    else if (j < now.length && (i === old.length || common[i][j + 1] >= common[i + 1][j])) lines.push(`+ ${now[j++]}`);
    else lines.push(`- ${old[i++]}`);
  }
  const isNear = (place) => lines.slice(Math.max(0, place - 2), place + 3).some((line) => line[0] !== " ");
  return lines.filter((_, place) => isNear(place)).join("\n");
}

for (const name of MAIN) {
  test(`the accessibility tree of ${name} is the one of its file`, async () => {
    const page = await visit(PAGES.find((entry) => entry[1] === name));
    const found = `${await tree(page)}\n`;
    const file = join(FOLDER, `${name}.yaml`);
    if (process.env.HALLPASS_TREES) {
      mkdirSync(FOLDER, { recursive: true });
      return writeFileSync(file, found);
    }
    const expected = readFileSync(file, "utf8");
    assert(found === expected, `${page.url()}\n${difference(expected, found)}\nHALLPASS_TREES=1 writes the files anew.`);
  });
}

test("every file is the tree of a page", () => {
  assert.deepEqual(readdirSync(FOLDER).toSorted(), MAIN.map((name) => `${name}.yaml`).toSorted());
});
