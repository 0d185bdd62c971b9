// A real server with demo data, and real browsers in front of it.
//
// HALLPASS_BIN names the program, HALLPASS_NODE_MODULES the folder with playwright-core and axe, HALLPASS_DEMO a folder that
// `demo.mjs` has filled, of which each server gets a copy; console/tests/browser.sh sets them.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";
import { after } from "node:test";

const modules = createRequire(join(process.env.HALLPASS_NODE_MODULES, "x.js"));
const { chromium } = modules("playwright-core");
const AXE = readFileSync(modules.resolve("axe-core/axe.min.js"), "utf8");

const PROGRAM = process.env.HALLPASS_BIN ?? "target/debug/hallpass";
const CHROMIUM = process.env.HALLPASS_CHROMIUM ?? "/usr/bin/chromium";
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/** The password of every account of the demo. */
export const PASSWORD = "look around freely";

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** A server with the demo's six workspaces: standard, harmonia, harmony, hari, team-management, halo. */
export class Site {
  static async start(isEmpty, host, settings) {
    const site = await Site.serve(isEmpty, host, settings);
    site.browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    return site;
  }

  /** A server without a browser. */
  static async serve(isEmpty = false, host = "127.0.0.1", settings = []) {
    const site = new Site();
    site.settings = settings;
    site.others = [];
    site.states = new Map();
    site.folder = mkdtempSync(join(tmpdir(), "hallpass-pages-"));
    const port = await freePort();
    site.base = `http://${host}:${port}`;
    site.listen = `127.0.0.1:${port}`;
    site.log = "";
    if (!isEmpty && process.env.HALLPASS_DEMO) cpSync(process.env.HALLPASS_DEMO, site.folder, { recursive: true });
    await site.run(isEmpty ? [] : ["demo"]);
    return site;
  }

