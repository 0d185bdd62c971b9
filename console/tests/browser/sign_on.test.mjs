// Single sign-on at real providers: oidc-provider, and a SAML provider on samlify. An administrator connects each from the
// page alone; people come in by it, with and without scripts, and are logged out by it.
import { after, test } from "node:test";
import { accessible, assert, PASSWORD, start } from "./harness.mjs";
import { NameServer } from "./name_server.mjs";
import { OidcPeer, TENANT } from "./oidc_provider.mjs";
import { SamlPeer } from "./saml_provider.mjs";

const [oidc, saml, names] = [await OidcPeer.start(), await SamlPeer.start(), await NameServer.start()];
after(() => { oidc.stop(); saml.stop(); names.stop(); });
const demo = await start("localhost", ["--private-providers", "true", "--name-servers", names.address,
  "--google-issuer", oidc.base, "--microsoft-authority", oidc.base]);
demo.others = [oidc.base, saml.base];
const SETTINGS = "/workspace/harmonia/settings/authentication";

const admin = await demo.open("anna", SETTINGS);
const api = demo.api(admin, "harmonia");
await api.post("/billing/plan", { plan: "agency" });
await api.patch("/settings/authentication", { allowed_domains: ["example.com", "northwind.example"] });

/** A person whom a provider knows, and whom Anna has invited. */
const invite = async (name, claims = {}, role = "member") => {
  const email = `${name}@northwind.example`;
  oidc.people.set(name, { email, email_verified: true, name: `${name} Northwind`, hd: "northwind.example", ...claims });
  await api.post("/invitations", { email, role });
  return email;
};

const button = (page, name) => page.getByRole("button", { name, exact: true });
const logIn = async (page, person) => {
  await page.getByLabel("Person", { exact: true }).fill(person);
  await button(page, "Log in").click();
};

/** Proves the domain from the page, by its record at the name server. */
const prove = async (domain) => {
  await admin.goto(SETTINGS);
  await admin.getByLabel("Domain", { exact: true }).fill(domain);
  await button(admin, "Add domain").click();
  const record = await admin.locator("code", { hasText: "hallpass-domain=" }).innerText();
  await button(admin, "Verify").click();
  await admin.getByText(/has no TXT record/).first().waitFor();
  names.records.set(domain, record);
  // The name server's answer that there is none may be remembered for as long as it says.
  for (let tries = 0; tries < 30; tries++) {
    await button(admin, "Verify").click();
    await admin.waitForLoadState();
    if (await admin.getByText("Proven by DNS").count() > 0) return;
  }
  assert.fail("the domain is not proven");
};

/** Connects a provider from the page; `fill` types what the provider has told. Returns what the page says to enter there. */
const connect = async (kind, name, fill) => {
  await admin.goto(SETTINGS);
  await admin.getByRole("link", { name: kind, exact: true }).click();
  await accessible(admin);
  await admin.getByLabel("Name that people read").fill(name);
  await fill(admin);
  await button(admin, "Create connection").click();
  await admin.getByText("The connection is created.").first().waitFor();
  const entries = {};
  for (const field of await admin.locator("section[aria-labelledby=entries] .field").all()) {
    entries[await field.locator("label").innerText()] = await field.locator("input").inputValue();
  }
  return { entries, path: new URL(admin.url()).pathname };
};

/** Tests a connection from its page as a person of the provider, and turns it on. */
const turnOn = async (person, arrival) => {
  // The provider asks who they are, and remembers no earlier session.
  await admin.context().clearCookies({ domain: "127.0.0.1" });
  await button(admin, "Test").click();
  await admin.getByRole("link", { name: /^Continue to/ }).click();
  if (await admin.getByLabel("Person", { exact: true }).count() > 0) await logIn(admin, person);
  if (await button(admin, "Continue").count() > 0) await button(admin, "Continue").click();
  await admin.getByText("The provider has answered.").first().waitFor();
  await admin.getByText(arrival).waitFor();
  await accessible(admin);
  await button(admin, "Turn on").click();
  await admin.getByText("People can sign in by this connection now.").waitFor();
};

const credentials = (client, more = async () => {}) => async (page) => {
  await page.getByLabel("Client ID").fill(client.client_id);
  await page.getByLabel("Client secret").fill(client.client_secret);
  await more(page);
};

/** Signs in at a provider in a new browser; returns the page that follows. */
const signIn = async (start, person, options = {}) => {
  const page = await demo.open(null, start, options);
  // The address was typed: it is no link of ours.
  await page.getByRole("link", { name: /^Sign in with/ }).click();
  await logIn(page, person);
  if (await button(page, "Continue").count() > 0) await button(page, "Continue").click();
  return page;
};

