// Measures the pages: the time and the size of each in a workspace of 10,000 members and 1,000,000 records, and how soon the
// main ones are there and react on a slow line.
//
//   console/tests/figures.sh
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import http from "node:http";
import { cpus } from "node:os";
import { join } from "node:path";
import { Site } from "./browser/harness.mjs";
import { PAGES, pathOf } from "./browser/pages.mjs";

const RUNS = 15;
const MOST = { time: 30, size: 60_000, script: 20_000, paint: 1_500, interaction: 100 };

const site = await Site.start();
await site.restart(() => execFileSync(process.env.HALLPASS_BENCH, ["fill", join(site.folder, "hallpass.db"), "standard"], { stdio: "inherit" }));
const readers = new Map();
/** The page of a person, and the cookie of their session. */
async function reader(person) {
  if (!readers.has(person)) {
    const page = await site.open(person, "/workspaces");
    const cookies = await page.context().cookies();
    readers.set(person, { page, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") });
  }
  return readers.get(person);
}
const { page, cookie } = await reader("anna");
await page.goto("/workspace/standard/settings/general");

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
/** One request on a connection that is kept: its status, bytes as sent, and milliseconds. */
const get = (path, as = cookie) => new Promise((resolve, reject) => {
  const began = performance.now();
  http.get(`${site.base}${path}`, { agent, headers: { cookie: as, "accept-encoding": "br, gzip" } }, (answer) => {
    let size = 0;
    answer.on("data", (part) => { size += part.length; });
    answer.on("end", () => resolve({ status: answer.statusCode, size, time: performance.now() - began }));
  }).on("error", reject);
});
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The path of a page, in the large workspace where it has the page. */
async function large(entry, { page, cookie }) {
  const [route, name, workspace, parameters, options] = entry;
  try {
    const path = await pathOf([route, name, workspace && "standard", parameters, options], site.api(page, "standard"));
    if ((await get(path, cookie)).status === 200) return path;
  } catch { /* its access model has no such thing */ }
  return pathOf(entry, site.api(page, workspace));
}

const over = [];
const say = (what, value, most, unit) => {
  const isOver = value > most;
  if (isOver) over.push(what);
  return `${value.toFixed(unit === "kB" || unit === "" ? 1 : 0).padStart(7)} ${unit}${isOver ? " OVER" : ""}`;
};
console.log(`${cpus()[0].model}, ${cpus().length} cores; 10,000 members and 1,000,000 records in "standard"\n`);
console.log("page                           time (at most 30 ms)   transferred (at most 60 kB)");
for (const entry of PAGES) {
  const [, name, , , { person = "anna", status = 200 } = {}] = entry;
  if (person === null || status !== 200) continue;
  const by = await reader(person);
  const path = await large(entry, by);
  const runs = [];
  for (let run = 0; run < RUNS + 2; run++) runs.push(await get(path, by.cookie));
  if (runs[0].status !== 200) throw new Error(`${path}: ${runs[0].status}`);
  const time = median(runs.slice(2).map((run) => run.time));
  const note = path.includes("/standard/") || !path.startsWith("/workspace/") ? "" : "  (small workspace)";
  const times = `${time.toFixed(1).padStart(8)} ms${time > MOST.time ? " OVER" : ""}`;
  if (time > MOST.time) over.push(name);
  console.log(`${name.padEnd(30)} ${times.padEnd(20)} ${say(name, runs[0].size / 1000, MOST.size / 1000, "kB")}${note}`);
}

console.log("\nstyle sheets and scripts, compressed");
const html = await page.content();
const assets = [...html.matchAll(/(?:src|href)="(\/[^"]*\.(?:js|css|svg|woff2))[#"]/g)].map(([, path]) => path);
let scripts = 0;
for (const path of new Set(assets)) {
  const { size } = await get(path);
  if (path.endsWith(".js")) scripts += size;
  console.log(`${path.split("/").slice(3).join("/").padEnd(30)} ${(size / 1000).toFixed(1).padStart(7)} kB`);
}
console.log(`${"all scripts (at most 20 kB)".padEnd(30)} ${say("scripts", scripts / 1000, MOST.script / 1000, "kB")}`);

const modules = createRequire(join(process.env.HALLPASS_NODE_MODULES, "x.js"));
const { default: lighthouse } = await import(modules.resolve("lighthouse"));
const { launch } = await import(modules.resolve("chrome-launcher"));
const chrome = await launch({
  chromePath: process.env.HALLPASS_CHROMIUM,
  chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const MAIN = ["/sign-in", "/workspace/standard/settings/team", "/workspace/standard/settings/roles/manager",
  "/workspace/standard/records/opportunities", "/workspace/standard/settings/explain", "/workspace/standard/settings/general",
  "/workspace/standard/settings/audit", "/workspace/hari/settings/teams"];
console.log("\nLighthouse, slow 4G and a processor four times slower");
console.log("page                                        largest paint (at most 1.5 s)   layout shift (0)   blocking");
for (const path of MAIN) {
  const result = await lighthouse(`${site.base}${path}`, {
    port: chrome.port, onlyCategories: ["performance"], logLevel: "error", extraHeaders: path === "/sign-in" ? {} : { Cookie: cookie },
  });
  const { audits } = result.lhr;
  const paint = audits["largest-contentful-paint"].numericValue;
  const shift = audits["cumulative-layout-shift"].numericValue;
  if (shift > 0) over.push(`${path}: layout shift`);
  console.log(`${path.padEnd(42)} ${say(`${path}: paint`, paint, MOST.paint, "ms")}    ${shift.toFixed(4)}    ${audits["total-blocking-time"].numericValue.toFixed(0)} ms`);
}
await chrome.kill();

/** The longest interaction of some clicks, with a processor four times slower. */
async function interaction(path, act) {
  const slow = await site.open("anna", path);
  const devtools = await slow.context().newCDPSession(slow);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  // On each page that the clicks lead to.
  await slow.addInitScript(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.interactionId) window.longest = Math.max(window.longest, entry.duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
  });
  await slow.reload();
  await act(slow);
  await slow.waitForTimeout(500);
  const longest = await slow.evaluate(() => window.longest);
  await slow.context().close();
  return longest;
}
console.log("\nlongest interaction, a processor four times slower (at most 100 ms)");
for (const [name, path, act] of [
  ["search of members", "/workspace/standard/settings/team", (slow) => slow.getByRole("searchbox").first().pressSequentially("member12")],
  ["menu of a row", "/workspace/standard/settings/team", (slow) => slow.locator("tbody .menu summary").first().click()],
  ["a cell of the matrix", "/workspace/standard/settings/roles/manager", (slow) => slow.keyboard.press("Tab")],
  ["palette", "/workspace/standard/settings/general", async (slow) => { await slow.keyboard.press("Control+k"); await slow.keyboard.type("team"); }],
  ["levels of a member", "/workspace/halo/settings/team", async (slow) => {
    await slow.locator("tbody .menu summary").nth(1).click();
    await slow.locator("tbody .menu-panel").nth(1).getByText("Edit access").click();
    await slow.locator("[role=dialog] label").nth(2).click();
  }],
]) {
  console.log(`${name.padEnd(30)} ${say(name, await interaction(path, act), MOST.interaction, "ms")}`);
}
await site.stop();
console.log(over.length > 0 ? `\nover their bound: ${over.join(", ")}` : "\nall within their bounds");
process.exitCode = over.length > 0 ? 1 : 0;
