// The ten tasks of docs/tasks.md, done from the accessibility tree alone: controls are found by their roles and names, as a
// screen reader reads them. The clicks are at most 1.5 times those of the shortest path, which docs/tasks.md names.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, start } from "./harness.mjs";

const demo = await start();

/** The rows of docs/tasks.md: number, task, least clicks. */
const TASKS = readFileSync(join(import.meta.dirname, "../../../docs/tasks.md"), "utf8").split("\n")
  .map((line) => line.match(/^\| (\d+) \| (.+?) \| (\d+) \|$/)).filter(Boolean)
  .map(([, number, task, least]) => ({ number: Number(number), task, least: Number(least) }));

/** A person at work on a task: what they click is counted. */
class Walk {
  static async begin(workspace, person = "anna") {
    const walk = new Walk();
    walk.page = await demo.open(person, `/workspace/${workspace}`);
    walk.api = demo.api(walk.page, workspace);
    walk.clicks = 0;
    return walk;
  }

  async click(role, name, { within = this.page, exact = true } = {}) {
    this.clicks++;
    await within.getByRole(role, { name, exact }).click();
  }

  /** Opens a menu by its label. */
  async open(label, within = this.page) {
    this.clicks++;
    await within.getByLabel(label, { exact: true }).click();
  }

  async choose(name, option, within = this.page) {
    this.clicks++;
    await within.getByRole("combobox", { name, exact: true }).selectOption({ label: option });
  }

  async type(role, name, text) {
    await this.page.getByRole(role, { name }).fill(text);
  }

  async settings(...names) {
    await this.click("link", "Settings");
    for (const name of names) await this.click("link", name, { within: this.page.getByRole("navigation", { name: "Menu" }) });
  }

  reads(text) {
    return this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }
}

/** A task of docs/tasks.md by its number. */
function task(number, workspace, work) {
  const { task, least } = TASKS.find((known) => known.number === number);
  test(`task ${number}: ${task}`, async () => {
    const walk = await Walk.begin(workspace);
    await work(walk);
    assert(walk.clicks <= least * 1.5, `${walk.clicks} clicks, where ${least} are the least`);
    assert(walk.clicks >= least, `${walk.clicks} clicks: docs/tasks.md says that ${least} are the least`);
    assert.deepEqual(walk.page.faults, []);
    await walk.page.context().close();
  });
}

const member = async (walk, name) => (await walk.api.get(`/members?q=${name}`)).items[0];

task(1, "team-management", async (walk) => {
  await walk.settings("Team");
  await walk.choose("Role of Cleo Martin", "Admin");
  await walk.reads("Cleo Martin is now Admin.");
  assert.equal((await member(walk, "cleo")).role, "admin");
});

task(2, "standard", async (walk) => {
  await walk.settings("Team");
  await walk.click("link", "Invite member");
  await walk.type("textbox", /^Email addresses/, "cleo.new@example.com");
  await walk.click("button", "Send invitation");
  await walk.reads("cleo.new@example.com");
  const { items } = await walk.api.get("/invitations");
  assert.equal(items.find((one) => one.email === "cleo.new@example.com").role, "member");
});

task(3, "standard", async (walk) => {
  await walk.settings("Explain");
  await walk.choose("Who", "Gustav Lindqvist");
  await walk.choose("Can they", "Opportunities: delete");
  await walk.choose("Whose records", "Hana Sato");
  await walk.click("button", "Check");
  await walk.reads("Not allowed");
  await walk.reads(/Gustav Lindqvist cannot delete opportunities of Hana Sato/);
});

task(4, "team-management", async (walk) => {
  await walk.settings("Team");
  await walk.open("Actions for Gustav Lindqvist");
  await walk.click("link", "Deactivate");
  await walk.click("button", "Deactivate");
  await walk.reads("Inactive");
  assert.equal((await member(walk, "gustav")).status, "inactive");
});

task(5, "team-management", async (walk) => {
  await walk.settings("Team");
  await walk.open("Actions for Kofi Mensah");
  await walk.click("link", "Reassign Records");
  await walk.click("link", /Elif Demir/, { exact: false });
  await walk.click("button", /Reassign/, { exact: false });
  await walk.reads(/Elif Demir/);
  const { assignments } = await member(walk, "kofi");
  assert.equal(Object.values(assignments).reduce((sum, count) => sum + count, 0), 0);
});

task(6, "halo", async (walk) => {
  await walk.settings("Team");
  await walk.open("Actions for Elif Demir");
  await walk.click("link", "Edit access");
  await walk.click("radio", "Support agent");
  await walk.click("button", "Save access");
  await walk.page.waitForURL(/settings\/team$/);
  assert.equal((await member(walk, "elif")).preset, "support_agent");
});

task(7, "standard", async (walk) => {
  await walk.api.patch(`/members/${(await member(walk, "elif")).id}`, { role: "manager" });
  await walk.settings("Audit log");
  await walk.choose("What", "Member changed");
  await walk.page.waitForURL(/action=member\.update/);
  walk.clicks++;
  await walk.page.getByLabel("From", { exact: true }).fill(new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
  await walk.page.waitForURL(/from=20/);
  await walk.page.getByRole("row", { name: /Anna Keller Member changed Elif Demir/ }).first().waitFor();
});

task(8, "hari", async (walk) => {
  await walk.settings("Teams");
  await walk.click("link", "New team");
  await walk.type("textbox", "Name", "Geneva");
  await walk.choose("Profile", "Marketing");
  await walk.click("button", "Create team");
  await walk.reads("Geneva");
  const { items } = await walk.api.get("/teams");
  assert(items.some((one) => one.name === "Geneva"));
});

task(9, "standard", async (walk) => {
  await walk.settings("API keys");
  await walk.click("link", "Revoke Newsletter");
  await walk.click("button", /Revoke/, { exact: false });
  await walk.page.waitForURL(/api-keys$/);
  const { items } = await walk.api.get("/api-keys");
  assert(items.every((one) => one.name !== "Newsletter" || one.revoked_at));
});

task(10, "standard", async (walk) => {
  walk.clicks++;
  await walk.page.getByRole("navigation", { name: "Menu" }).getByText("Everything", { exact: true }).click();
  await walk.click("link", /Levels and presets/, { exact: false });
  await walk.page.waitForURL(/workspace\/halo/);
});