const role = async (page) => (await demo.api(page, "harmonia").get("/me")).role;
const isIn = async (page) => (await page.context().request.get("/api/v1/workspaces/harmonia/me")).ok();

await prove("northwind.example");

test("any OpenID Connect provider is connected from the page, and signs an invited person in, with and without scripts", async () => {
  const client = oidc.register();
  const made = await connect("OpenID Connect", "Northwind", credentials(client, (page) => page.getByLabel("Issuer").fill(oidc.base)));
  Object.assign(client, { redirect_uris: [made.entries["Redirect URI"]], backchannel_logout_uri: made.entries["Back-channel logout URI"], backchannel_logout_session_required: true });
  oidc.people.set("anna-idp", { email: "anna-idp@northwind.example", email_verified: true });
  await turnOn("anna-idp", "They do not come in: they are not invited.");

  for (const javaScriptEnabled of [true, false]) {
    const person = javaScriptEnabled ? "nina" : "noah";
    const email = await invite(person);
    const page = await demo.open(null, "/sign-in", { javaScriptEnabled });
    await page.getByLabel("Email").fill(email);
    await button(page, "Use single sign-on").click();
    await page.getByRole("link", { name: "Continue with Northwind" }).click();
    await logIn(page, person);
    await page.waitForURL(`${demo.base}/workspace/**`);
    assert.equal(await role(page), "member");
  }
  const stranger = await demo.open(null, made.entries["Address to start at"]);
  await accessible(stranger);
  await stranger.getByRole("link", { name: "Sign in with Northwind" }).click();
  oidc.people.set("olga", { email: "olga@northwind.example", email_verified: true });
  await logIn(stranger, "olga");
  await stranger.getByText("You are not invited to this workspace.").waitFor();
  await accessible(stranger);
  oidc.people.set("pia", { email: "pia@northwind.example", email_verified: false });
  const unverified = await signIn(made.entries["Address to start at"], "pia");
  await unverified.getByText("may not speak for your address").waitFor();

  // Logout at the provider, from server to server, ends the session.
  const leaving = await signIn(made.entries["Address to start at"], "nina");
  await leaving.waitForURL(`${demo.base}/workspace/**`);
  await leaving.goto(`${oidc.base}/session/end`);
  await leaving.locator("button").first().click();
  await leaving.waitForLoadState();
  for (let tries = 0; tries < 30 && await isIn(leaving); tries++) await leaving.waitForTimeout(100);
  assert.equal(await isIn(leaving), false, "the back channel has ended the session");
});

test("a link of another site asks before it signs in, and the provider's page logs out in a frame that no other page shows", async () => {
  const client = oidc.register();
  const made = await connect("OpenID Connect", "Framed", credentials(client, (page) => page.getByLabel("Issuer").fill(oidc.base)));
  Object.assign(client, { redirect_uris: [made.entries["Redirect URI"]], backchannel_logout_uri: `${oidc.base}/none`, backchannel_logout_session_required: true });
  oidc.people.set("anna-framed", { email: "anna-framed@northwind.example", email_verified: true });
  await turnOn("anna-framed", "They do not come in: they are not invited.");
  await invite("fred");
  const start = made.entries["Address to start at"];
  const page = await signIn(start, "fred");
  await page.waitForURL(`${demo.base}/workspace/**`);

  // Who has a session at the provider would be signed in by a link alone: it asks, with who is signed in already.
  const context = page.context();
  const other = await context.newPage();
  await other.goto(`${oidc.base}/elsewhere?to=${encodeURIComponent(start)}`);
  await other.getByRole("link", { name: "Open" }).click();
  await other.getByRole("heading", { name: "Sign in with Framed?" }).waitFor();
  await other.getByText("You are signed in as fred@northwind.example.").waitFor();
  const cookies = await context.cookies(demo.base);
  await context.clearCookies({ name: "hallpass_session" });
  await other.reload();
  assert.equal(await isIn(other), false);
  await other.getByRole("link", { name: "Sign in with Framed" }).click();
  await other.waitForURL(`${demo.base}/workspace/**`);
  await context.addCookies(cookies);

  // Each page frames the address in turn. No cookie of ours is sent from there, so that a browser may block them all.
  const sids = oidc.sids(client.client_id, "fred");
  assert(sids.length > 0);
  const front = (sid) => `${made.entries["Front-channel logout URI"]}?${new URLSearchParams({ iss: oidc.base, sid })}`;
  const framed = async (base, to) => {
    const shown = await context.newPage();
    const asked = shown.waitForRequest((request) => request.url() === to);
    await shown.goto(`${base}?to=${encodeURIComponent(to)}`);
    const headers = await (await asked).allHeaders();
    await shown.waitForLoadState("load");
    const { cookie } = headers;
    const url = await shown.frames()[1].evaluate(() => location.href).catch(() => "blocked");
    await shown.close();
    return [cookie, url];
  };
  assert.deepEqual(await framed(`${oidc.base}/leaving`, front("another")), [undefined, front("another")]);
  assert.equal(await isIn(page), true, "a session of no one here ends nothing");
  const [, refused] = await framed(`${oidc.base}/leaving`, `${demo.base}/sign-in`);
  assert.notEqual(refused, `${demo.base}/sign-in`, "no other page of ours is shown in a frame");
  const [, elsewhere] = await framed(`${saml.base}/elsewhere`, front("another"));
  assert.notEqual(elsewhere, front("another"), "no page of another origin shows it");
  for (const sid of sids) assert.deepEqual(await framed(`${oidc.base}/leaving`, front(sid)), [undefined, front(sid)]);
  assert.equal(await isIn(page), false, "the session has ended");
});

