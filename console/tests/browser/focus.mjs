// The keyboard alone, and whether the focus can be seen where it goes.
import { assert } from "./harness.mjs";

/**
 * What is wrong with the place of the focus, as words; nothing if it can be seen: it has a ring, it is on the screen, and
 * nothing covers it. It runs in the page.
 */
export function fault() {
  const one = document.activeElement;
  // The page itself, and a region that takes the focus when it opens, are places to go on from, not controls.
  if (one === document.body || one.matches("main, [role=dialog][tabindex='-1']")) return null;
  const name = one.outerHTML.slice(0, 140);
  // A box that is drawn by its label has the ring on the label.
  const rings = [one, one.closest("label"), one.closest(".model"), one.closest(".numbered")].filter(Boolean);
  const ring = rings.find((part) => {
    const { opacity, outlineStyle, outlineWidth, outlineColor } = getComputedStyle(part);
    return opacity !== "0" && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\)|transparent/.test(outlineColor);
  });
  if (!one.matches(":focus-visible")) return `no :focus-visible: ${name}`;
  if (!ring) return `no ring: ${name}`;
  // A link in a sentence may be broken into lines: the first of them counts.
  const box = [...ring.getClientRects()].find((part) => part.width > 0 && part.height > 0);
  if (!box) return `no size: ${name}`;
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const isLarge = box.height > innerHeight / 2 || box.width > innerWidth;
  if (right - left < 2 || bottom - top < 2) return `out of the screen: ${name}`;
  if (!isLarge && (box.left < -2 || box.right > innerWidth + 2 || box.top < -2 || box.bottom > innerHeight + 2)) {
    return `partly out of the screen (${Math.round(box.left)}, ${Math.round(box.top)}, ${Math.round(box.right)}, ${Math.round(box.bottom)}): ${name}`;
  }
  const places = [0.5, 0.2, 0.8].flatMap((x) => [0.5, 0.25, 0.75].map((y) => [left + (right - left) * x, top + (bottom - top) * y]));
  const covers = places.map(([x, y]) => document.elementFromPoint(x, y)).filter((found) => found && !ring.contains(found) && !found.contains(ring));
  if (covers.length > (isLarge ? places.length - 1 : 0)) return `covered by ${covers[0].outerHTML.slice(0, 90)}: ${name}`;
  return null;
}

/** A person who only has a keyboard: every stop of the focus is checked. */
export class Keyboard {
  constructor(page) {
    this.page = page;
  }

  async press(key) {
    await this.page.keyboard.press(key);
    const found = await this.page.evaluate(fault);
    assert(found === null, `${found}, after ${key} on ${this.page.url()}`);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  /** Presses a key until the focus is on a control, by its role and name; what opens a menu has no role but a label. */
  async to(role, name, key = "Tab") {
    const exact = typeof name === "string";
    const wanted = role === "menu" ? this.page.getByLabel(name, { exact }) : this.page.getByRole(role, { name, exact });
    const passed = [];
    for (let presses = 0; presses < 90; presses++) {
      if (await wanted.evaluateAll((all) => all.includes(document.activeElement))) return;
      await this.press(key);
      passed.push(await this.page.evaluate(() => document.activeElement.outerHTML.slice(0, 60)));
    }
    assert.fail(`no ${role} ${name} on the way of ${key}:\n${passed.join("\n")}`);
  }

  /** Follows what has the focus to another page. */
  async enter(url, key = "Enter") {
    await this.page.keyboard.press(key);
    await this.page.waitForURL(url);
    await this.page.waitForLoadState("load");
  }

  /** Skips the menu of a page. */
  async skip() {
    await this.to("link", "Skip to the content");
    await this.press("Enter");
  }
}
