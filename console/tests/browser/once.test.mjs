// A form does nothing twice: by a reload, a second click, or the way back. And nothing that was typed goes without a question.
import { test } from "node:test";
import { PAGES, visitor } from "./pages.mjs";
import { assert, start } from "./harness.mjs";

const demo = await start();
const KEYS = "/workspace/standard/settings/api-keys";
const keys = async (page) => (await demo.api(page, "standard").get("/api-keys")).items.length;

test("a reload after an API key was made makes no second one, and says so", async () => {
  const page = await demo.open("anna", KEYS);
  const before = await keys(page);
  await page.getByLabel("Name", { exact: true }).fill("Made once");
  await page.locator("form[action$='/settings/api-keys'] button.primary").click();
  await page.waitForSelector("[data-select]");
  assert.equal(await keys(page), before + 1);
  await page.reload();
  assert.match(await page.innerText("#toasts"), /done before/);
  assert.equal(await page.locator("[data-select]").count(), 0);
  assert.equal(await keys(page), before + 1);
});

test("the way back from what was done to a selection leads to its question, not to an error of the browser", async () => {
  const list = "/workspace/team-management/records/deals";
  const page = await demo.open("anna", list);
  await page.locator("[name=record]").first().check();
  await page.locator(".selection [data-needs]:visible").first().click();
  await page.waitForSelector(".dialog, .drawer");
  assert.match(page.url(), /selection\?/);
  await page.locator(".over form button").last().click();
  await page.waitForURL((url) => url.pathname === list);
  await page.goBack();
  await page.waitForSelector(".dialog, .drawer");
});

test("a link by mail is not sent again by a reload", async () => {
  const page = await demo.open(null, "/forgot");
  await page.getByLabel("Email").fill("anna@example.com");
  await page.getByRole("button", { name: "Send" }).click();
  await page.waitForSelector("[role=status].banner");
  assert.match(page.url(), /\/forgot/);
});

for (const way of ["Escape", "beside"]) {
  test(`a drawer in which something was typed asks before it closes (${way})`, async () => {
    const page = await demo.open("anna", "/workspace/halo/settings/team/invite");
    const asked = [];
    let answer = false;
    page.on("dialog", (dialog) => { asked.push(dialog.message()); return answer ? dialog.accept() : dialog.dismiss(); });
    const close = () => (way === "Escape" ? page.keyboard.press("Escape") : page.mouse.click(20, 400));
    await page.locator("#emails").fill("ana@example.com");
    await close();
    assert.equal(await page.locator("#emails").inputValue(), "ana@example.com");
    assert.match(asked.join(), /not saved/);
    answer = true;
    await close();
    await page.waitForURL(/settings\/team$/);
    answer = false;
    await page.goto("/workspace/halo/settings/team/invite");
    await page.waitForLoadState("networkidle");
    await close();
    await page.waitForURL(/settings\/team$/);
    assert.equal(asked.length, 2);
  });
}

test("the button to invite counts the addresses as they are typed", async () => {
  const page = await demo.open("anna", "/workspace/halo/settings/team/invite");
  const send = page.locator("#access-send");
  for (const [text, label] of [["ana@example.com", /^[^0-9]*$/], ["ana@example.com, bo@example.com, cy@example.com", /3/], ["ana@example.com, bo@example.com", /2/]]) {
    await page.locator("#emails").fill(text);
    await send.filter({ hasText: label }).waitFor();
  }
});

test("in a small window, the buttons of the drawer to invite are in sight", async () => {
  for (const workspace of ["halo", "standard", "harmonia"]) {
    const page = await demo.open("anna", `/workspace/${workspace}/settings/team/invite`, { viewport: { width: 1280, height: 820 } });
    await page.waitForLoadState("networkidle");
    await page.locator("#emails").fill("ana@example.com, bo@example.com, cy@example.com");
    await page.waitForTimeout(900);
    for (const id of ["#access-send", "#access-cancel"]) {
      const box = await page.locator(id).boundingBox();
      assert(box && box.y >= 0 && box.y + box.height <= 820 && box.x + box.width <= 1280, `${workspace} ${id} ${JSON.stringify(box)}`);
    }
  }
});

