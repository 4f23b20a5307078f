// The demo's shop for the tests in a browser: it is started on a free port, and visited as people do.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const PROGRAM = process.env.JARDIN_BIN ?? here("../../target/release/jardin");
const AXE = readFileSync(here("node_modules/axe-core/axe.min.js"), "utf8");
/** What a strategy of the demo may take for a list, in these tests. */
const PATIENCE_MS = 5_000;
/** Where pictures of the pages are kept, to be looked at. */
export const PICTURES = here("pictures");

let browser;
let shop;
let folder;
/** Where the shop is served. */
export let address;

/** Starts the demo on a free port, and gives the address that it prints. */
async function startShop() {
  shop = spawn(PROGRAM, ["demo", "--listen", "127.0.0.1:0", "--data", folder], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  for await (const part of shop.stdout) {
    printed += part;
    const found = printed.match(/http:\/\/127\.0\.0\.1:\d+/);
    if (found) return found[0];
  }
  throw new Error(`the demo ended without an address: ${printed}`);
}

/** Lets every strategy take its time: on a busy machine one that is late is left out, and the list is another one then. */
async function grantTime() {
  const file = join(folder, "shop/policy.toml");
  const policy = readFileSync(file, "utf8");
  const patient = policy.replace("time_ms = 50,", `time_ms = ${PATIENCE_MS},`);
  assert.notEqual(patient, policy);
  writeFileSync(file, patient);
  const answered = async (path) => (await fetch(address + path)).json();
  const isPatient = async () => (await answered("/v1/policy")).text.includes(`time_ms = ${PATIENCE_MS},`) && (await answered("/health/ready")).strategies.every(({ ready }) => ready);
  while (!(await isPatient())) await new Promise((turn) => setTimeout(turn, 100));
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "jardin-browser-"));
  mkdirSync(PICTURES, { recursive: true });
  address = await startShop();
  await grantTime();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
});
after(async () => {
  await browser?.close();
  if (shop?.exitCode === null) {
    const ended = new Promise((done) => shop.once("exit", done));
    shop.kill();
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** What the page tells of itself: violations of its content security policy, and how far things moved on it. */
function watchPage() {
  globalThis.violations = [];
  globalThis.shifts = [];
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => globalThis.violations.push(`${violatedDirective} ${blockedURI}`));
  const noted = (list) => list.getEntries().forEach(({ value, sources }) => globalThis.shifts.push({ value, moved: sources.map(({ node }) => node?.id || node?.className || node?.nodeName) }));
  new PerformanceObserver(noted).observe({ type: "layout-shift", buffered: true });
}

/** A visitor with a browser of their own; what goes wrong in it is gathered. */
export async function openShop(t, { path = "/", ...options } = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1300, height: 1000 }, ...options });
  t.after(() => context.close());
  await context.addInitScript(watchPage);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (said) => { if (["error", "warning"].includes(said.type())) faults.push(said.text()); });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => { if (!request.url().startsWith(`${address}/`)) faults.push(`leaves the origin: ${request.url()}`); });
  const loaded = [];
  page.on("response", (response) => loaded.push(response));
  await page.goto(address + path);
  if (!path.startsWith("/style")) await isDrawn(page);
  return { page, context, faults, loaded };
}

/** Waits until the page shows what it was last asked for. */
export const isDrawn = (page) => page.waitForSelector("#page[aria-busy=false]", { state: "attached" });

/** Does something that draws the page anew. */
export async function act(page, does) {
  await page.evaluate(() => { document.getElementById("page").setAttribute("aria-busy", "true"); });
  await does();
  await isDrawn(page);
}

export async function visitPlace(page, place) {
  if (await page.evaluate((to) => (location.hash || "#/") === to, `#/${place}`)) return;
  await act(page, () => page.evaluate((to) => { location.hash = to; }, `#/${place}`));
}

export const lists = (page) => page.locator(".jardin-list");
export const shownIn = (page, nth) => lists(page).nth(nth).locator(".jardin-item").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
export const known = (page) => page.$$eval("#known li", (lines) => lines.map((line) => line.textContent));
export const level = (page) => lists(page).nth(0).locator(".level").textContent();
export const visitAs = (page, person) => act(page, () => page.selectOption("#person", person));

/** Answers the switch beside what is known. */
export const answer = (page, which) => act(page, () => page.click(`#choice .answer:nth-of-type(${which === "no" ? 1 : 2})`));

/** What axe calls serious, and whether anything lies beside the screen. */
export async function seriousFaults(page) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  const wide = width > page.viewportSize().width ? [`the page is ${width} pixels wide`] : [];
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  return [...wide, ...serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3).join(" ")}`)];
}
