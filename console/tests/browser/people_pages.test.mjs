// Every page and dialog about people is accessible and fits the screen, in both themes, on a phone and on a desktop.
import { test } from "node:test";
import { COLOURS, accessible, settled, start } from "./harness.mjs";
import { fits, member, team } from "./people.mjs";

const demo = await start();

for (const dark of [false, true]) {
  for (const phone of [false, true]) {
    test(`pages about people, ${dark ? "dark" : "light"}, ${phone ? "phone" : "desktop"}`, async () => {
      const page = await demo.open("anna", "/workspaces", { dark, phone });
      // What does not depend on the theme is asked once.
      const rules = dark ? COLOURS : [];
      const api = demo.api(page, "standard");
      const [elif, hana] = [await member(api, "elif"), await member(api, "hana")];
      const { items } = await api.get("/invitations");
      const paths = ["", "?status=pending", "?q=nothing", "/invite", `/${elif.id}`, `/${elif.id}/access`, `/${elif.id}/remove`,
        `/${elif.id}/deactivate`, `/${elif.id}/view`, `/invitations/${items[0].id}/revoke`, "/billing", `/billing?to=${hana.id}`,
        "/choose-top-role", `/bulk?part=role&member=${elif.id}&member=${hana.id}`, `/bulk?part=team&member=${elif.id}`, "/reassign",
        `/reassign?from=${elif.id}`, `/reassign?from=${elif.id}&to=${hana.id}`];
      for (const path of paths) {
        await page.goto(team("standard") + path);
        await settled(page);
        await accessible(page, rules);
        await fits(page);
      }
      await page.goto("/workspaces");
      await accessible(page, rules);
      await fits(page);
    });
  }
}
