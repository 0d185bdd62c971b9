// Every page as the system of its reader asks for it: with the colours of a high contrast, and without motion.
import { describe, test } from "node:test";
import { assert, start } from "./harness.mjs";
import { PAGES, visitor } from "./pages.mjs";

const demo = await start();
const visit = visitor(demo, { reducedMotion: "no-preference" });

/** The controls that cannot be seen, and the chosen ones that look like the others, when colours are forced. */
function unclear() {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest("[inert], .skip, .scrim, .hidden");
  const rgb = (colour) => { const [r, g, b, a = 1] = colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0]; return { r, g, b, a }; };
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => { const [low, high] = [light(one), light(other)].toSorted((a, b) => a - b); return (high + 0.05) / (low + 0.05); };
  /** The colour behind an element. */
  const ground = (one) => {
    for (let up = one.parentElement; up; up = up.parentElement) { const found = rgb(getComputedStyle(up).backgroundColor); if (found.a > 0.9) return found; }
    return rgb(getComputedStyle(document.documentElement).backgroundColor.includes(", 0)") ? "rgb(255, 255, 255)" : getComputedStyle(document.documentElement).backgroundColor);
  };
  const isDrawn = (colour, behind) => rgb(colour).a > 0.2 && contrast(rgb(colour), behind) >= 3;
  const hasEdge = (one) => {
    const style = getComputedStyle(one);
    const behind = ground(one);
    const borders = ["Top", "Right", "Bottom", "Left"].filter((side) => parseFloat(style[`border${side}Width`]) >= 1 && style[`border${side}Style`] !== "none" && isDrawn(style[`border${side}Color`], behind));
    return borders.length === 4 || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || isDrawn(style.backgroundColor, behind);
  };
  const hasText = (one) => one.innerText?.trim() || [...one.querySelectorAll("svg, img")].some((picture) => picture.tagName === "IMG" || isDrawn(getComputedStyle(picture).stroke === "none" ? getComputedStyle(picture).color : getComputedStyle(picture).stroke, ground(picture)));
  const isNative = (one) => one.matches("input, select, textarea, progress") && getComputedStyle(one).appearance !== "none";
  const tell = (what, one) => `${what}: ${one.outerHTML.slice(0, 150)}`;
  const found = [];

  for (const one of [...document.querySelectorAll("a[href], button, summary, [role=button], [role=dialog], dialog[open]")].filter(seen)) {
    if (one.matches("button, .button, [role=button], [role=dialog], dialog") && !one.closest(".menu-panel, .quiet, .selection, .unfold") && !one.matches(".quiet, .drawer") ? !hasEdge(one) : !hasText(one) && !hasEdge(one)) found.push(tell("no edge", one));
  }
  for (const one of [...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(seen)) {
    if (!isNative(one) && !hasEdge(one)) found.push(tell("no edge", one));
  }
  /** What can be told apart when only the system's colours are left. */
  const look = (one) => {
    const style = getComputedStyle(one);
    const parts = ["::before", "::after"].map((part) => getComputedStyle(one, part)).map((part) => [part.content, part.backgroundColor, part.translate].join());
    const { r, g, b } = rgb(style.backgroundColor).a > 0.1 ? rgb(style.backgroundColor) : ground(one);
    return [r, g, b, style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor, style.borderTopStyle, style.borderTopColor, style.borderTopWidth,
      style.borderBottomStyle, style.borderBottomColor, style.borderBottomWidth, style.boxShadow, ...parts].join(" ");
  };
  const groups = [
    [".segmented", "label", (one) => one.querySelector(":checked")], [".segmented", "a", (one) => one.hasAttribute("aria-current")],
    ["body", ".chip:has(input)", (one) => one.querySelector(":checked")], ["body", "a.chip", (one) => one.hasAttribute("aria-current")],
    [".rail", "li a", (one) => one.hasAttribute("aria-current")], [".tabs", "a", (one) => one.hasAttribute("aria-current")],
    [".side-list", "a", (one) => one.hasAttribute("aria-current")], [".steps", ".step", (one) => one.hasAttribute("aria-current")],
    ["body", ".model:not(.reserved)", (one) => one.querySelector(":checked")], [".tree", "a", (one) => one.hasAttribute("aria-current")],
    [".first-steps", ".number", (one) => one.closest("[aria-current]")], ["body", "input.switch", (one) => one.checked],
  ];
  for (const [container, selector, isChosen] of groups) {
    for (const group of document.querySelectorAll(container)) {
      const all = [...group.querySelectorAll(selector)].filter((one) => seen(one) && !one.matches(":disabled, :has(:disabled)"));
      const [chosen, others] = [all.filter(isChosen), all.filter((one) => !isChosen(one))];
      const looks = new Set(others.map(look));
      for (const one of chosen) if (looks.has(look(one))) found.push(tell("looks as if it were not chosen", one));
    }
  }
  // What is drawn: bars, measures, marks of a difference.
  for (const one of [...document.querySelectorAll("[class*='bar-']:is(rect, path), .measure rect, .reach svg, .stage svg")].filter(seen)) {
    const { fill, color } = getComputedStyle(one);
    if (!isDrawn(one.matches("svg") ? color : fill, ground(one.closest("svg")))) found.push(tell("cannot be seen", one));
  }
  for (const one of [...document.querySelectorAll(".dot")].filter(seen)) if (!hasEdge(one)) found.push(tell("cannot be seen", one));
  return found;
}

/** The elements of a page that move for longer than 10 ms. */
function moving() {
  const seconds = (list) => Math.max(...list.split(",").map((one) => parseFloat(one) * (one.trim().endsWith("ms") ? 0.001 : 1)));
  const found = [];
  for (const one of document.querySelectorAll("*")) {
    for (const part of [undefined, "::before", "::after"]) {
      const style = getComputedStyle(one, part);
      const moves = [style.transitionDuration, style.animationName === "none" ? "0s" : style.animationDuration].map(seconds);
      if (Math.max(...moves) > 0.01 || style.scrollBehavior === "smooth") found.push(`${Math.max(...moves)} s: ${one.outerHTML.slice(0, 100)}`);
    }
  }
  return found;
}

describe("every page", () => {
  let motions = 0;
  for (const entry of PAGES) {
    test(`${entry[1]}: what can be pressed and what is chosen is clear in forced colours, and nothing moves if motion is not wanted`, async () => {
      const page = await visit(entry);
      await page.emulateMedia({ reducedMotion: "no-preference" });
      motions += (await page.evaluate(moving)).length;
      await page.emulateMedia({ reducedMotion: "reduce" });
      assert.deepEqual(await page.evaluate(moving), [], page.url());
      const wrong = [];
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ forcedColors: "active", colorScheme });
        assert.equal(await page.evaluate(() => matchMedia("(forced-colors: active)").matches), true);
        wrong.push(...(await page.evaluate(unclear)).map((one) => `${colorScheme}: ${one}`));
      }
      if (process.env.HALLPASS_SCREENS) await page.screenshot({ path: `${process.env.HALLPASS_SCREENS}/forced-${entry[1]}.png` });
      await page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
      assert(wrong.length === 0, `${page.url()}\n${wrong.join("\n")}`);
    });
  }
  test("there is motion for those who want it", () => assert(motions > 0));
});
