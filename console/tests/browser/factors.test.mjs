// Second factors and passkeys in a browser: added in the profile, used at the sign-in, with and without scripts.
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { accessible, assert, PASSWORD, start } from "./harness.mjs";

const demo = await start("localhost");
const PROFILE = "/workspace/standard/profile";
const me = async (page) => (await page.context().request.get("/api/v1/me")).json();

const decode = (text) => {
  const bits = [...text.replaceAll(" ", "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
};

/** The code that an app shows so many steps from now; each counts once. */
const codeOf = (secret, later = 0) => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const digest = createHmac("sha1", decode(secret)).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
};

const signIn = async (page, person) => {
  await page.goto(`/sign-in?next=${encodeURIComponent(PROFILE)}`);
  await page.getByLabel("Email").fill(`${person}@example.com`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
};

const signOut = async (page) => {
  await page.goto(PROFILE);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/sign-in/);
};

/** A device in software that verifies its person by itself. */
const device = async (page) => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
    isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  return { cdp, authenticatorId };
};

const addApp = async (page) => {
  await page.getByRole("button", { name: "Authenticator app", exact: true }).click();
  const secret = await page.locator("code.secret").innerText();
  await page.getByLabel("Code", { exact: true }).fill("000000");
  await page.getByRole("button", { name: "Add authenticator app" }).click();
  await page.getByText(/code is wrong/).waitFor();
  assert.equal(await page.locator("code.secret").innerText(), secret, "the secret stays");
  await page.getByLabel("Code", { exact: true }).fill(codeOf(secret));
  await page.getByRole("button", { name: "Add authenticator app" }).click();
  const codes = await page.locator(".recovery-codes code").allInnerTexts();
  assert.equal(codes.length, 10);
  return { secret, codes };
};

for (const javaScriptEnabled of [true, false]) {
  const person = javaScriptEnabled ? "ben" : "cleo";
  test(`CRM-202, CRM-206: an authenticator app and recovery codes work ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
    const page = await demo.open(person, PROFILE, { javaScriptEnabled });
    const { secret, codes } = await addApp(page);
    if (javaScriptEnabled) await accessible(page);
    await page.getByRole("link", { name: "I have kept them" }).click();
    await page.getByText("10 of 10 left").waitFor();
    if (javaScriptEnabled) await accessible(page);

    await signOut(page);
    await signIn(page, person);
    await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
    assert.equal((await page.context().request.get("/api/v1/me")).status(), 401, "no session yet");
    if (javaScriptEnabled) await accessible(page);
    await page.getByLabel("Code", { exact: true }).fill("000000");
    await page.getByLabel(/Remember this device/).check();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText(/The code is wrong/).waitFor();
    assert.equal(await page.getByLabel(/Remember this device/).isChecked(), true, "the choice stays");
    await page.getByLabel("Code", { exact: true }).fill(codeOf(secret, 1));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(new RegExp(PROFILE));

    // The device is remembered, until it is forgotten.
    await signOut(page);
    await signIn(page, person);
    await page.waitForURL(new RegExp(PROFILE));
    await page.getByRole("button", { name: /^Forget the device/ }).click();
    await page.getByText("The device is forgotten.").waitFor();
    await signOut(page);
    await signIn(page, person);
    await page.getByLabel("Code", { exact: true }).fill(codes[0].toUpperCase());
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(new RegExp(PROFILE));
    await page.getByText("9 of 10 left").waitFor();

    await page.getByRole("button", { name: "Remove the authenticator app" }).click();
    await page.getByText("The authenticator app is removed.").waitFor();
    assert.equal((await me(page)).two_factor.enabled, false);
  });
}

test("a passkey is made in the profile, signs in by itself, and is removed", async () => {
  const page = await demo.open("david", PROFILE);
  await page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = async () => false; });
  await device(page);
  await page.getByRole("link", { name: "Passkey", exact: true }).click();
  await page.getByLabel("Name of the passkey").fill("Laptop");
  await accessible(page);
  await page.getByRole("button", { name: "Create passkey" }).click();
  await page.locator(".recovery-codes").waitFor();
  await page.getByRole("link", { name: "I have kept them" }).click();
  await page.getByText("Laptop").waitFor();

  await signOut(page);
  await accessible(page);
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  assert.equal((await me(page)).email, "david@example.com");

  // The password alone leads to the second step, and the passkey through it.
  await signOut(page);
  await signIn(page, "david");
  await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
  await accessible(page);
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await page.waitForURL(new RegExp(PROFILE));

  await page.getByRole("link", { name: /^Edit the passkey Laptop/ }).click();
  await accessible(page);
  await page.getByRole("textbox", { name: "Name of the passkey" }).fill("Old laptop");
  await page.getByRole("button", { name: "Save name" }).click();
  await page.getByRole("link", { name: /^Edit the passkey Old laptop/ }).click();
  await page.getByRole("button", { name: "Remove passkey" }).click();
  await page.getByText("The passkey is removed.").waitFor();
  assert.equal((await me(page)).two_factor.enabled, false);
});

test("the sign-in page offers the passkeys that the browser has", async () => {
  const page = await demo.open("elif", PROFILE);
  await device(page);
  await page.getByRole("link", { name: "Passkey", exact: true }).click();
  await page.getByRole("button", { name: "Create passkey" }).click();
  await page.locator(".recovery-codes").waitFor();
  await page.goto(PROFILE);
  // The page signs out by a script of its own, and the virtual device answers the conditional request of the sign-in
  // page as soon as it is made: who waits for that page only after the click may miss it.
  await Promise.all([
    page.waitForURL(/sign-in/, { waitUntil: "commit" }),
    page.getByRole("button", { name: "Sign out" }).click(),
  ]);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  assert.equal((await me(page)).email, "elif@example.com");
});

test("a passkey that the server does not know signs nobody in, and the browser forgets a removed one", async () => {
  const page = await demo.open("farah", PROFILE);
  await page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = async () => false; });
  const { cdp, authenticatorId } = await device(page);
  const held = async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length;
  await page.getByRole("link", { name: "Passkey", exact: true }).click();
  await page.getByRole("button", { name: "Create passkey" }).click();
  await page.locator(".recovery-codes").waitFor();
  const { items } = await (await page.context().request.get("/api/v1/me/passkeys")).json();
  assert.equal((await page.context().request.delete(`/api/v1/me/passkeys/${items[0].id}`)).status(), 204);
  await page.context().request.delete("/api/v1/sessions/current");
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await page.getByText(/The passkey was not accepted/).waitFor();
  await accessible(page);
  await page.waitForFunction(() => !sessionStorage.getItem("passkey"));
  for (let tries = 0; tries < 20 && await held() > 0; tries++) await page.waitForTimeout(100);
  assert.equal(await held(), 0, "signalUnknownCredential");
});