  /** Runs the server until it is ready. */
  async run(command) {
    this.process = spawn(PROGRAM, [...command, "--listen", this.listen, "--base-url", this.base, "--data", this.folder, ...this.settings], { stdio: "pipe" });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (part) => { this.log += part; });
    for (let tries = 0; ; tries++) {
      if (await fetch(`${this.base}/readyz`).then((answer) => answer.ok, () => false)) break;
      assert(tries < 600 && this.process.exitCode === null, this.log);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async end() {
    this.process.kill();
    await new Promise((resolve) => this.process.once("exit", resolve));
  }

  /** Ends the server, does something with its folder, and runs it again. */
  async restart(act) {
    await this.end();
    act();
    await this.run([]);
  }

  async stop() {
    await this.browser?.close();
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * A page of a person who has signed in (`anna`), or of nobody. Fails the test on a script error or a foreign request. With
   * `shared`, the pages of a person have one session: for tests that end none.
   */
  async open(person, path = "/", options = {}) {
    const { phone = false, dark = false, shared = false, ...rest } = options;
    if (person && shared) rest.storageState = await this.state(person);
    const context = await this.browser.newContext({
      baseURL: this.base,
      viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 820 },
      isMobile: phone,
      hasTouch: phone,
      colorScheme: dark ? "dark" : "light",
      locale: "en-GB",
      reducedMotion: "reduce",
      ...rest,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.faults = [];
    page.pending = new Set();
    page.on("request", (request) => { if (request.resourceType() !== "eventsource") page.pending.add(request); });
    for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => page.pending.delete(request));
    page.on("pageerror", (error) => page.faults.push(error.message));
    page.on("request", (request) => {
      const url = request.url();
      if (![this.base, ...this.others].some((base) => url.startsWith(base)) && !url.startsWith("data:") && !url.startsWith("blob:")) page.faults.push(`foreign request: ${url}`);
    });
    page.on("console", (message) => {
      if (message.type() === "error" && /Content Security Policy|script/i.test(message.text())) page.faults.push(message.text());
    });
    if (person && !shared) await this.signIn(context, person);
    if (path) await page.goto(path);
    return page;
  }

  /** The cookies of a session of a person, which signs in again after five minutes: some pages ask for a new sign-in. */
  async state(person) {
    const known = this.states.get(person);
    if (known && Date.now() - known.since < 300_000) return known.state;
    const state = (async () => {
      const context = await this.browser.newContext({ baseURL: this.base });
      await this.signIn(context, person);
      const state = await context.storageState();
      await context.close();
      return state;
    })();
    this.states.set(person, { since: Date.now(), state });
    return state;
  }

  /** Starts a session for a context, by the API. */
  async signIn(context, person) {
    const email = person.includes("@") ? person : `${person}@example.com`;
    const answer = await context.request.post("/api/v1/sessions", { data: { email, password: PASSWORD } });
    assert.equal(answer.status(), 201, await answer.text());
  }

  /** The API of a workspace in the name of a page's person. */
  api(page, workspace) {
    const call = (method) => async (path, data) => {
      const answer = await page.context().request.fetch(`/api/v1/workspaces/${workspace}${path}`, { method, ...(data && { data }) });
      const text = await answer.text();
      assert(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`);
      return text && JSON.parse(text);
    };
    const own = async (path) => (await page.context().request.post(`/api/v1/me${path}`)).json();
    const open = async (path) => (await page.context().request.get(path)).text();
    const submit = async (path, form) => {
      const answer = await page.context().request.post(`/workspace/${workspace}${path}`, { form, headers: { origin: this.base }, maxRedirects: 0 });
      assert.equal(answer.status(), 303, await answer.text());
      return answer.headers().location;
    };
    return { page: open, submit, own, get: call("GET"), post: call("POST"), patch: call("PATCH"), put: call("PUT"), delete: call("DELETE") };
  }

  /** The mails to an address that were sent until now, the latest last, as text. */
  sent(address) {
    const folder = join(this.folder, "mail");
    let names = [];
    // One that begins with a dot is being written.
    try { names = readdirSync(folder).filter((name) => !name.startsWith(".")).sort(); } catch { /* no mail yet */ }
    const found = names.map((name) => readFileSync(join(folder, name), "utf8")).filter((mail) => mail.includes(address));
    return found.map((mail) => mail.replace(/=\r?\n/g, "").replace(/=3D/g, "="));
  }

  /** The mails to an address, once there are more than are known. */
  async mails(address, known = 0) {
    let found = this.sent(address);
    for (let tries = 0; tries < 50 && found.length <= known; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      found = this.sent(address);
    }
    return found;
  }
}

/** The server of a file of tests: it runs until the last of them is done. Browsers make passkeys only for a host name. */
export async function start(host, settings) {
  const site = await Site.start(false, host, settings);
  after(() => site.stop());
  return site;
}

/** Waits until a page has loaded, and asks for nothing more. */
export async function settled(page) {
  await page.waitForLoadState("load");
  for (let quiet = 0; quiet < 3; quiet = page.pending.size === 0 ? quiet + 1 : 0) await page.waitForTimeout(40);
}

/** The rules of axe that depend on the theme. */
export const COLOURS = ["color-contrast", "link-in-text-block"];

const GUIDELINES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** The server of a file of tests on an empty folder: its log has the link to set it up. */
export async function startEmpty() {
  const site = await Site.start(true);
  after(() => site.stop());
  return site;
}

/** Asserts that axe finds nothing on a page, and that no script failed on it. With `rules`, only those are asked; with
 * a `part`, only about what is in it, such as an open menu, which covers parts of what is behind it. Returns what axe leaves
 * to decide. */
export async function accessible(page, rules = [], part) {
  if (!await page.evaluate(() => "axe" in window)) await page.evaluate(AXE);
  const runOnly = rules.length > 0 ? { type: "rule", values: rules } : { type: "tag", values: GUIDELINES };
  const found = await page.evaluate(([part, runOnly]) => axe.run(part ?? document, { runOnly, resultTypes: ["violations", "incomplete"] }), [part, runOnly]);
  const told = found.violations.map((one) => `${one.id}: ${one.help}\n${one.nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join("\n")}`);
  assert.deepEqual(told, [], `${page.url()}\n${told.join("\n")}`);
  assert.deepEqual(page.faults, [], page.url());
  return found.incomplete;
}

export { assert };
