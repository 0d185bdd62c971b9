// What a form would do is shown while it is filled: no press of a button is lost to it, no focus, and no refusal.
import { describe, test } from "node:test";
import { assert, start } from "./harness.mjs";
import { PAGES, visitor } from "./pages.mjs";
import { member, over, team, toast } from "./people.mjs";

const demo = await start();

/** Makes previews take a while, and counts those that have arrived. */
async function slow(page, milliseconds) {
  const previews = { asked: 0, shown: 0 };
  await page.route("**/preview", async (route) => {
    previews.asked++;
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await route.continue().catch(() => { /* Another one has replaced it. */ });
  });
  page.on("requestfinished", (request) => { if (request.url().endsWith("/preview")) previews.shown++; });
  return previews;
}

const workbook = { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from("PK\u0003\u0004\u0000\u0000") };
const emails = (page) => page.getByLabel(/^Email addresses/);
const send = (page) => over(page).locator("#access-foot button.primary");

test("a button that is pressed while a preview arrives does what it said", async () => {
  const page = await demo.open("anna", `${team("standard")}/invite`);
  await page.waitForLoadState("networkidle");
  await slow(page, 100);
  await emails(page).fill("pressed@example.com");
  await send(page).click({ delay: 600 });
  await toast(page, "The invitation is on its way to pressed@example.com.");
});

test("a button that is pressed by the space bar while a preview arrives does what it said", async () => {
  const page = await demo.open("anna", `${team("halo")}`);
  const api = demo.api(page, "halo");
  const { id } = await member(api, "farah");
  await page.goto(`${team("halo")}/${id}/access`);
  await page.waitForLoadState("networkidle");
  await slow(page, 100);
  await over(page).locator(".ladder", { hasText: "Inbox" }).getByText("Reply", { exact: true }).click();
  await over(page).getByRole("button", { name: "Save access" }).focus();
  await page.keyboard.down(" ");
  await page.waitForTimeout(600);
  await page.keyboard.up(" ");
  await toast(page, "is saved.");
  assert.equal((await member(api, "farah")).levels.inbox, "reply");
});

test("a preview that is late does not take the place of a newer one, nor of a refusal", async () => {
  const page = await demo.open("anna", "/workspaces");
  let asked = 0;
  await page.route("**/invite/preview", async (route) => {
    // The preview of the page as it was opened is the last to arrive.
    const wait = asked++ === 0 ? 1500 : 100;
    await new Promise((resolve) => setTimeout(resolve, wait));
    await route.continue().catch(() => { /* Another one has replaced it. */ });
  });
  await page.goto(`${team("standard")}/invite`);
  await emails(page).fill("kept@example.com");
  await over(page).getByLabel("CSV file").setInputFiles(workbook);
  const error = over(page).locator("#file-error").getByText(/people\.csv is not a CSV or text file/);
  await error.waitFor();
  await page.waitForTimeout(1800);
  assert.equal(await error.count(), 1, "at once");
  const refused = page.waitForResponse((answer) => answer.status() === 422);
  await send(page).click();
  await refused;
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(500);
  assert.equal(await error.count(), 1, "when it is sent");
});

test("the focus stays on a button that a preview draws again", async () => {
  const page = await demo.open("anna", `${team("standard")}/invite`);
  await page.waitForLoadState("networkidle");
  const previews = await slow(page, 300);
  await emails(page).fill("li@example.com, jo@example.com");
  for (let presses = 0; presses < 60 && !(await send(page).evaluate((one) => one === document.activeElement)); presses++) await page.keyboard.press("Tab");
  await over(page).getByRole("button", { name: /Send invitation.*2/ }).waitFor();
  assert(previews.asked > 0);
  assert(await send(page).evaluate((one) => one === document.activeElement), await page.evaluate(() => document.activeElement.outerHTML.slice(0, 100)));
});

describe("every page", () => {
  const visit = visitor(demo);
  let forms = 0;
  for (const entry of PAGES) {
    test(`${entry[1]}: what a preview draws again has a name for the focus to return to`, async () => {
      const page = await visit(entry);
      const found = await page.evaluate(() => [...document.querySelectorAll("[hx-trigger^=change]")].map((form) => [form.getAttribute("hx-select"), ...(form.getAttribute("hx-select-oob") ?? "").split(",")])
        .map((parts) => parts.filter(Boolean).flatMap((part) => [...document.querySelector(part).querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")])
          .filter((one) => !one.id && !one.closest(".matrix") && !one.matches(".scroll")).map((one) => one.outerHTML.slice(0, 120))));
      forms += found.length;
      assert.deepEqual(found.flat(), [], page.url());
    });
  }
  test("there are such forms", () => assert(forms >= 8, `${forms} forms`));
});

describe("what a form was made from", () => {
  const visit = visitor(demo);
  for (const entry of PAGES) {
    test(`${entry[1]}: no preview that comes by itself replaces it`, async () => {
      const page = await visit(entry);
      const replaced = await page.evaluate(() => [...document.querySelectorAll("[hx-post], [hx-get]")].flatMap((one) => {
        const outOfBand = (one.getAttribute("hx-select-oob") ?? "").split(",").filter(Boolean);
        const targets = [one.getAttribute("hx-target"), ...outOfBand].filter((target) => target?.startsWith("#"));
        const made = (target) => document.querySelector(target)?.querySelectorAll("[name=version], [name=base], [name=made_from]") ?? [];
        // A list that is searched again has forms of its own, which are made anew with it.
        const isOwn = (field) => one.closest("form") && field.form === one.closest("form");
        return targets.flatMap((target) => [...made(target)].filter(isOwn).map((field) => `${target}: ${field.name}`));
      }));
      assert.deepEqual(replaced, [], page.url());
    });
  }
});
