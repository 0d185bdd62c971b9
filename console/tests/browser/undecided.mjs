// What axe cannot decide by itself, decided: each kind with the reason why it is right. What is not in the list fails a test.

/**
 * The rule, its reason as axe names it, which elements, and why they are right. With `isRead` the contrast is computed all the
 * same, of the text with the next ground behind it that is not transparent: 4.5 to 1, or 3 to 1 for a large text.
 */
const DECIDED = [
  { rule: "color-contrast", reason: "bgImage", selector: "select", isRead: true, why: "The picture is the chevron, at the end of the field: the text is on the ground of the field." },
  { rule: "color-contrast", reason: "elmPartiallyObscuring", selector: "[role=dialog] *, dialog *, .menu-panel *, .foot *, main *", isRead: true, why: "A dialog, a menu or the foot of a form covers what is behind it, with a ground of its own." },
  { rule: "color-contrast", reason: "elmPartiallyObscured", selector: ".tabs *, .bar *, .side-list *, .lines *, .presets *, .scroll *", isRead: true, why: "A row that scrolls sideways is cut at its end: what is cut is read after scrolling." },
  { rule: "color-contrast", reason: "elmPartiallyObscured", selector: ".drawer-body *, main *, .rail *", isRead: true, why: "The foot of a form and of the menu stay at the edge of the screen: what they cover is read after scrolling." },
  { rule: "color-contrast", reason: "shortTextContent", selector: ".count, .number, .pill, .avatar, .logo", isRead: true, why: "A number of one digit is a text." },
  { rule: "color-contrast", reason: "bgOverlap", selector: ".matrix th, .matrix td, .matrix *", isRead: true, why: "A cell over two rows has the ground of the table." },
  { rule: "color-contrast", reason: "bgOverlap", selector: "svg.picture text, .swatches svg text", why: "A drawing: what it shows is beside it in words; the contrast of a chosen colour is computed and said on the page." },
  { rule: "color-contrast", reason: "imgNode", selector: "svg.picture text", why: "A drawing of an access model: what it shows is below it in words." },
  { rule: "link-in-text-block", reason: "bgOverlap", selector: "a.plain:has(> .reach)", why: "The link is a badge with a frame and a ground of its own, not a word of a sentence." },
];

/** Runs in the page: the elements that no kind of the list decides, and those whose text has too little contrast. */
function open({ found, decided }) {
  const rgb = (colour) => colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  const mix = ([r, g, b, a = 1], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a)];
  const light = (parts) => {
    const [r, g, b] = parts.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    if (!one) return [255, 255, 255];
    const [r, g, b, a = 1] = rgb(getComputedStyle(one).backgroundColor);
    return a === 1 ? [r, g, b] : mix([r, g, b, a], ground(one.parentElement));
  };
  const contrast = (one) => {
    const behind = ground(one);
    const [low, high] = [light(mix(rgb(getComputedStyle(one).color), behind)), light(behind)].toSorted((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const least = (one) => {
    const { fontSize, fontWeight } = getComputedStyle(one);
    return parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5;
  };
  const used = new Set();
  const left = found.flatMap(({ rule, reasons, target, html }) => {
    const one = document.querySelector(target);
    const kind = decided.find((known) => known.rule === rule && reasons.includes(known.reason) && one?.matches(known.selector));
    used.add(decided.indexOf(kind));
    if (!kind) return [`${rule} (${reasons.join(", ")}): ${html}`];
    if (kind.isRead && contrast(one) < least(one)) return [`${rule}: a contrast of ${contrast(one).toFixed(2)}: ${html}`];
    return [];
  });
  return { left, used: [...used] };
}

const used = new Set();

/** The kinds of the list that no page had. */
export const needless = () => DECIDED.filter((_, place) => !used.has(place)).map(({ rule, reason, selector }) => `${rule} (${reason}): ${selector}`);

/** What axe leaves to decide on a page, without what is decided. */
export async function undecided(page, incomplete) {
  const found = incomplete.flatMap((result) => result.nodes.map((node) => ({
    rule: result.id,
    reasons: [...node.any, ...node.all, ...node.none].map((check) => check.data?.messageKey ?? check.id),
    target: node.target.flat().join(" "),
    html: node.html.slice(0, 200),
  })));
  if (found.length === 0) return [];
  const answer = await page.evaluate(open, { found, decided: DECIDED });
  for (const place of answer.used) used.add(place);
  return answer.left;
}
