// View as: a read-only look through the eyes of another member.
import { test } from "node:test";
import { PASSWORD, accessible, assert, settled, start } from "./harness.mjs";
import { PAGES, pathOf } from "./pages.mjs";
import { choose, member, openMenu, row, team } from "./people.mjs";

const demo = await start();

test("a view asks for the password, shows what the member sees, writes nothing, and ends", async () => {
  const page = await demo.open("anna", team("standard"));
  const api = demo.api(page, "standard");
  const hana = await member(api, "hana");
  await choose(page, "Hana Sato", "View as");
  await page.getByRole("heading", { name: "View as Hana Sato" }).waitFor();
  await accessible(page);
  await page.getByLabel("Your password").fill("not the password");
  await page.getByRole("button", { name: "View as Hana Sato" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal((await api.get("/me")).name, "Anna Keller", "a wrong password begins nothing");
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "View as Hana Sato" }).click();
  const bar = page.locator(".view-bar");
  await bar.getByText("You see what Hana Sato sees.").waitFor();
  await accessible(page);
  assert.match(await page.locator(".rail-foot .name").first().innerText(), /Hana Sato/);
  const inside = (await page.locator(".rail ul a").allInnerTexts()).join();
  const own = await demo.open("hana", "/workspace/standard");
  await own.waitForLoadState();
  assert.equal(inside, (await own.locator(".rail ul a").allInnerTexts()).join(), "the navigation is Hana's");
  const change = await page.context().request.patch(`/api/v1/workspaces/standard/members/${hana.id}`, { data: { role: "admin" } });
  assert.equal(change.status(), 403);
  const form = await page.context().request.post("/workspace/standard/records/contacts/new", { form: { "field.name": "Initech" } });
  assert.equal(form.status(), 409, "a form is refused");
  assert.match(await form.text(), /nothing can be changed|read-only|view/i);
  await bar.getByRole("button", { name: "Back to Anna Keller" }).click();
  await row(page, "Hana Sato").waitFor();
  assert.equal(await bar.count(), 0);
  assert.equal((await api.get("/me")).name, "Anna Keller");
  assert.equal((await member(api, "hana")).role, hana.role);
  const mails = await demo.mails("hana@example.com");
  assert(mails.some((mail) => mail.includes("Anna Keller")), "Hana is told");
});

test("the page of a member and the drawer of their access have the view, too", async () => {
  const page = await demo.open("anna", team("standard"));
  const { id } = await member(demo.api(page, "standard"), "elif");
  await page.goto(`${team("standard")}/${id}`);
  await page.getByRole("link", { name: "View as", exact: true }).click();
  await page.waitForURL(`**${team("standard")}/${id}/view`);
  await page.goto(`${team("standard")}/${id}/access`);
  await page.getByRole("link", { name: "View as Elif Demir" }).click();
  await page.waitForURL(`**${team("standard")}/${id}/view`);
});

test("where the server would refuse the view it is blocked, with the reason; of oneself there is none", async () => {
  const page = await demo.open("cleo", team("standard"));
  const anna = await demo.open("anna", "/workspaces");
  const holder = await member(demo.api(anna, "standard"), "anna");
  const menu = await openMenu(page, "Anna Keller");
  const blocked = menu.getByRole("link", { name: /View as/ });
  assert.equal(await blocked.getAttribute("aria-disabled"), "true");
  assert.equal(await blocked.getAttribute("href"), null);
  assert.match(await blocked.innerText(), /You cannot change members with their role|They can do something that you cannot/);
  await accessible(page, [], "td details[open] .menu-panel");
  const sent = await page.context().request.post(`${team("standard")}/${holder.id}/view`, { form: { password: PASSWORD } });
  assert.equal(sent.status(), 403, "the server refuses it all the same");
  await page.keyboard.press("Escape");
  const own = await openMenu(page, "Cleo Martin");
  assert.equal(await own.getByText("View as").count(), 0);
});

