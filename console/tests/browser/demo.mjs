// Makes the data of the demo in a folder, once for all files of tests: node demo.mjs FOLDER
import { cpSync, rmSync } from "node:fs";
import { Site } from "./harness.mjs";

const site = await Site.serve();
await site.end();
cpSync(site.folder, process.argv[2], { recursive: true });
rmSync(site.folder, { recursive: true });
