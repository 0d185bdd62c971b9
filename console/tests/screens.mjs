// Takes the pictures of docs/screens anew: every page, in both themes, on a desktop and on a phone.
//
//   HALLPASS_BIN=… HALLPASS_NODE_MODULES=… node console/tests/screens.mjs [NAME…]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Site } from "./browser/harness.mjs";

const FOLDER = join(import.meta.dirname, "../../docs/screens");

const settings = (workspace, page) => `/workspace/${workspace}/settings/${page}`;

/** Name, person, and path of each page. A function gets the API of the workspace and returns the path. */
const PAGES = [
  ["sign-in", null, "/sign-in"],
  ["sign-up", null, "/sign-up"],
  ["forgot", null, "/forgot"],
  ["workspaces", "anna", "/workspaces"],
  ["new-workspace", "anna", "/workspaces/new"],
  ["dashboard", "anna", "/workspace/standard/dashboard"],
  ["records", "david", "/workspace/standard/records/deals"],
  ["board", "anna", "/workspace/standard/records/deals?view=board"],
  ["record", "anna", async (api) => `/workspace/standard/records/deals/${(await api.get("/records/deals?limit=1")).items[0].id}`],
  ["search", "anna", "/workspace/standard/search?q=a"],
  ["reports", "anna", "/workspace/standard/reports"],
  ["module", "anna", "/workspace/halo/modules/ask_ai"],
  ["team", "anna", settings("standard", "team")],
  ["invite", "anna", `${settings("halo", "team")}/invite`],
  ["edit-access", "anna", async (api) => `${settings("halo", "team")}/${(await api.get("/members?q=elif")).items[0].id}/access`, "halo"],
  ["roles", "anna", settings("harmony", "roles")],
  ["schema", "anna", settings("hari", "schema/contacts/permissions")],
  ["teams", "anna", settings("hari", "teams")],
  ["departments", "anna", settings("team-management", "departments")],
  ["explain", "anna", settings("standard", "explain")],
  ["compare", "anna", settings("standard", "compare")],
  ["review", "anna", settings("standard", "review")],
  ["audit", "anna", settings("standard", "audit")],
  ["general", "anna", settings("standard", "general")],
  ["branding", "anna", settings("standard", "branding")],
  ["modules", "anna", settings("standard", "modules")],
  ["security", "anna", settings("standard", "security")],
  ["authentication", "anna", settings("harmonia", "authentication")],
  ["api-keys", "anna", settings("standard", "api-keys")],
  ["billing", "anna", settings("standard", "billing")],
  ["danger", "anna", settings("standard", "delete")],
  ["profile", "anna", "/workspace/standard/profile"],
];

const wanted = process.argv.slice(2);
mkdirSync(FOLDER, { recursive: true });
const site = await Site.start();
try {
  for (const [name, person, path, workspace = "standard"] of PAGES) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const dark of [false, true]) {
      for (const phone of [false, true]) {
        const page = await site.open(person, "/sign-in", { dark, phone });
        const answer = await page.goto(typeof path === "string" ? path : await path(site.api(page, workspace)));
        if (answer.status() !== 200) console.error(`${name}: ${answer.status()} ${page.url()}`);
        await page.waitForLoadState("networkidle");
        await page.screenshot({ path: join(FOLDER, `${name}-${dark ? "dark" : "light"}${phone ? "-phone" : ""}.png`) });
        await page.context().close();
      }
    }
  }
} finally {
  await site.stop();
}
