// Every page at a zoom of 400 %, and by keyboard: nothing is lost, what has the focus can be seen, and what can be pressed is
// large enough for a finger.
import { describe, test } from "node:test";
import { assert, start } from "./harness.mjs";
import { fault } from "./focus.mjs";
import { PAGES, visitor } from "./pages.mjs";

const demo = await start();
const visit = visitor(demo);

const DESKTOP = { width: 1280, height: 820 };
const PHONE = { width: 390, height: 844 };
/** What is left of 1280 by 1024 px at a zoom of 400 % (WCAG 2.2, 1.4.10 Reflow). */
const ZOOMED = { width: 320, height: 256 };

/** Gives the focus to each control in turn, and returns what is wrong at each stop (see `fault`). */
async function stops(page) {
  // The keyboard was used last: the focus has a ring.
  await page.keyboard.press("Tab");
  return page.evaluate(async (source) => {
    const fault = new Function(`return ${source}`)();
    const found = [];
    const isStop = (one) => one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert]") && !one.disabled;
    for (const one of [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(isStop)) {
      one.focus();
      if (document.activeElement !== one) continue;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const wrong = fault();
      if (wrong) found.push(wrong);
    }
    return found;
  }, fault.toString());
}

/** The controls that are smaller than 24 by 24 px, and so close to another that a finger may miss them (WCAG 2.2, 2.5.8). */
function small() {
  const SIZE = 24;
  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert]") && !one.matches(".skip, .scrim"));
  // What can be pressed instead: the label of a box; a link in a sentence is excepted.
  const area = (one) => (one.matches("[type=checkbox], [type=radio], [type=file]") && one.closest("label")) || one;
  const boxes = controls.map((one) => ({ one, box: area(one).getBoundingClientRect() }));
  const isInText = (one) => one.matches("a, summary") && getComputedStyle(one).display === "inline" && one.parentElement.textContent.trim() !== one.textContent.trim();
  const centre = (box) => [box.left + box.width / 2, box.top + box.height / 2];
  // What stays at an edge of the screen covers others as the page is scrolled: it is no neighbour of theirs.
  const layer = (one) => { for (let up = one; up; up = up.parentElement) if (["fixed", "sticky"].includes(getComputedStyle(up).position)) return up; return null; };
  // A circle of 24 px around a small one touches no other target.
  const near = ({ one, box }) => boxes.find((other) => {
    if (other.one === one || area(other.one) === area(one) || layer(other.one) !== layer(one)) return false;
    const [x, y] = centre(box);
    const { left, right, top, bottom } = other.box;
    const [dx, dy] = [Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom)];
    return Math.hypot(dx, dy) < SIZE / 2;
  });
  return boxes.filter(({ box }) => box.width > 1 && (box.width < SIZE - 0.5 || box.height < SIZE - 0.5))
    .filter(({ one }) => !isInText(one)).map((small) => ({ ...small, other: near(small) })).filter(({ other }) => other)
    .map(({ one, box, other }) => `${Math.round(box.width)} x ${Math.round(box.height)} px: ${one.outerHTML.slice(0, 140)}\n  near ${other.one.outerHTML.slice(0, 140)}`);
}

/** What is cut off: texts and controls that reach out of the screen in nothing that scrolls, or out of what hides them. */
function cut() {
  const scrolls = (one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
  const inScroller = (one) => { for (let up = one.parentElement; up; up = up.parentElement) if (scrolls(up)) return true; return false; };
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert], .hidden, .skip, thead, svg, .scrim"))
    .filter((one) => { const box = one.getBoundingClientRect(); return box.width > 2 && (box.right > innerWidth + 1 || box.left < -1) && !inScroller(one); })
    .map((one) => `out of the screen: ${one.outerHTML.slice(0, 140)}`);
}

/** Texts squeezed into a column of a few letters, which nobody can read, although they have no line that is cut. */
function squeezed() {
  const LETTERS_A_LINE = 7;
  const ownText = (one) => [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent.trim()).join(" ").trim();
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert], .hidden, .skip, thead, svg, script, option"))
    .filter((one) => ownText(one).length > 20)
    .filter((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.bottom))).size;
      return lines > 4 && one.textContent.trim().length / lines < LETTERS_A_LINE;
    })
    .map((one) => `squeezed to ${Math.round(one.getBoundingClientRect().width)} px: ${one.outerHTML.slice(0, 140)}`);
}

describe("every page", () => {
  for (const entry of PAGES) {
    test(`${entry[1]}: nothing is lost at 400 %, nothing with the focus is hidden, and nothing is too small to press`, async () => {
      const page = await visit(entry);
      const wrong = [];
      for (const [name, viewport] of Object.entries({ DESKTOP, PHONE, ZOOMED })) {
        await page.setViewportSize(viewport);
        if (name !== "PHONE") wrong.push(...(await stops(page)).map((one) => `${name}: ${one}`));
        wrong.push(...(await page.evaluate(small)).map((one) => `${name}: ${one}`));
        wrong.push(...(await page.evaluate(cut)).map((one) => `${name}: ${one}`));
        wrong.push(...(await page.evaluate(squeezed)).map((one) => `${name}: ${one}`));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) wrong.push(`${name}: ${wide} px wider than the screen`);
      }
      await page.setViewportSize(DESKTOP);
      assert(wrong.length === 0, `${page.url()}\n${wrong.join("\n")}`);
    });
  }
});