/** The forms of the page that send anything but a query, each with what of it can be used. */
function enabled() {
  const path = (address) => new URL(address, location.href).pathname;
  const isOwn = (address) => /^\/workspace\/[^/]+\/(view\/end$|profile(\/|$))/.test(path(address)) || !path(address).startsWith("/workspace/");
  const found = [];
  const silent = [];
  for (const control of document.querySelectorAll("button, input, select, textarea")) {
    const address = control.getAttribute("formaction") ?? control.form?.getAttribute("action") ?? location.href;
    const isSent = (control.getAttribute("formmethod") ?? control.form?.method) === "post" || control.hasAttribute("formaction");
    if (!isSent || isOwn(address)) continue;
    if (!control.disabled) found.push(`${control.outerHTML.slice(0, 120)} → ${address}`);
    else if (control.type !== "hidden" && control.title === "" && !control.hasAttribute("aria-describedby")) silent.push(control.outerHTML.slice(0, 120));
  }
  for (const one of document.querySelectorAll("[hx-post], [hx-put], [hx-patch], [hx-delete]")) found.push(one.outerHTML.slice(0, 120));
  const queries = [...document.querySelectorAll("main form")].filter((form) => form.method === "get");
  return {
    found,
    silent,
    sent: [...document.forms].filter((form) => form.method === "post" && !isOwn(form.getAttribute("action") ?? location.href)).length,
    stopped: queries.flatMap((form) => [...form.elements]).filter((control) => control.disabled && !control.hasAttribute("formaction")).map((control) => control.outerHTML.slice(0, 120)),
    queries: queries.length,
  };
}

test("in a view no control changes anything on any page, with the reason, and searches stay", async (t) => {
  const workspaces = [...new Set(PAGES.map(([route, , workspace]) => route.startsWith("/workspace/{ws}") && workspace).filter(Boolean))];
  let [sent, queries, opened] = [0, 0, 0];
  for (const workspace of workspaces) {
    await t.test(workspace, async () => {
      const page = await demo.open("anna", "/workspaces");
      const api = demo.api(page, workspace);
      const { items } = await api.get("/members?status=active&limit=200");
      const own = (await api.get("/me")).id;
      // The first of the highest role that Anna may look through: their pages have the most forms.
      const roles = (await api.get("/roles")).items.map((role) => role.key ?? role.id);
      const others = items.filter((one) => one.id !== own).toSorted((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role));
      const entries = [];
      for (const entry of PAGES) if (entry[2] === workspace && entry[0].startsWith("/workspace/{ws}")) entries.push([entry[1], await pathOf(entry, api)]);
      let hasBegun = false;
      for (const one of others) {
        const answer = await page.context().request.post(`/workspace/${workspace}/settings/team/${one.id}/view`, { form: { password: PASSWORD }, headers: { origin: demo.base }, maxRedirects: 0 });
        hasBegun = answer.status() === 303;
        if (hasBegun) break;
      }
      assert(hasBegun, "a view");
      for (const [name, path] of entries) {
        const answer = await page.goto(path);
        if (answer.status() !== 200) continue;
        await settled(page);
        assert(await page.locator(".view-bar button").isEnabled(), `${name}: the view can be left`);
        const { found, silent, stopped, ...count } = await page.evaluate(enabled);
        assert.deepEqual(found, [], `${name}: ${found.join("\n")}`);
        assert.deepEqual(silent, [], `${name} gives no reason: ${silent.join("\n")}`);
        assert.deepEqual(stopped, [], `${name}: ${stopped.join("\n")}`);
        sent += count.sent;
        queries += count.queries;
        opened += 1;
      }
      await page.context().close();
    });
  }
  assert(opened > 60 && sent > 60 && queries > 10, `${opened} pages, ${sent} forms, ${queries} searches`);
});

test("in a view the language of the viewer can be changed, and the view ended", async () => {
  const page = await demo.open("anna", team("standard"));
  const hana = await member(demo.api(page, "standard"), "hana");
  await page.goto(`${team("standard")}/${hana.id}/view`);
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "View as Hana Sato" }).click();
  await page.locator(".view-bar").waitFor();
  await page.goto("/workspace/standard/profile");
  await settled(page);
  await page.locator("select[name=locale]").selectOption("de");
  await page.locator("form:has(select[name=locale]) button.primary").click();
  await page.getByText("Zurück zu Anna Keller").waitFor();
  await page.goto("/workspace/standard/records/contacts");
  await settled(page);
  await accessible(page);
  await page.getByText("Zurück zu Anna Keller").click();
  await page.waitForURL("**/settings/team");
  await page.context().request.patch("/api/v1/me", { data: { locale: "en" } });
});
