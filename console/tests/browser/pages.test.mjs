// Every page: nothing for axe to find in both themes and both widths, nothing that it leaves open, nothing wider than the screen.
import { after, describe, test } from "node:test";
import { COLOURS, accessible, assert, settled, start } from "./harness.mjs";
import { PAGES, pathOf } from "./pages.mjs";
import { needless, undecided } from "./undecided.mjs";

const demo = await start();

const DESKTOP = { width: 1280, height: 820 };
const PHONE = { width: 390, height: 844 };
/** What is left of 1280 px at a zoom of 400 % (WCAG 2.2, 1.4.10 Reflow). */
const NARROW = { width: 320, height: 640 };

describe("every page", { concurrency: 2 }, () => {
  let seen = 0;
  after(() => { if (seen === PAGES.length) assert.deepEqual(needless(), [], "the list of undecided.mjs has kinds that no page has"); });
  for (const entry of PAGES) {
    const [, name, workspace, , { person = "anna", status = 200 } = {}] = entry;
    test(`${name} is accessible, light and dark, on a desktop and on a phone`, async () => {
      const page = await demo.open(person, null, { shared: true });
      const answer = await page.goto(await pathOf(entry, demo.api(page, workspace)));
      assert.equal(answer.status(), status, page.url());
      await settled(page);
      for (const viewport of [DESKTOP, PHONE]) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
        const open = await undecided(page, await accessible(page));
        await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
        open.push(...await undecided(page, await accessible(page, COLOURS)));
        assert.deepEqual(open, [], page.url());
      }
      for (const viewport of [PHONE, NARROW]) {
        await page.setViewportSize(viewport);
        const { wide, who } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth - innerWidth,
          who: [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
            .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)),
        }));
        assert(wide <= 0, `${wide} px wider than ${viewport.width} px: ${who.join("\n")}`);
      }
      await page.context().close();
      seen++;
    });
  }
});
