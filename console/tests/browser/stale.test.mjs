// Two people with the same form: who saves second loses nothing that they typed, and undoes nothing of the first.
import { test } from "node:test";
import { PAGES, visitor } from "./pages.mjs";
import { assert, start } from "./harness.mjs";

const demo = await start();

/** Two other values for fields that take only some, by name; a null is not tried: what it may be depends on other fields. */
const OTHER = {
  slug: null, role: null, manager: null, preset: null, require_sso: null, entity: null, logo_remove: null, colour_remove: null,
  idle_minutes: ["45", "55"], absolute_minutes: ["900", "910"], step_up_minutes: ["25", "35"],
  allowed_networks: ["127.0.0.0/8, ::1/128, 10.0.0.0/8", "127.0.0.0/8, ::1/128, 192.168.0.0/16"],
  colour: ["#225588", "#224466"], issuer: ["https://other.northwind.example", "https://third.northwind.example"], vat: ["CHE-111", "CHE-222"],
  currency: ["EUR", "USD"], time_zone: ["Europe/Berlin", "Europe/Paris"], alias: ["Elly", "Ell"], require_second_factor: ["2031-05-06", "2031-05-07"],
  // How long an API key is valid from now, and other permissions than it has: the page says what is saved beside them.
  // A key with no permission is refused; a test of its own changes them.
  days: null, access: null, scope: null, own: null, networks: ["10.0.0.0/8", "192.168.0.0/16"],
  // The title of records is required; stages that hold records stay as they are; the rules of groups are one list.
  "field.name.required": null, "field.where.required": null, "stage.*.place": null, "stage.*.open": null, "group.1": null, "group.2": null, "group.3": null, "group.4": null, "role.*": null, "team.*": null,
  "preset.*": null, "level.*.*": null,
};
/** A form that adds something has nothing that is saved: its version only keeps it from replacing what another person has added. */
const ADDS = ["integrations 0"];

/** What the page does by itself: it reads, changes and sends the forms of the current page, as a browser without scripts does. */
const tools = () => {
  const isEdited = (control) => control.name && !control.matches(":disabled") && !["hidden", "file", "submit", "button", "password", "search"].includes(control.type)
    && control.type !== undefined && !control.name.endsWith(".remove") && !control.name.startsWith("added.");
  window.editable = (form) => [...new Set([...form.elements].filter(isEdited).map((control) => control.name))];
  window.pairs = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");
  window.values = (form, name) => pairs(form).filter(([known]) => known === name).map(([, value]) => value.replaceAll("\r\n", "\n"));
  /** Puts another value into a field, and returns whether it could. */
  window.alter = (form, name, others, mark) => {
    const all = [...form.elements].filter((control) => control.name === name && !control.matches(":disabled"));
    const [control] = all;
    const known = other(others, name);
    if (known === null) return false;
    if (known) {
      control.value = known.find((value) => value !== control.value);
    } else if (control.type === "checkbox") {
      control.checked = !control.checked;
    } else if (control.type === "radio") {
      const free = all.find((one) => !one.checked);
      if (!free) return false;
      free.checked = true;
    } else if (control.tagName === "SELECT") {
      const free = [...control.options].filter((one) => !one.selected && !one.disabled && one.value !== "")[mark === "Two" ? 1 : 0];
      if (!free) return false;
      free.selected = true;
    } else if (control.type === "number") {
      control.value = String(Number(control.value) + 1);
    } else if (control.type === "date") {
      control.value = control.value === "2031-05-06" ? "2031-05-07" : "2031-05-06";
    } else if (control.type === "datetime-local") {
      control.value = control.value === "2031-05-06T07:08" ? "2031-05-07T07:08" : "2031-05-06T07:08";
    } else if (control.type === "email") {
      control.value = `${mark.toLowerCase()}@example.com`;
    } else if (control.type === "url") {
      control.value = `https://${mark.toLowerCase()}.example.com/`;
    } else {
      control.value = `${control.value} ${mark}`.trim();
    }
    return true;
  };
  window.other = (others, name) => others[name] !== undefined ? others[name] : others[name.replace(/\.[^.]+\./, ".*.").replace(/^(role|team|preset|level\.\*)\..*$/, "$1.*")];
  window.read = async (path) => new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
  window.send = async (form, address = form.getAttribute("action") ?? location.pathname, extra = []) => {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams([...pairs(form), ...extra]) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { status: answer.status, page, isDone: answer.redirected && answer.ok };
  };
  window.same = (page, place) => [...page.forms].filter((one) => one.elements.version && editable(one).length > 1)[place];
  window.told = (page) => [...page.querySelectorAll("[role=alert]")].map((one) => one.textContent.trim()).join(" ");
};

