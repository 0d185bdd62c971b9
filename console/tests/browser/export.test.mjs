// Exports that are prepared: a long list is asked for on its page, goes on when the page is closed, and ends with a file.
import { test } from "node:test";
import { downloaded, once, until } from "./exports.mjs";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();
const WORKSPACE = "team-management";
const DEALS = `/workspace/${WORKSPACE}/records/deals`;
const MANY = 2_300;

const state = async (api, id) => (await api.get(`/exports/${id}`)).state;

/** More deals than a page sends at once, imported once for all tests. */
const fill = once(async (page) => {
  const api = demo.api(page, WORKSPACE);
  const text = ["Name,Amount", ...Array.from({ length: MANY }, (_, number) => `Long list ${number},${number}`)].join("\n");
  const path = await api.submit("/records/deals/import", { text, do: "import" });
  await until(async () => (await api.get(`/bulk-jobs/${path.split("/").at(-1)}`)).state, "done");
});

const direct = async (page, query = "") => (await page.context().request.get(`/api/v1/workspaces/${WORKSPACE}/records/deals/export${query}`)).text();

/** The menu of a list with its export. */
const menu = async (page) => {
  await page.locator(".head details.menu summary", { hasText: "More" }).click();
  return page.locator(".head details.menu .menu-panel");
};

test("a long list is exported while its page is closed, and its file waits", async () => {
  const page = await demo.open("anna", DEALS);
  await fill(page);
  await page.goto(`${DEALS}?q=long`);
  const button = (await menu(page)).getByRole("button", { name: "Export as CSV in the background" });
  await accessible(page);
  await button.click();
  await page.waitForURL(/\/bulk-jobs\/job_/);
  await page.locator("#bulk-job").waitFor();
  assert.match(await page.innerText("h1"), /Export of /);
  await accessible(page);
  const path = new URL(page.url()).pathname;
  const id = path.split("/").at(-1);
  // The page is closed in the middle, with its browser.
  await page.context().close();
  const later = await demo.open("anna", `/workspace/${WORKSPACE}/dashboard`);
  const api = demo.api(later, WORKSPACE);
  await until(() => state(api, id), "ready");
  await later.goto(`/workspace/${WORKSPACE}/bulk-jobs`);
  await later.locator(`a[href="${path}"]`).click();
  await later.locator("#export-download").waitFor();
  assert.match(await later.innerText("main"), /can be downloaded until/);
  assert.match(await later.innerText("main"), /Only you can download it/);
  await accessible(later);
  const [name, text] = await downloaded(later, later.locator("#export-download"));
  assert.equal(name, "deals.csv");
  assert.equal(text, await direct(later, "?q=long"));
  assert.equal(text.trimEnd().split("\r\n").length, MANY + 1);

  // It is deleted, and made again with the same filter.
  await later.locator("#export-delete").click();
  await later.locator("#export-again").waitFor();
  assert.match(await later.innerText("main"), /has expired, or was deleted/);
  await accessible(later);
  await later.locator("#export-again").click();
  await later.waitForURL((url) => /\/bulk-jobs\/job_/.test(url.pathname) && url.pathname !== path);
  // With scripts the page shows by itself that the file is ready.
  await later.locator("#export-download").waitFor();
  assert.match(await later.innerText("main"), /2,300 of 2,300 records/);
});

test("a short list is downloaded at once", async () => {
  const page = await demo.open("anna", DEALS);
  await fill(page);
  await page.goto(`${DEALS}?q=${encodeURIComponent("Long list 1234")}`);
  const link = (await menu(page)).getByRole("link", { name: "Export as CSV" });
  const [, text] = await downloaded(page, link);
  assert.equal(text.trimEnd().split("\r\n").length, 2);
});

for (const dark of [false, true]) {
  test(`without scripts a list is exported, and its page is reloaded, ${dark ? "dark on a phone" : "light"}`, async () => {
    const first = await demo.open("anna", DEALS);
    await fill(first);
    const page = await demo.open("anna", `${DEALS}?q=long`, { javaScriptEnabled: false, dark, phone: dark });
    await (await menu(page)).getByRole("button", { name: "Export as CSV in the background" }).click();
    await page.waitForURL(/\/bulk-jobs\/job_/);
    const path = new URL(page.url()).pathname;
    await until(() => state(demo.api(page, WORKSPACE), path.split("/").at(-1)), "ready");
    await page.goto(path);
    await page.locator("#export-download").waitFor();
    const width = await page.locator("main").evaluate((main) => main.ownerDocument.documentElement.scrollWidth - innerWidth).catch(() => 0);
    assert(width <= 0, `${width} px wider than the screen`);
    await page.locator("#export-delete").click();
    await page.locator("#export-again").waitFor();
    await first.goto(path);
    await accessible(first);
  });
}
