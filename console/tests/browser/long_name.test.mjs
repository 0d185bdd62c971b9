// A name of one long word: the pages that show people hold it, on a desktop, on a phone and at a zoom of 400 %.
import { describe, test } from "node:test";
import { assert, start } from "./harness.mjs";
import { member } from "./people.mjs";

const demo = await start();

/** The longest first name, without a place where a line may break. */
const NAME = `😀${"Wolfeschlegelsteinhausenbergerdorff".repeat(3).slice(0, 99)}`;
const WIDTHS = [1280, 390, 320];

const PAGES = {
  "the team": () => "settings/team",
  "a member": ({ id }) => `settings/team/${id}`,
  "the access of a member": ({ id }) => `settings/team/${id}/access`,
  "a department": ({ department }) => `settings/departments/${department}`,
  "the access review": () => "settings/review",
  "the audit log": () => "settings/audit",
  "the roles by person": ({ id }) => `settings/roles?by=person&member=${id}`,
  "an explanation": ({ id }) => `settings/explain?member=${id}&resource=contacts&action=read`,
  "a comparison": ({ id }) => `settings/compare?by=people&before=${id}`,
  "a list of records": () => "records/contacts",
};

/** The controls and texts that are out of the screen, and in nothing that scrolls. */
function cut() {
  const scrolls = (one) => { for (let up = one; up; up = up.parentElement) if (["auto", "scroll", "hidden"].includes(getComputedStyle(up).overflowX)) return true; return false; };
  return [...document.querySelectorAll("main *, [role=dialog] *")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert], .hidden, thead, svg"))
    .filter((one) => { const box = one.getBoundingClientRect(); return box.width > 2 && box.right > document.documentElement.clientWidth + 1 && !scrolls(one.parentElement); })
    .map((one) => one.outerHTML.slice(0, 140));
}

describe("a name of one long word", () => {
  for (const workspace of ["standard", "team-management"]) {
    test(`fits the pages of ${workspace}`, async () => {
      const hana = await demo.open("hana", "/workspaces");
      const renamed = await hana.request.patch("/api/v1/me", { data: { first_name: NAME } });
      assert.equal(renamed.status(), 200, await renamed.text());
      const page = await demo.open("anna", `/workspace/${workspace}/settings/team`);
      const api = demo.api(page, workspace);
      const { id } = await member(api, "hana");
      const { items: [{ id: department }] } = await api.get("/departments");
      await api.patch(`/members/${id}`, { department });
      const wrong = [];
      for (const [name, path] of Object.entries(PAGES)) {
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 820 });
          const answer = await page.goto(`/workspace/${workspace}/${path({ id, department })}`);
          assert.equal(answer.status(), 200, name);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (wide > 0) wrong.push(`${name}: ${wide} px wider than ${width} px`);
          wrong.push(...(await page.evaluate(cut)).map((one) => `${name} at ${width} px: ${one}`));
        }
      }
      assert.deepEqual(wrong, []);
      // A usual name beside it is in one piece.
      await page.setViewportSize({ width: 1280, height: 820 });
      await page.goto(`/workspace/${workspace}/settings/team`);
      const lines = await page.locator("tbody tr", { hasText: "Anna Keller" }).locator("strong, a.open").first().evaluate((one) => one.getClientRects().length);
      assert.equal(lines, 1);
    });
  }
});