/** Fills in what a form requires. */
const fill = ([place]) => {
  const form = document.forms[place];
  let number = 0;
  for (const control of form.elements) {
    if (control.matches(":disabled, [type=hidden], [type=checkbox], [type=radio], [type=file], button")) continue;
    const isEmpty = control.value === "";
    if (control.tagName === "SELECT") { if (isEmpty) control.selectedIndex = control.options.length - 1; }
    else if (control.dataset.word) control.value = control.dataset.word;
    else if (isEmpty && control.type === "email") control.value = "sent-twice@example.com";
    else if (isEmpty && control.name === "emails") control.value = "invited-twice@example.com";
    else if (isEmpty && ["text", "textarea"].includes(control.type)) control.value = control.name === "key" ? "sent_twice" : `Sent twice ${number++}`;
  }
};
const send = async ([place]) => {
  const form = document.forms[place];
  const body = form.enctype.startsWith("multipart") ? new FormData(form) : new URLSearchParams([...new FormData(form)]);
  const answer = await fetch(form.getAttribute("action") ?? location.pathname, { method: "POST", body, redirect: "manual" });
  return [answer.type === "opaqueredirect" ? 303 : answer.status, JSON.stringify([...body].map(([name, value]) => [name, value.name ?? value]))];
};

/** Forms that end what the walk stands on, or that a password guards. */
const ENDS = /sign-out|step-up|sign-in|settings\/delete|view|profile\/(password|sessions|totp|passkeys)|workspaces\/(restore|new)|operator\/workspaces|factors|disable|billing\/(contact|cancel)|access-model|confirmations|password-resets|sso\/|setup|sign-up/;

/** The pages of the operator, whose forms have no version. */
const operated = PAGES.filter(([route, , , , { status = 200 } = {}]) => status === 200 && route.startsWith("/operator"));

/** The forms of a page: method, action, whether it has a key, and whether a version or its own saving keeps it from doing something twice. */
const formsOf = (page) => page.evaluate(() => [...document.forms].map((form) => [form.method, form.getAttribute("action") ?? location.pathname,
  Boolean(form.elements.once), Boolean(form.elements.version) || form.querySelector("[data-autosave]") !== null]));
const entries = PAGES.filter(([, , workspace, , { status = 200, person = "anna" } = {}]) => status === 200 && workspace && person === "anna");
const isLeftOut = (method, action) => method !== "post" || /view\/end|\/selection(\?|$)/.test(action);

test("every form of a workspace has a key, or a version", async () => {
  const visit = visitor(demo);
  const keyless = [];
  for (const entry of entries) {
    for (const [method, action, hasKey, hasOther] of await formsOf(await visit(entry))) {
      if (!isLeftOut(method, action) && !hasKey && !hasOther) keyless.push(`${entry[1]}: ${action}`);
    }
  }
  assert.deepEqual(keyless, [], keyless.join("\n"));
});

test("every form of the operator has a key, and those of notifications and switches do", async () => {
  const visit = visitor(demo);
  const keyless = [];
  let asked = 0;
  for (const entry of operated) {
    for (const [method, action, hasKey] of await formsOf(await visit(entry))) {
      if (method !== "post") continue;
      asked += 1;
      if (!hasKey && !/view\/end/.test(action)) keyless.push(`${entry[1]}: ${action}`);
    }
  }
  assert(asked > 10, `${asked}`);
  for (const entry of PAGES.filter(([, name]) => ["profile", "security"].includes(name))) {
    for (const [method, action, hasKey] of await formsOf(await visit(entry))) {
      if (method === "post" && !hasKey && /profile$|switches$/.test(action)) keyless.push(`${entry[1]}: ${action}`);
    }
  }
  assert.deepEqual(keyless, [], keyless.join("\n"));
});

test("a form that is sent twice with its key does nothing twice", async () => {
  const visit = visitor(demo);
  const [twice, done] = [[], new Set()];
  for (const entry of entries) {
    // What was done before may have taken what a page is about.
    const page = await visit(entry).catch(() => null);
    if (!page) continue;
    for (const [place, [method, action, hasKey]] of (await formsOf(page)).entries()) {
      if (isLeftOut(method, action) || !hasKey || ENDS.test(action) || done.has(action)) continue;
      const isThere = ([at, known]) => at < document.forms.length && (document.forms[at]?.getAttribute("action") ?? location.pathname) === known;
      if (!await page.evaluate(isThere, [place, action])) continue;
      const api = demo.api(page, entry[2]);
      const last = async () => JSON.stringify((await api.get("/audit?limit=1")).items[0]?.id);
      await page.evaluate(fill, [place]);
      const [first, content] = await page.evaluate(send, [place]);
      if (first >= 400) continue;
      done.add(action);
      const before = await last();
      const [second, again] = await page.evaluate(send, [place]);
      // A preview that has come between made another form of it, which a rule may refuse.
      const isSame = content === again;
      const changed = (await last()) !== before;
      if (changed || (isSame && first === 303 && second !== 303) || second >= 500) twice.push(`${entry[1]}: ${action} ${first} ${second}${changed ? " did it twice" : ""}`);
      const still = await page.goto(page.url());
      if (still.status() !== 200) break;
    }
  }
  assert.deepEqual(twice, [], twice.join("\n"));
  assert(done.size > 25, [...done].join("\n"));
});
