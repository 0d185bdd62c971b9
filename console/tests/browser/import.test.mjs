// The import: a file or a text, its columns, what is wrong by line, then all correct lines.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

const demo = await start();
const IMPORT = "/workspace/team-management/records/deals/import";

const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const found = async (page, text) => (await demo.api(page, "team-management").get(`/records/deals?limit=200&q=${encodeURIComponent(text)}`)).items;

test("a file is read at once, its columns are mapped, and all of its lines are imported", async () => {
  const page = await demo.open("anna", IMPORT);
  const text = "Title;Worth;Stage;Owner\nFrom a file 1;100;Won;Cleo Martin\n\"From; a file 2\";200.50;;\n";
  await page.getByLabel("CSV file").setInputFiles(file("deals.csv", `\ufeff${text}`));
  await page.getByText("lines can be imported").waitFor();
  assert.match(await page.innerText("main"), /0 of 2 lines/);
  assert.match(await page.innerText("main"), /Name/);
  await page.getByLabel("Field of the column Title").selectOption({ label: "Name" });
  await page.getByLabel("Field of the column Worth").selectOption({ label: "Amount" });
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("2 of 2 lines can be imported").waitFor();
  await accessible(page);
  assert.equal((await found(page, "a file")).length, 0, "nothing is created before the import");
  await page.getByRole("button", { name: "Import 2 deals" }).click();
  await page.waitForSelector(".toast");
  const made = await found(page, "a file");
  assert.equal(made.length, 2);
  const first = made.find((one) => one.fields.name === "From a file 1");
  assert.equal(first.stage, "won");
  const { items } = await demo.api(page, "team-management").get("/records/deals/owners?limit=200");
  assert.equal(first.owner, items.find((one) => one.name === "Cleo Martin").id);
});

test("what is wrong is said by line, and the correct lines can be imported", async () => {
  const page = await demo.open("anna", IMPORT);
  await page.getByLabel("CSV", { exact: true }).fill("Name;Amount;Stage;Owner\nLine right;100;;\nLine wrong;a lot;;\nLine wrong;1;Sold;\nLine wrong;1;;Zaphod\n<script>alert(1)</script>;x;;\n");
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("1 of 5 lines can be imported").waitFor();
  const rows = await page.locator("table").last().locator("tbody tr").allInnerTexts();
  assert.deepEqual(rows.map((row) => row.split(/\s+/)[0]), ["3", "4", "5", "6"]);
  assert.match(rows[1], /There is no stage “Sold”/);
  assert.match(rows[2], /No active member is called “Zaphod”/);
  await accessible(page);
  await page.getByRole("button", { name: "Import the one correct line" }).click();
  await page.waitForSelector(".toast");
  assert.deepEqual((await found(page, "Line ")).map((one) => one.fields.name), ["Line right"]);
});

test("a file that is not what it says is refused in words", async () => {
  const page = await demo.open("anna", IMPORT);
  const refused = async (name, content, words) => {
    await page.getByLabel("CSV file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
    await page.locator("[role=alert]", { hasText: words }).waitFor();
    assert.equal(await page.getByRole("button", { name: /^Import/ }).count(), 0);
  };
  await refused("picture.csv", [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0], /“picture\.csv” is not a CSV file/);
  await refused("book.csv", [0x50, 0x4b, 3, 4, 20, 0], /“book\.csv” is a workbook/);
  await refused("old.csv", [...Buffer.from("Name\nZ"), 0xfc, ...Buffer.from("rich\n")], /“old\.csv” is not in UTF-8/);
  await refused("page.csv", "<!doctype html><script>alert(1)</script>", /“page\.csv” is not a CSV file/);
  await accessible(page);
  await page.getByLabel("CSV file").setInputFiles(file("large.csv", `Name\n${"a".repeat(1_000_001)}`));
  assert.match(await page.getByLabel("CSV file").evaluate((input) => input.validationMessage), /larger than 1 MB/);
});

test("without scripts, a file is checked and imported", async () => {
  const page = await demo.open("anna", IMPORT, { javaScriptEnabled: false });
  await page.getByLabel("CSV file").setInputFiles(file("plain.csv", "name\nWithout scripts\n"));
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByRole("button", { name: "Import 1 deal" }).click();
  assert.equal((await found(page, "Without scripts")).length, 1);
});
