// Takes the pictures of docs/screens: the main pages, in both themes, on a desktop and on a phone.
//
//   console/tests/browser.sh pictures [NAME…]
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Site } from "./browser/harness.mjs";
import { PAGES, pathOf } from "./browser/pages.mjs";

const folder = process.env.HALLPASS_SCREENS ?? join(import.meta.dirname, "../../docs/screens");
const wanted = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const site = await Site.start();
try {
  for (const entry of PAGES) {
    const [, name, workspace, , { person = "anna", picture = false } = {}] = entry;
    if (!(wanted.length > 0 ? wanted.includes(name) : picture)) continue;
    for (const dark of [false, true]) {
      for (const phone of [false, true]) {
        const page = await site.open(person, "/sign-up", { dark, phone, deviceScaleFactor: 1 });
        await page.goto(await pathOf(entry, site.api(page, workspace)));
        await page.waitForLoadState("networkidle");
        const path = join(folder, `${name}-${dark ? "dark" : "light"}${phone ? "-phone" : ""}.png`);
        await page.screenshot({ path });
        // A palette of 256 colours: a third of the size.
        execFileSync("pngquant", ["--force", "--ext", ".png", path]);
        await page.context().close();
      }
    }
  }
} finally {
  await site.stop();
}