test("HARMONIA-83: Google signs in the people of the domains that the page names, and no others", async () => {
  const client = oidc.register();
  const made = await connect("Google Workspace", "Google", credentials(client, (page) => page.getByLabel("Google Workspace domains").fill("northwind.example")));
  client.redirect_uris = [made.entries["Redirect URI"]];
  oidc.people.set("anna-google", { email: "anna-google@northwind.example", email_verified: true, hd: "northwind.example" });
  await turnOn("anna-google", "They do not come in: they are not invited.");

  await invite("gina");
  const page = await signIn(made.entries["Address to start at"], "gina");
  await page.waitForURL(`${demo.base}/workspace/**`);
  assert.equal(await role(page), "member");
  for (const [name, claims] of [["no-domain", {}], ["other-domain", { hd: "evil.example" }]]) {
    oidc.people.set(name, { email: "gina@northwind.example", email_verified: true, ...claims });
    const refused = await signIn(made.entries["Address to start at"], name);
    await refused.getByText("did not work").waitFor();
    assert.equal(await isIn(refused), false);
  }
});

test("HARMONIA-84: Microsoft signs in the people of its tenant by `tid` and `oid`, and no others", async () => {
  const client = oidc.register();
  const made = await connect("Microsoft 365", "Microsoft", credentials(client, (page) => page.getByLabel("Directory (tenant) ID").fill(TENANT)));
  client.redirect_uris = [made.entries["Redirect URI"]];
  const claims = (oid, tid = TENANT) => ({ tid, oid, email_verified: undefined, hd: undefined });
  oidc.people.set("anna-ms", { email: "anna-ms@northwind.example", ...claims("o-anna") });
  await turnOn("anna-ms", "They do not come in: they are not invited.");

  await invite("mara", claims("o-mara"), "admin");
  const page = await signIn(made.entries["Address to start at"], "mara");
  await page.waitForURL(`${demo.base}/workspace/**`);
  assert.equal(await role(page), "admin");
  oidc.people.set("foreign", { email: "mara@northwind.example", ...claims("o-mara", "9188040d-6c67-4c5b-b112-36a304b66dad") });
  const refused = await signIn(made.entries["Address to start at"], "foreign");
  await refused.getByText("did not work").waitFor();
  assert.equal(await isIn(refused), false);
});

