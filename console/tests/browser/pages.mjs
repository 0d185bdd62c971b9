// Every page of the console: which route it is, who opens it, and where. The pictures of docs/screens and the
// test of accessibility go through this list; a test in console/tests/it/routes.rs holds it against the routes.
import { settled } from "./harness.mjs";

/** The id of the first item of a list of the API whose text has a word. */
const find = async (api, path, word = "") => {
  const { items } = await api.get(path);
  const found = items.find((item) => JSON.stringify(item).includes(word));
  if (!found) throw new Error(`${path} has no ${word}`);
  return found.id ?? found.key;
};

const member = (name) => (api) => find(api, `/members?q=${name}`, name);
const invitation = (api) => find(api, "/invitations", "nora");
const role = (api) => find(api, "/roles", "rol_");
const deal = (api) => find(api, "/records/opportunities?limit=1");
const team = (api) => find(api, "/teams");
const profile = (api) => find(api, "/profiles");
const department = (api) => find(api, "/departments");
const key = (api) => find(api, "/api-keys");
/** A key with a former secret. */
const rotated = async (api) => {
  const id = await key(api);
  await api.post(`/api-keys/${id}/rotate`, {});
  return id;
};
const connection = async (api) => {
  await api.post("/billing/plan", { plan: "agency" });
  const provider = { name: "Northwind", kind: "oidc", client_id: "hallpass", client_secret: "of the provider", issuer: "https://login.northwind.example" };
  return (await api.post("/sso", provider)).id;
};
/** A connection whose groups give something. */
const mapped = async (api) => {
  const provider = { name: "Northwind", kind: "oidc", client_id: "hallpass", client_secret: "of the provider", issuer: "https://login.northwind.example" };
  const { id } = await api.post("/sso", provider);
  await api.put(`/sso/${id}/groups`, { rules: [{ group: "sales-leads", role: "manager" }, { group: "marketing", preset: "marketing" },
    { group: "staff", role: "member", levels: { tickets: "edit" } }] });
  return id;
};
/** Begins to add an authenticator app, which the page shows. */
const enrolled = async (api) => { await api.own("/totp"); return ""; };
const report = async (api) => (await api.post("/saved-reports", { name: "Opportunities by stage", entity: "opportunities", group_by: "stage" })).id;

/** A view that is shared, of the newest opportunities with an amount. */
const view = async (api) => (await api.post("/views", {
  name: "Over 10,000", shared: true, entity: "opportunities", sort: "-amount",
  filter: { open: true, conditions: [{ field: "amount", from: 10000 }] },
})).id;
const CHIPS = `open=true&owner=me&filter=${encodeURIComponent(JSON.stringify([{ field: "amount", from: 10000 }, { field: "name", contains: "a" }]))}`;

/** A bulk job, started once: it takes more records than a request reassigns. */
let started = null;
const job = async (api) => {
  started ??= (async () => {
    const lines = Array.from({ length: 2_010 }, (_, number) => `Exported ${number}`);
    const path = await api.submit("/records/contacts/import", { text: ["Name", ...lines].join("\n"), do: "import" });
    return path.split("/").at(-1);
  })();
  return started;
};

/** An export whose file is ready, asked for once. */
let asked = null;
const exported = async (api) => {
  asked ??= (async () => {
    const { id } = await api.post("/records/contacts/export", {});
    while ((await api.get(`/exports/${id}`)).state === "preparing");
    return id;
  })();
  return asked;
};

