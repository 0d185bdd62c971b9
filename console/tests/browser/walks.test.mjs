// Five walks by keyboard alone: after a page is open nothing but keys is used, and the focus can be seen at every stop.
import { test } from "node:test";
import { assert, start } from "./harness.mjs";
import { Keyboard } from "./focus.mjs";
import { member, over, row, toast } from "./people.mjs";

const demo = await start();

const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

/** A walk of a person through a workspace: with a page, a keyboard, and the API to see what has become of it. */
function walk(title, workspace, path, steps) {
  test(`by keyboard: ${title}`, async () => {
    const page = await demo.open("anna", `/workspace/${workspace}${path}`);
    await steps({ page, keys: new Keyboard(page), api: demo.api(page, workspace) });
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

walk("a person is invited, and is in the list", "standard", "/dashboard", async ({ page, keys }) => {
  await keys.to("link", "Settings");
  await keys.enter(/settings/);
  await keys.to("link", "Team");
  await keys.enter(/settings\/team$/);
  await keys.skip();
  await keys.to("link", "Invite member");
  await keys.enter(/team\/invite$/);
  await keys.to("textbox", /^Email addresses/);
  await keys.type("keys@example.com");
  await keys.to("button", "Send invitation");
  await keys.enter(/settings\/team$/);
  await toast(page, "keys@example.com");
  await keys.skip();
  await keys.to("link", /^Pending/);
  await keys.enter(/status=pending/);
  await row(page, "keys@example.com").waitFor();
});

walk("a role is chosen in the row, and the focus stays there", "standard", "/settings/team", async ({ page, keys, api }) => {
  await keys.skip();
  await keys.to("combobox", "Role of Elif Demir");
  await keys.press("ArrowDown");
  assert.equal((await member(api, "elif")).role, "member", "an arrow opens the list, and saves nothing");
  await keys.press("Escape");
  await keys.type("Man");
  await toast(page, "Elif Demir is now Manager.");
  assert.equal((await member(api, "elif")).role, "manager");
  await keys.press("Shift+Tab");
  await keys.press("Tab");
  assert(await page.getByRole("combobox", { name: "Role of Elif Demir" }).evaluate((one) => one === document.activeElement), "where it was");
});

walk("a preset becomes Custom with the first change of a level", "halo", "/settings/team", async ({ page, keys, api }) => {
  await keys.skip();
  await keys.to("menu", "Actions for Elif Demir");
  await keys.press("Enter");
  await keys.to("link", "Edit access");
  await keys.enter(/\/access$/);
  await keys.to("radio", "Analyst (read-only)");
  await keys.to("radio", "Support agent", "ArrowRight");
  const inbox = over(page).locator(".ladder", { hasText: "Inbox" });
  await keys.to("radio", await inbox.locator("label:has(:checked)").innerText());
  await keys.press("ArrowLeft");
  await over(page).locator(".presets label:has(:checked)", { hasText: "Custom" }).waitFor();
  const level = await inbox.locator(":checked").getAttribute("value");
  await keys.to("button", "Save access");
  await keys.enter(/settings\/team$/);
  await toast(page, "is saved.");
  const { preset, levels } = await member(api, "elif");
  assert.deepEqual([preset, levels.inbox ?? "none"], [null, level]);
});

walk("the records of a person who leaves go to another", "team-management", "/settings/team", async ({ page, keys, api }) => {
  const before = await member(api, "gustav");
  assert(sum(before.assignments) > 0, "Gustav has records");
  await keys.skip();
  await keys.to("menu", "Actions for Gustav Lindqvist");
  await keys.press("Enter");
  await keys.to("link", "Deactivate");
  await keys.enter(/\/deactivate$/);
  await keys.to("button", "Deactivate");
  await keys.enter(/settings\/team$/);
  await toast(page, "Gustav Lindqvist is inactive.");
  await keys.skip();
  await keys.to("menu", "Actions for Gustav Lindqvist");
  await keys.press("Enter");
  await keys.to("link", "Reassign Records");
  await keys.enter(/reassign/);
  await keys.to("searchbox", "Search name or email");
  await keys.type("farah");
  await page.waitForFunction(() => document.querySelectorAll("#found li").length === 1);
  await keys.to("link", /Farah Haddad/);
  await keys.enter(/to=/);
  await keys.to("button", /^Reassign [\d,]+ records$/);
  await keys.enter(/settings\/team/);
  await toast(page, "Gustav Lindqvist to Farah Haddad:");
  const after = await member(api, "gustav");
  assert.deepEqual([after.status, sum(after.assignments)], ["inactive", 0]);
});

walk("a record leads to who can see it, and why", "standard", "/dashboard", async ({ page, keys }) => {
  await keys.to("link", "Opportunities");
  await keys.enter(/records\/opportunities$/);
  const [title] = await page.locator(".records a.open").allInnerTexts();
  await keys.skip();
  await keys.to("link", title);
  await keys.enter(/records\/opportunities\/\w+$/);
  await keys.skip();
  await keys.to("link", "Open in Explain");
  await keys.enter(/settings\/explain/);
  await keys.skip();
  await keys.to("combobox", "Who");
  await keys.type("Gustav");
  await keys.to("combobox", "Can they");
  await keys.type("Opportunities: del");
  await keys.to("button", "Check");
  await keys.enter(/action=opportunities%3Adelete/);
  await page.getByRole("heading", { name: /Gustav Lindqvist: delete/ }).waitFor();
  await page.getByText("Not allowed", { exact: true }).waitFor();
});

walk("the palette leads to a member", "team-management", "/records/deals", async ({ page, keys }) => {
  await page.keyboard.press("Control+k");
  await page.waitForSelector("#palette[open] input:focus");
  await keys.type("@cleo");
  await page.waitForFunction(() => /Cleo Martin/.test(document.querySelector("#palette-results").innerText));
  await keys.press("ArrowDown");
  await keys.enter(/settings\/team\/\w+$/);
  await page.getByRole("heading", { name: "Cleo Martin" }).waitFor();
});