test("HARMONIA-85: SAML takes metadata in and gives ours out, in both directions, signed and encrypted, with and without scripts, and is logged out", async () => {
  const made = await connect("SAML 2.0", "Northwind SAML", (page) => page.getByLabel("Metadata of the provider as a file").setInputFiles({ name: "metadata.xml", mimeType: "text/xml", buffer: Buffer.from(saml.metadata) }));
  assert.match(await (await fetch(made.entries["Metadata and entity ID"])).text(), /AssertionConsumerService/);
  await saml.trust(made.entries["Metadata and entity ID"]);
  await turnOn("anna-saml", "They do not come in: they are not invited.");
  const started = made.entries["Address to start at"];

  for (const [person, javaScriptEnabled, isEncrypted] of [["sara", true, false], ["samir", false, true]]) {
    saml.isEncrypted = isEncrypted;
    await invite(person);
    const page = await signIn(started, person, { javaScriptEnabled });
    await page.waitForURL(`${demo.base}/workspace/**`);
    assert.equal(await role(page), "member");
  }
  // The library has verified the signature of each request.
  assert(saml.requests.length >= 3);

  // The person starts at the provider: what it sends unasked only begins a request of ours.
  const page = await demo.open(null, `${saml.base}/start?person=sara`);
  await button(page, "Continue").click();
  await page.getByRole("heading", { name: "Sign in with Northwind SAML?" }).waitFor();
  assert.equal(await isIn(page), false, "what the provider sends begins no session");
  await page.getByRole("link", { name: "Sign in with Northwind SAML" }).click();
  await logIn(page, "sara");
  await button(page, "Continue").click();
  await page.waitForURL(`${demo.base}/workspace/**`);
  assert.equal(await isIn(page), true);

  // Single logout, which the provider starts and our signed answer ends.
  const forged = saml.logout("sara").replace(/Signature=[^&]*/, "Signature=AAAA");
  await page.goto(forged);
  assert.equal(await isIn(page), true, "a forged logout ends nothing");
  await page.goto(saml.logout("sara"));
  await page.getByText("Logged out").waitFor();
  assert.equal(await isIn(page), false);
  assert.equal(saml.answers.length, 1);
});

test("a member connects their account in the profile, single sign-on is required, and each finds the way in on the page that asks for it", async () => {
  // Ben comes in by his password, and connects.
  const ben = await demo.open("ben", "/workspace/harmonia/profile");
  oidc.people.set("ben-idp", { email: "ben@example.com", email_verified: true });
  await button(ben, "Connect to Northwind").click();
  await ben.getByRole("link", { name: /^Continue to/ }).click();
  await logIn(ben, "ben-idp");
  await ben.getByText("Your account is connected.").waitFor();
  await accessible(ben);

  // Anna may require it only once she would enter herself.
  await admin.goto(SETTINGS);
  const required = admin.getByLabel("Require single sign-on");
  assert.equal(await required.isDisabled(), true);
  await admin.getByText("To require it, first come in by the connection, or sign in with a second factor").waitFor();
  await admin.goto("/workspace/harmonia/profile");
  await admin.context().clearCookies({ domain: "127.0.0.1" });
  await button(admin, "Connect to Northwind").click();
  await admin.getByRole("link", { name: /^Continue to/ }).click();
  if (!admin.url().startsWith(demo.base)) await logIn(admin, "anna-idp");
  await admin.getByText("Your account is connected.").waitFor();
  await admin.goto(SETTINGS);
  await accessible(admin);
  await required.check();
  await admin.locator("form[action$='/rules'] button").click();
  await admin.getByText("The rules for single sign-on are saved.").waitFor();

  // A session of the password is not enough any more; the page offers the provider, and the place stays.
  const place = "/workspace/harmonia/settings/general";
  const again = await demo.open("ben", place);
  // Ben has the top role, for which a second factor stands in.
  await again.getByText("This workspace requires a second factor.").waitFor();
  await accessible(again);
  await again.getByRole("link", { name: "Continue with Northwind" }).click();
  await logIn(again, "ben-idp");
  await again.waitForURL(`${demo.base}${place}`);

  // Who is not connected yet connects there, without scripts too.
  const cleo = await demo.open("cleo", "/workspace/harmonia", { javaScriptEnabled: false });
  oidc.people.set("cleo-idp", { email: "cleo@example.com", email_verified: true });
  await cleo.getByText("This workspace requires its own single sign-on.").waitFor();
  await button(cleo, "Connect to Northwind").click();
  await cleo.getByRole("link", { name: /^Continue to/ }).click();
  await logIn(cleo, "cleo-idp");
  await cleo.waitForURL(`${demo.base}/workspace/harmonia**`);
  assert.equal(await isIn(cleo), true);

  // Another person of the provider does not come in to a session of Ben's.
  const other = await demo.open("ben", place);
  await other.getByRole("link", { name: "Continue with Northwind" }).click();
  await logIn(other, "olga");
  await other.getByText("You are not invited to this workspace.").waitFor();

  await admin.goto(SETTINGS);
  await required.uncheck();
  await admin.locator("form[action$='/rules'] button").click();
  await admin.getByText("The rules for single sign-on are saved.").waitFor();
  await again.goto("/workspace/harmonia/profile");
  await button(again, "Disconnect from Northwind").click();
  await again.getByText("Your account is disconnected.").waitFor();
  const gone = await signIn(`${(await api.get("/sso")).items[0].urls.start}`, "ben-idp");
  await gone.getByText("may not speak for your address").waitFor();
});
