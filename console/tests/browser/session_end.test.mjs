// An open page is cleared once its session has ended: in this tab, in another one, elsewhere, or by itself, whether or not the
// server answers.
import { test } from "node:test";
import { accessible, assert, start } from "./harness.mjs";

// Browsers say for a host name alone that a page is of a trustworthy origin.
const demo = await start("localhost");
const PATH = "/workspace/standard/records/contacts";

/** A page of contacts, with one of them by name, and a clock that the test moves. */
const open = async (person = "anna") => {
  const page = await demo.open(person, null);
  await page.clock.install();
  await page.goto(PATH);
  const name = await page.locator("main tbody a.open").first().innerText();
  assert(name.length > 2);
  return { page, name };
};

const isCleared = async (page, name) => {
  const { text, title, kept } = await page.evaluate(() => ({
    text: document.documentElement.outerHTML, title: document.title, kept: Object.keys(sessionStorage).filter((key) => key !== "hallpass-ended"),
  }));
  assert(!text.includes(name), "what was shown is gone");
  assert(!text.includes("@example.com") && !text.includes("data-me"));
  assert.equal(title, "Hallpass");
  assert.deepEqual(kept, []);
};

const menu = async (page) => page.locator(".rail > nav .rail-foot summary").click();
const signOut = (page) => page.getByRole("button", { name: "Sign out", exact: true });

test("signing out clears the pages in other tabs too", async () => {
  const { page } = await open();
  const other = await page.context().newPage();
  await other.goto("/workspaces");
  const third = await page.context().newPage();
  await third.goto("/workspace/standard/settings/team");
  await menu(page);
  await signOut(page).click();
  for (const tab of [page, other, third]) await tab.waitForURL(`${demo.base}/sign-in`);
  assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key !== "hallpass-ended")), []);
});

test("a session that ends elsewhere clears its pages within a minute, and leads back after signing in", async () => {
  const { page, name } = await open();
  const { items } = await (await page.context().request.get("/api/v1/me/sessions")).json();
  const { id } = items.find((one) => one.current);
  await page.context().request.delete(`/api/v1/me/sessions/${id}`);
  assert((await page.content()).includes(name));
  await page.clock.fastForward(61_000);
  await page.waitForURL(`${demo.base}/sign-in?next=${encodeURIComponent(PATH)}`);
});

test("a page whose session ends by itself is cleared although the server does not answer", async () => {
  const { page, name } = await open();
  const api = demo.api(page, "standard");
  await api.patch("/settings/security", { idle_minutes: 30 });
  try {
    await page.goto(PATH);
    await page.route("**/*", (route) => route.abort());
    await page.clock.fastForward(29 * 60_000);
    assert((await page.content()).includes(name), "it has not ended yet");
    await page.clock.fastForward(61_000);
    await page.getByText("the server does not answer").waitFor();
    await isCleared(page, name);
    await accessible(page);
    await page.unroute("**/*");
    // Here the server's clock has not moved: the session is good.
    await page.getByRole("link", { name: "Sign in", exact: true }).click();
    await page.waitForURL(`${demo.base}${PATH}`);
  } finally {
    await api.patch("/settings/security", { idle_minutes: null });
  }
});

test("an open page is not used by asking, and stays while its session is good", async () => {
  const { page, name } = await open("ben");
  const asked = [];
  page.on("request", (request) => { if (request.url().includes("/session")) asked.push(request.url()); });
  for (let minute = 0; minute < 3; minute++) {
    const answer = page.waitForResponse((response) => response.url().includes("/session?workspace=standard"));
    await page.clock.fastForward(61_000);
    assert((await (await answer).json()).seconds > 60);
  }
  assert.equal(asked.length, 3);
  assert((await page.content()).includes(name));
  assert.deepEqual(page.faults, []);
});

test("signing out without a server clears the page, says that the session goes on, and is tried again", async () => {
  const { page, name } = await open("ben");
  await page.route("**/sign-out", (route) => route.abort());
  await menu(page);
  await signOut(page).click();
  await page.getByText("you are still signed in in this browser").waitFor();
  await isCleared(page, name);
  await accessible(page);
  await page.unroute("**/sign-out");
  await signOut(page).click();
  await page.waitForURL(`${demo.base}/sign-in`);
  assert.equal((await page.context().request.get("/api/v1/me")).status(), 401);
});

test("without scripts, signing out leads to the sign-in page", async () => {
  const page = await demo.open("anna", PATH, { javaScriptEnabled: false });
  await menu(page);
  await signOut(page).click();
  await page.waitForURL(`${demo.base}/sign-in`);
  assert.equal((await page.context().request.get("/api/v1/me")).status(), 401);
});