/** What a page of the operator links to: the part of the path after a prefix. */
const linked = (path, prefix) => async (api) => {
  const text = await api.page(path);
  const found = text.split(`href="${prefix}`).slice(1).map((rest) => rest.split(/["/?]/)[0]).find((part) => part && part !== "new");
  if (!found) throw new Error(`${path} links to no ${prefix}`);
  return found;
};
const account = linked("/operator/accounts?q=ben", "/operator/accounts/");
const blueprint = linked("/operator/blueprints", "/operator/blueprints/");

/**
 * Route, name, workspace, values of the route's parameters (a text, or a function of the API), and what differs:
 * the person (Anna, who has the top role, unless another is named), the query, whether it is a picture of docs/screens.
 */
export const PAGES = [
  ["/sign-in", "sign-in", null, {}, { person: null, picture: true }],
  ["/step-up/totp", "step-up-app", null, { enrolled }, { query: "next=%2F" }],
  ["/step-up", "step-up", null, {}, { query: "missing=recent_sign_in&next=%2F" }],
  ["/sign-in/code", "sign-in-code-expired", null, {}, { person: null }],
  ["/sign-up", "sign-up", null, {}, { person: null, picture: true }],
  ["/forgot", "forgot", null, {}, { person: null }],
  ["/password-resets", "password-resets", null, {}, { person: null }],
  ["/confirmations", "confirmations", null, {}, { person: null }],
  ["/setup/{token}", "setup", null, { token: "unknown" }, { person: null }],
  ["/password-resets/{token}", "password-reset-expired", null, { token: "unknown" }, { person: null, status: 404 }],
  ["/address-changes/{token}", "address-change-expired", null, { token: "unknown" }, { person: null, status: 404 }],
  ["/confirmations/{token}", "confirmation-expired", null, { token: "unknown" }, { person: null, status: 404 }],
  ["/invitations/{token}", "invitation-expired", null, { token: "unknown" }, { person: null, status: 404 }],
  ["/workspaces", "workspaces", null, {}, { picture: true }],
  ["/workspaces/new", "new-workspace", null, {}, { picture: true }],
  ["/workspaces/new/model", "new-workspace-model", null, {}, { query: "name=Northwind&slug=northwind", picture: true }],
  ["/workspaces/new/own", "new-workspace-own", null, {}, { query: "name=Northwind&slug=northwind&from=hari", picture: true }],
  ["/workspace/{ws}/dashboard", "dashboard", "standard", {}, { picture: true }],
  ["/workspace/{ws}/search", "search", "standard", {}, { query: "q=a", picture: true }],
  ["/workspace/{ws}/profile/address", "profile-address", "standard", {}],
  ["/workspace/{ws}/profile", "profile", "standard", {}, { picture: true }],
  ["/workspace/{ws}/profile/totp", "profile-app", "standard", { enrolled }],
  ["/workspace/{ws}/profile/passkeys/new", "profile-passkey-impossible", "standard", {}, { status: 409 }],
  ["/workspace/{ws}/profile/passkeys/{passkey}", "profile-passkey-missing", "standard", { passkey: "psk_019800000000700080000000000000a1" }, { status: 404 }],
  ["/workspace/{ws}/modules/{module}", "module", "halo", { module: "ask_ai" }, { picture: true }],
  ["/workspace/{ws}/reports", "reports", "standard", {}, { picture: true }],
  ["/workspace/{ws}/reports/new", "report-new", "standard", {}],
  ["/workspace/{ws}/reports/{report}", "report", "standard", { report }, { picture: true }],
  ["/workspace/{ws}/reports/{report}/edit", "report-edit", "standard", { report }],
  ["/workspace/{ws}/reports/{report}/delete", "report-delete", "standard", { report }],
  ["/workspace/{ws}/records/{entity}", "records", "standard", { entity: "opportunities" }, { person: "david", picture: true }],
  ["/workspace/{ws}/records/{entity}", "board", "standard", { entity: "opportunities" }, { query: "view=board", picture: true }],
  ["/workspace/{ws}/records/{entity}", "records-view", "standard", { entity: "opportunities", view }, { query: "saved={view}", picture: true }],
  ["/workspace/{ws}/records/{entity}", "records-filtered", "standard", { entity: "opportunities" }, { query: CHIPS }],
  ["/workspace/{ws}/records/{entity}", "records-filter", "standard", { entity: "opportunities" }, { query: "add=field.amount", picture: true }],
  ["/workspace/{ws}/records/{entity}", "records-filter-owner", "standard", { entity: "opportunities" }, { query: "add=owner&find=e" }],
  ["/workspace/{ws}/records/{entity}", "records-outdated", "standard", { entity: "opportunities" }, { query: "stage=frozen&sort=-weight" }],
  ["/workspace/{ws}/records/{entity}/views/new", "view-new", "standard", { entity: "opportunities" }, { query: CHIPS, picture: true }],
  ["/workspace/{ws}/records/{entity}/views/{view}/edit", "view-edit", "standard", { entity: "opportunities", view }],
  ["/workspace/{ws}/records/{entity}/views/{view}/delete", "view-delete", "standard", { entity: "opportunities", view }],
  ["/workspace/{ws}/records/{entity}/new", "record-new", "standard", { entity: "opportunities" }],
  ["/workspace/{ws}/records/{entity}/import", "record-import", "standard", { entity: "opportunities" }, { picture: true }],
  ["/workspace/{ws}/records/{entity}/selection", "record-selection", "standard", { entity: "opportunities", record: deal }, { query: "do=reassign&record={record}" }],
  ["/workspace/{ws}/records/{entity}/{record}", "record", "standard", { entity: "opportunities", record: deal }, { picture: true }],
  ["/workspace/{ws}/records/{entity}/{record}/edit", "record-edit", "standard", { entity: "opportunities", record: deal }],
  ["/workspace/{ws}/records/{entity}/{record}/reassign", "record-reassign", "standard", { entity: "opportunities", record: deal }],
  ["/workspace/{ws}/records/{entity}/{record}/delete", "record-delete", "standard", { entity: "opportunities", record: deal }],
  ["/workspace/{ws}/records/{entity}/{record}/actions/{action}", "record-action", "halo",
    { entity: "inbox", record: (api) => find(api, "/records/inbox?limit=1"), action: "reply" }],
  ["/workspace/{ws}/settings/team", "team", "team-management", {}, { picture: true }],
  ["/workspace/{ws}/settings/team/billing", "team-billing", "halo", {}],
  ["/workspace/{ws}/settings/team/bulk", "team-bulk", "standard", { member: member("ben") }, { query: "member={member}&part=role" }],
  ["/workspace/{ws}/settings/team/choose-top-role", "choose-top-role", "standard", {}],
  ["/workspace/{ws}/settings/team/invite", "invite", "halo", {}, { picture: true }],
  ["/workspace/{ws}/bulk-jobs", "bulk-jobs", "standard", {}],
  ["/workspace/{ws}/bulk-jobs/{job}", "bulk-job", "hari", { job }],
  ["/workspace/{ws}/bulk-jobs/{job}", "export", "standard", { job: exported }],
  ["/workspace/{ws}/settings/team/reassign", "bulk-reassign", "team-management", {}, { picture: true }],
  ["/workspace/{ws}/settings/team/invitations/{invitation}/revoke", "invitation-revoke", "standard", { invitation }],
  ["/workspace/{ws}/settings/team/{member}", "member", "standard", { member: member("ben") }, { picture: true }],
  ["/workspace/{ws}/settings/team/{member}/access", "edit-access", "halo", { member: member("elif") }, { picture: true }],
  ["/workspace/{ws}/settings/team/{member}/factors", "team-factors", "standard", { member: member("ben") }],
  ["/workspace/{ws}/settings/team/{member}/access", "edit-access-manager", "team-management", { member: member("ben") }],
  ["/workspace/{ws}/settings/team/{member}/reassign", "reassign", "standard", { member: member("ben") }],
  ["/workspace/{ws}/settings/team/{member}/remove", "remove", "standard", { member: member("ben") }],
  ["/workspace/{ws}/settings/team/{member}/deactivate", "deactivate", "standard", { member: member("ben") }, { picture: true }],
  ["/workspace/{ws}/settings/team/{member}/view", "view-as", "standard", { member: member("ben") }],
  ["/workspace/{ws}/settings/roles/new", "role-new", "harmony", {}],
  ["/workspace/{ws}/settings/roles/{role}", "roles", "harmony", { role: "admin" }, { picture: true }],
  ["/workspace/{ws}/settings/roles/{role}/history", "role-history", "harmony", { role: "admin" }],
  ["/workspace/{ws}/settings/roles/{role}/members", "role-members", "harmony", { role: "admin" }],
  ["/workspace/{ws}/settings/roles/{role}/delete", "role-delete", "standard", { role }],
  ["/workspace/{ws}/settings/profiles/new", "profile-new", "hari", {}],
  ["/workspace/{ws}/settings/profiles/{profile}", "profiles", "hari", { profile }, { picture: true }],
  ["/workspace/{ws}/settings/profiles/{profile}/delete", "profile-delete", "hari", { profile }],
  ["/workspace/{ws}/settings/schema", "schema", "hari", {}],
  ["/workspace/{ws}/settings/schema/new", "schema-new", "hari", {}],
  ["/workspace/{ws}/settings/schema/{entity}", "schema-fields", "hari", { entity: "contacts" }],
  ["/workspace/{ws}/settings/schema/{entity}/permissions", "schema-permissions", "hari", { entity: "contacts" }, { picture: true }],
  ["/workspace/{ws}/settings/schema/{entity}/pipeline", "schema-pipeline", "hari", { entity: "opportunities" }],
  ["/workspace/{ws}/settings/schema/{entity}/delete", "schema-delete", "hari", { entity: "site_visits" }],
  ["/workspace/{ws}/settings/teams", "teams", "hari", {}, { picture: true }],
  ["/workspace/{ws}/settings/teams/new", "team-new", "hari", {}],
  ["/workspace/{ws}/settings/teams/{team}", "team-page", "hari", { team }],
  ["/workspace/{ws}/settings/teams/{team}/members", "team-members", "hari", { team }],
  ["/workspace/{ws}/settings/teams/{team}/delete", "team-delete", "hari", { team }],
  ["/workspace/{ws}/settings/departments/new", "department-new", "team-management", {}],
  ["/workspace/{ws}/settings/departments/{department}", "departments", "team-management", { department }, { picture: true }],
  ["/workspace/{ws}/settings/departments/{department}/delete", "department-delete", "team-management", { department }],
  ["/workspace/{ws}/settings/explain", "explain", "standard", { member: member("ben"), record: deal },
    { query: "member={member}&action=delete&resource=opportunities&record={record}", picture: true }],
  ["/workspace/{ws}/settings/compare", "compare", "standard", { before: member("elif"), after: member("david") },
    { query: "by=people&before={before}&after={after}", picture: true }],
  ["/workspace/{ws}/settings/compare", "compare-choice", "standard", {}, { query: "by=roles&before=member&pick=after" }],
  ["/workspace/{ws}/settings/review", "review", "standard", {}, { picture: true }],
  ["/workspace/{ws}/settings/audit", "audit", "standard", {}, { picture: true }],
  ["/workspace/{ws}/settings/general", "general", "standard", {}, { picture: true }],
  ["/workspace/{ws}/settings/branding", "branding", "standard", {}, { picture: true }],
  ["/workspace/{ws}/settings/modules", "modules", "standard", {}, { picture: true }],
  ["/workspace/{ws}/settings/access-model", "access-model", "standard", {}],
  ["/workspace/{ws}/settings/security", "security", "standard", {}, { picture: true }],
  ["/workspace/{ws}/settings/authentication", "authentication", "harmonia", {}, { picture: true }],
  ["/workspace/{ws}/settings/authentication/new", "connection-new", "harmonia", {}],
  ["/workspace/{ws}/settings/authentication/{id}", "connection", "harmonia", { id: connection }],
  ["/workspace/{ws}/settings/authentication/{id}/groups", "connection-groups", "standard", { id: mapped }],
  ["/workspace/{ws}/settings/authentication/{id}/delete", "connection-delete", "harmonia", { id: connection }],
  ["/workspace/{ws}/settings/integrations", "integrations", "standard", {}, { picture: true }],
  ["/workspace/{ws}/settings/api-keys", "api-keys", "standard", {}, { picture: true }],
  ["/workspace/{ws}/settings/api-keys/service-accounts", "service-account-new", "standard", {}],
  ["/workspace/{ws}/settings/api-keys/{key}", "api-key-edit", "standard", { key }],
  ["/workspace/{ws}/settings/api-keys/{key}/revoke", "api-key-revoke", "standard", { key }],
  ["/workspace/{ws}/settings/api-keys/{key}/rotate", "api-key-rotate", "standard", { key }],
  ["/workspace/{ws}/settings/api-keys/{key}/former-secret", "api-key-former-secret", "standard", { key: rotated }],
  ["/workspace/{ws}/settings/billing", "billing", "halo", {}, { picture: true }],
  ["/workspace/{ws}/settings/billing/cancel", "billing-cancel", "standard", {}],
  ["/workspace/{ws}/settings/delete", "danger", "standard", {}, { picture: true }],
  ["/workspace/{ws}/settings/delete/account", "delete-account", "standard", {}],
  ["/workspace/{ws}/settings/delete/membership", "leave", "standard", {}],
  ["/workspace/{ws}/settings/delete/ownership", "ownership", "standard", { member: member("ben") }, { query: "to={member}" }],
  ["/workspace/{ws}/settings/delete/sample", "remove-samples", "standard", {}, { status: 404 }],
  ["/workspace/{ws}/settings/delete/workspace", "delete-workspace", "standard", {}, { picture: true }],
  ["/operator", "operator", null, {}, { picture: true }],
  ["/operator/workspaces", "operator-workspaces", null, {}, { picture: true }],
  ["/operator/workspaces/{workspace}", "operator-workspace", null, { workspace: "halo" }, { picture: true }],
  ["/operator/workspaces/{workspace}", "operator-workspace-deleted", null, { workspace: "old-office" }],
  ["/operator/workspaces/{workspace}/delete", "operator-workspace-delete", null, { workspace: "halo" }],
  ["/operator/accounts", "operator-accounts", null, {}, { picture: true }],
  ["/operator/accounts/new", "operator-account-new", null, {}],
  ["/operator/accounts/{account}", "operator-account", null, { account }],
  ["/operator/accounts/{account}/disable", "operator-account-disable", null, { account }],
  ["/operator/accounts/{account}/factors", "operator-account-factors", null, { account }],
  ["/operator/workspaces/{workspace}/connections/{connection}", "operator-connection", "harmonia", { workspace: "harmonia", connection }],
  ["/operator/accounts/{account}/link", "operator-account-link", null, { account }],
  ["/operator/blueprints", "operator-blueprints", null, {}],
  ["/operator/blueprints/{blueprint}", "operator-blueprint", null, { blueprint }],
  ["/operator/mails", "operator-mails", null, {}],
  ["/operator/mails/templates", "operator-mail-templates", null, {}, { picture: true }],
  ["/operator/operations", "operator-operations", null, {}],
];

/** The path of a page of the list, after its values have been looked up. */
export async function pathOf([route, , workspace, parameters, { query } = {}], api) {
  let path = query === undefined ? route : `${route}?${query}`;
  if (workspace) path = path.replace("{ws}", workspace);
  for (const [name, value] of Object.entries(parameters)) {
    path = path.replace(`{${name}}`, typeof value === "string" ? value : await value(api));
  }
  return path;
}

/** Opens the pages of the list one after the other, each person in a browser of their own. */
export function visitor(demo, options) {
  const pages = new Map();
  return async (entry) => {
    const [, , workspace, , { person = "anna", status = 200 } = {}] = entry;
    if (!pages.has(person)) pages.set(person, await demo.open(person, null, options));
    const page = pages.get(person);
    const answer = await page.goto(await pathOf(entry, demo.api(page, workspace)));
    if (answer.status() !== status) throw new Error(`${answer.status()} ${page.url()}`);
    await settled(page);
    return page;
  };
}
