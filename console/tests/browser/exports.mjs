// What the tests of exports have in common.
import { readFileSync } from "node:fs";
import { assert } from "./harness.mjs";

/** Waits until an answer is what is expected; each question is a request. */
export const until = async (ask, expected) => {
  for (let tries = 0; tries < 3_000; tries++) if ((await ask()) === expected) return;
  assert.fail(`it never was ${expected}`);
};

/** Fills a workspace once for all tests. */
export const once = (fill) => {
  let filled = null;
  return (page) => (filled ??= fill(page));
};

/** The name and the text of the file that a link leads to. */
export const downloaded = async (page, link) => {
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return [download.suggestedFilename(), readFileSync(await download.path(), "utf8")];
};
