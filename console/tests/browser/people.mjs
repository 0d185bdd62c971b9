// The team page as its users see it: rows, menus, messages.
import { assert } from "./harness.mjs";

/** The address of the team page of a workspace. */
export const team = (workspace) => `/workspace/${workspace}/settings/team`;

/** The row of a person. */
export const row = (page, name) => page.locator("tbody tr", { hasText: name });

/** The dialog or drawer over the page. */
export const over = (page) => page.locator("[role=dialog]");

/** Opens the menu of a person's row. */
export async function openMenu(page, name) {
  await row(page, name).locator(".menu summary").click();
  return row(page, name).locator(".menu-panel");
}

/** Opens the menu of a person's row, and clicks an item of it. */
export async function choose(page, name, item) {
  const menu = await openMenu(page, name);
  await menu.getByText(item, { exact: true }).click();
}

/** Waits for the message of a change. */
export const toast = (page, text) => page.locator(".toast", { hasText: text }).waitFor();

/** A member as the API shows them, by a part of their name. */
export async function member(api, name) {
  const { items } = await api.get(`/members?q=${name}&status=active`);
  const found = items[0] ?? (await api.get(`/members?q=${name}`)).items[0];
  assert(found, `no member ${name}`);
  return api.get(`/members/${found.id}`);
}

/** Chooses a value of a segmented control or of chips, by its text. */
export const pick = (group, text) => group.getByText(text, { exact: true }).click();

/** Waits until the drawer shows what the change would do. */
export const previewed = (page) => page.locator("#access-foot :is(.gain, .loss, .banner)").first().waitFor();

/** The path in the latest mail to an address that begins with a prefix. */
export async function link(demo, address, prefix, known = 0) {
  const mail = (await demo.mails(address, known)).at(-1);
  const found = mail.match(new RegExp(`${prefix}/[\\w-]+`));
  assert(found, mail);
  return found[0];
}

/** Asserts that a page is not wider than the screen. */
export async function fits(page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert(overflow <= 0, `${page.url()}: ${overflow} px wider than the screen`);
}
