// A language that is 40 % longer and written from right to left: every text of a page is replaced by one, and the page has to hold
// it. What is found here fails in a translation too.
import { describe, test } from "node:test";
import { assert, settled, start } from "./harness.mjs";
import { PAGES, pathOf } from "./pages.mjs";

const demo = await start();

/** Makes the texts of a page 40 % longer, and turns the page around. */
function translate() {
  const longer = (text) => text.replace(/\p{L}{2,}/gu, (word) => word + "ëñdïñg".repeat(3).slice(0, Math.ceil(word.length * 0.4)));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("script, style, textarea, code, svg")) continue;
    node.data = longer(node.data);
  }
  for (const input of document.querySelectorAll("[placeholder]")) input.placeholder = longer(input.placeholder);
  document.documentElement.dir = "rtl";
}

/** The controls that are out of the screen, and in nothing that scrolls. */
function lost() {
  const scrolls = (element) => {
    for (let one = element.parentElement; one; one = one.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(one).overflowX)) return true;
    }
    return false;
  };
  return [...document.querySelectorAll("main a, main button, main input, main select, main summary, dialog a, dialog button")]
    .filter((one) => one.checkVisibility() && !one.closest("[inert], [hidden]") && !one.matches(".hidden, .skip"))
    .filter((one) => { const box = one.getBoundingClientRect(); return box.width > 2 && (box.left < -1 || box.right > innerWidth + 1); })
    .filter((one) => !scrolls(one))
    .map((one) => one.outerHTML.slice(0, 160));
}

describe("a longer language from right to left", { concurrency: 2 }, () => {
  for (const entry of PAGES.filter(([, , , , { picture } = {}]) => picture)) {
    const [, name, workspace, , { person = "anna" } = {}] = entry;
    test(`${name} holds it, on a desktop and on a phone`, async () => {
      const page = await demo.open(person, null, { shared: true });
      await page.goto(await pathOf(entry, demo.api(page, workspace)));
      await settled(page);
      await page.evaluate(translate);
      for (const viewport of [{ width: 1280, height: 820 }, { width: 390, height: 844 }]) {
        await page.setViewportSize(viewport);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert(wide <= 0, `${wide} px wider than ${viewport.width} px`);
        assert.deepEqual(await page.evaluate(lost), [], `out of ${viewport.width} px`);
      }
      if (process.env.HALLPASS_SCREENS) await page.screenshot({ path: `${process.env.HALLPASS_SCREENS}/pseudo-${name}.png` });
      await page.context().close();
    });
  }
});
