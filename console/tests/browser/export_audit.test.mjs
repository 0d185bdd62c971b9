// The audit log is exported: a long list is prepared in the background, and a short one is downloaded at once.
import { test } from "node:test";
import { downloaded, once, until } from "./exports.mjs";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();
const WORKSPACE = "team-management";
const AUDIT = `/workspace/${WORKSPACE}/settings/audit`;

/** More entries than a page shows, made once for all tests. Those that contain a word are not counted. */
const fill = once(async (page) => {
  const api = demo.api(page, WORKSPACE);
  for (let number = 0; number < 40; number++) await api.post("/records/contacts", { fields: { name: `Noted ${number}` } });
  await api.post("/records/contacts", { fields: { name: "Zanzibar" } });
});

for (const [format, button, name] of [
  ["csv", "Export as CSV in the background", "audit-log.csv"],
  ["jsonl", "Export as JSON Lines in the background", "audit-log.jsonl"],
]) {
  test(`a search of the log is exported as ${format} while its page is closed`, async () => {
    const page = await demo.open("anna", AUDIT);
    await fill(page);
    await page.goto(`${AUDIT}?q=noted`);
    await accessible(page);
    await page.getByRole("button", { name: button }).click();
    await page.waitForURL(/\/bulk-jobs\/job_/);
    assert.match(await page.innerText("h1"), /Export of /);
    await accessible(page);
    const path = new URL(page.url()).pathname;
    await page.context().close();
    const later = await demo.open("anna", `/workspace/${WORKSPACE}/dashboard`);
    const api = demo.api(later, WORKSPACE);
    await until(async () => (await api.get(`/exports/${path.split("/").at(-1)}`)).state, "ready");
    await later.goto(path);
    assert.match(await later.innerText("h1"), /^Export of [0-9]+ audit entries$/);
    const [file, text] = await downloaded(later, later.locator("#export-download"));
    assert.equal(file, name);
    const lines = text.trimEnd().split("\n");
    assert(lines.length >= 40 && lines.filter((line) => line.includes("Noted 7")).length === 1, lines.join("\n"));
    await later.locator("#export-delete").click();
    await later.locator("#export-again").waitFor();
  });
}

test("a short list of the log is downloaded at once", async () => {
  const page = await demo.open("anna", AUDIT);
  await fill(page);
  await page.goto(`${AUDIT}?q=zanzibar`);
  const link = page.getByRole("link", { name: "Export as CSV" });
  const [, text] = await downloaded(page, link);
  assert.deepEqual(text.trimEnd().split("\r\n").slice(1).map((line) => line.split(",")[4]), ["contacts.create"], text);
});
