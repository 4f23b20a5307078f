// The page of docs/integrate.md as it stands there, in a browser: from an empty folder to a list that follows, and a choice that names it.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const PROGRAM = process.env.JARDIN_BIN ?? here("../../target/release/jardin");
const PAGE = readFileSync(here("../../docs/integrate.md"), "utf8");

const blocks = (kind) => [...PAGE.matchAll(new RegExp(`\`\`\`${kind}\\n(.*?)\n\`\`\``, "gs"))].map(([, block]) => `${block}\n`);
/** The block that stands below the name of its file. */
const fileOf = (name, kind) => PAGE.slice(PAGE.indexOf(`\n\`${name}\``)).match(new RegExp(`\`\`\`${kind}\\n(.*?)\n\`\`\``, "s"))[1];

/** A loopback address that nobody else has taken: its port is the page's own. */
const anAddress = () => `127.${[0, 0, 0].map(() => 1 + Math.floor(Math.random() * 250)).join(".")}`;

/** Starts a program that is ended with the test, and waits for what it says first, where it says anything. */
async function start(t, command, args, options, says) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  t.after(async () => {
    if (child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill();
    await ended;
  });
  if (says) for await (const part of child.stdout) { const found = String(part).match(says); if (found) return found[0]; }
  return undefined;
}

async function isAnswered(address) {
  while (!(await fetch(address).then(() => true, () => false))) await new Promise((turn) => setImmediate(turn));
}

test("the page shows a list, tells what was chosen in it, and the next list follows", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "jardin-integrate-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const inFolder = (...args) => execFileSync(PROGRAM, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  writeFileSync(join(folder, "items.jsonl"), blocks("json")[0]);
  inFolder("init", "my-shop", "--from", "items.jsonl", "--controller", "My shop, Lyon", "--contact", "privacy@my-shop.example", "--follow-visit", "To spare you searching.", "--balance", "LIA-1");
  inFolder("policy", "pin", "my-shop");
  const config = join(folder, "my-shop/jardin.toml");
  writeFileSync(config, readFileSync(config, "utf8").replace("[shop]\n", '[shop]\npublic = ["title", "price"]\n'));
  const host = anAddress();
  const origin = `http://${host}:8080`;
  writeFileSync(join(folder, "my-shop/server.toml"), `[cors]\norigins = ["${origin}"]\n`);
  const key = inFolder("key", "add", "serve", "ingest", "--name", "website", "--shop", "my-shop").match(/^jardin_\S+$/m)[0];
  const jardin = await start(t, PROGRAM, ["serve", "my-shop", "--listen", "127.0.0.1:0"], { cwd: folder }, /http:\/\/127\.0\.0\.1:\d+/);
  const placed = (text) => text.replaceAll("http://127.0.0.1:7700", jardin).replaceAll('"127.0.0.1"', `"${host}"`);
  for (const [name, kind] of [["shop.mjs", "js"], ["page.html", "html"], ["page.js", "js"]]) writeFileSync(join(folder, name), placed(fileOf(name, kind)));
  copyFileSync(here("../node/jardin_server.js"), join(folder, "jardin_server.js"));
  copyFileSync(here("../js/jardin.js"), join(folder, "jardin.js"));
  writeFileSync(join(folder, "package.json"), PAGE.match(/echo '(\{"type":"module"\})'/)[1]);
  await start(t, process.execPath, ["shop.mjs"], { cwd: folder, env: { ...process.env, KEY: key } });
  await isAnswered(origin);

  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const told = [];
  page.on("request", (request) => { if (request.url().endsWith("/v1/events") && request.method() === "POST") told.push(...JSON.parse(request.postData()).events); });
  const lists = [];
  page.on("response", async (response) => { if (response.url().endsWith("/v1/recommendations") && response.request().method() === "POST") lists.push(await response.json()); });
  await page.goto(origin);
  await page.waitForSelector(".jardin-item");
  assert.deepEqual(await page.$$eval(".jardin-title", (all) => all.map(({ textContent }) => textContent)), ["Two-person tent", "Sleeping mat", "Air mat"]);
  await page.getByRole("link", { name: "Sleeping mat" }).click();
  await page.waitForFunction(() => document.querySelector(".jardin-title").textContent === "Air mat");
  assert.equal(await page.textContent(".jardin-reason"), "Of a kind that you just looked at");
  assert.deepEqual(told.map(({ type, recommendation_id: list, items }) => [type, list, items[0].item_id]), [["select_item", lists[0].recommendation_id, "A-2"], ["view_item", undefined, "A-2"]]);
});