/** The first changes one field and the second another: both stay. A preview between does not hide the first. */
const race = async ([place, theirs, mine, others]) => {
  const path = location.pathname + location.search;
  const first = same(await read(path), place);
  const second = same(await read(path), place);
  if (!alter(first, theirs, others, "Two") || !alter(second, mine, others, "One")) return null;
  const [wanted, typed] = [values(first, theirs), values(second, mine)];
  const saved = await send(first);
  if (!saved.isDone) return `theirs was refused: ${saved.status} ${told(saved.page)} ${wanted}`;
  let form = second;
  const preview = form.querySelector("[formaction$='/preview']");
  const asks = form.querySelector("[name=preview]");
  if (preview || asks) {
    const seen = preview ? await send(form, preview.getAttribute("formaction")) : await send(form, undefined, [["preview", "1"]]);
    form = same(seen.page, place);
    if (!form) return `no form after a preview: ${seen.status}`;
    if (String(values(form, mine)) !== String(typed)) return `a preview loses ${mine}: ${values(form, mine)} for ${typed}`;
  }
  const stale = await send(form);
  if (stale.status !== 412) return `the second is ${stale.status} ${told(stale.page)}`;
  if (!/first|after you opened/i.test(told(stale.page))) return `says ${told(stale.page)}`;
  const again = same(stale.page, place);
  if (String(values(again, mine)) !== String(typed)) return `loses what was typed in ${mine}: ${values(again, mine)} for ${typed}`;
  if (String(values(again, theirs)) !== String(wanted)) return `does not show ${theirs}: ${values(again, theirs)} for ${wanted}`;
  const done = await send(again);
  if (!done.isDone) return `saving again is ${done.status} ${told(done.page)}`;
  const now = same(await read(path), place);
  if (String(values(now, theirs)) !== String(wanted)) return `saving again reverts ${theirs} to ${values(now, theirs)} from ${wanted}`;
  if (String(values(now, mine)) !== String(typed)) return `saving again does not save ${mine}: ${values(now, mine)} for ${typed}`;
  return "";
};

/** Both change the same field: the page says what is saved, and keeps what was typed. */
const clash = async ([place, name, others]) => {
  const path = location.pathname + location.search;
  const [first, second] = [same(await read(path), place), same(await read(path), place)];
  if (other(others, name) !== undefined || !["text", "textarea"].includes(first.elements[name].type ?? "")) return null;
  if (!alter(first, name, others, "Theirs") || !alter(second, name, others, "Mine")) return null;
  const [wanted, typed] = [values(first, name), values(second, name)];
  const saved = await send(first);
  if (!saved.isDone) return `theirs was refused: ${saved.status} ${told(saved.page)} ${wanted}`;
  const stale = await send(second);
  const again = same(stale.page, place);
  if (stale.status !== 412 || String(values(again, name)) !== String(typed)) return `${stale.status} keeps ${values(again, name)} for ${typed}`;
  const shown = stale.page.querySelector("main").textContent + (stale.page.querySelector(".over")?.textContent ?? "");
  return shown.includes(wanted[0].split("\n").pop().trim()) ? "" : `does not say that ${wanted} is saved`;
};

test("in every form that has a version, the second who saves undoes nothing of the first, and loses nothing", async () => {
  const visit = visitor(demo, {});
  const walked = [];
  const wrong = [];
  for (const entry of PAGES) {
    const [, name, , , { status = 200 } = {}] = entry;
    if (status !== 200) continue;
    const page = await visit(entry);
    await page.evaluate(tools);
    const forms = await page.evaluate(() => [...document.forms].filter((one) => one.elements.version && editable(one).length > 1)
      .map((one) => [editable(one), Boolean(one.elements.made_from ?? one.elements.base)]));
    for (const [place, [fields, saysOrigin]] of forms.entries()) {
      if (ADDS.includes(`${name} ${place}`)) continue;
      if (!saysOrigin) wrong.push(`${name} ${place}: does not say what it was made from: ${fields}`);
      const tried = await page.evaluate(([names, others]) => names.filter((field) => other(others, field) !== null).slice(0, 7), [fields, OTHER]);
      for (const [at, theirs] of tried.entries()) {
        const mine = tried[(at + 1) % tried.length];
        if (mine === theirs) continue;
        const problem = await page.evaluate(race, [place, theirs, mine, OTHER]);
        if (problem) wrong.push(`${name} ${place}, ${theirs} and ${mine}: ${problem}`);
        if (problem !== null) walked.push(`${name} ${place}`);
      }
      for (const field of tried) {
        const problem = await page.evaluate(clash, [place, field, OTHER]);
        if (problem) wrong.push(`${name} ${place}, both ${field}: ${problem}`);
      }
    }
  }
  assert.deepEqual(wrong, [], wrong.join("\n"));
  assert(new Set(walked).size >= 17, [...new Set(walked)].join(", "));
});

test("a workspace that was renamed in between keeps its new name, and gets the new slug", async () => {
  const page = await demo.open("anna", "/workspace/harmony/settings/general");
  await page.getByLabel("Slug").fill("harmony-two");
  const other = await page.context().newPage();
  await other.goto("/workspace/harmony/settings/general");
  await other.getByLabel("Name", { exact: true }).fill("Harmony of others");
  await other.getByRole("button", { name: "Save name and slug" }).click();
  await other.waitForSelector(".toast");
  await page.getByRole("button", { name: "Save name and slug" }).click();
  await page.waitForSelector("[role=alert]");
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Harmony of others");
  assert.equal(await page.getByLabel("Slug").inputValue(), "harmony-two");
  await page.getByRole("button", { name: "Save name and slug" }).click();
  await page.waitForURL(/harmony-two/);
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Harmony of others");
});

test("without scripts, what another person saved stays, and what both changed is shown twice", async () => {
  const page = await demo.open("anna", "/workspace/team-management/records/deals", { javaScriptEnabled: false });
  const api = demo.api(page, "team-management");
  const { id } = await api.post("/records/deals", { fields: { name: "Plain form", amount: 10 } });
  await page.goto(`/workspace/team-management/records/deals/${id}/edit`);
  await page.getByLabel("Name", { exact: true }).fill("Mine");
  await api.patch(`/records/deals/${id}`, { fields: { name: "Theirs", amount: 20 } });
  await page.getByRole("button", { name: "Save changes" }).click();
  assert.match(await page.innerText("[role=alert]"), /changed Name, Amount/);
  assert.match(await page.innerText("main"), /Saved now: Theirs/);
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.waitForSelector(".record");
  const { fields } = await api.get(`/records/deals/${id}`);
  assert.deepEqual([fields.name, fields.amount], ["Mine", 20]);
});
