// The demo's shop in a real browser: what each visitor sees, what the page leaves behind, and whether everybody can use it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const PROGRAM = process.env.JARDIN_BIN ?? here("../../target/release/jardin");
const PICTURES = here("pictures");
const AXE = readFileSync(here("node_modules/axe-core/axe.min.js"), "utf8");
const TENTS = ["TEN-101", "TEN-102", "TEN-103"];

let browser;
let shop;
let folder;
let address;

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

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "jardin-browser-"));
  mkdirSync(PICTURES, { recursive: true });
  address = await startShop();
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

/** A visitor with a browser of their own; what goes wrong in it is gathered. */
async function openShop(t, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1300, height: 1000 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  const faults = [];
  page.on("console", (said) => { if (["error", "warning"].includes(said.type())) faults.push(said.text()); });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => { if (!request.url().startsWith(`${address}/`)) faults.push(`leaves the origin: ${request.url()}`); });
  await page.goto(`${address}/`);
  await isDrawn(page);
  return { page, context, faults };
}

/** Waits until the page shows what it was last asked for. */
const isDrawn = (page) => page.waitForSelector("#page[aria-busy=false]");

async function visitPlace(page, place) {
  if (await page.evaluate((to) => location.hash === to, `#${place}`)) return;
  await act(page, () => page.evaluate((to) => { location.hash = to; }, `#${place}`));
}

/** Does something that draws the page anew. */
async function act(page, does) {
  await page.evaluate(() => { document.getElementById("page").setAttribute("aria-busy", "true"); });
  await does();
  await isDrawn(page);
}

const shownIn = (page, list) => page.$$eval(`.list:nth-of-type(${list}) .jardin-item`, (links) => links.map((link) => link.getAttribute("href")));
const known = (page) => page.$$eval("#known li", (lines) => lines.map((line) => line.textContent));
const answer = (page, nth) => act(page, () => page.click(`.choice button:nth-of-type(${nth})`));
const answerBanner = (page, nth) => act(page, () => page.click(`#banner > .answers button:nth-of-type(${nth})`));
const level = (page) => page.textContent(".list:nth-of-type(1) .level");
const hasBanner = (page) => page.isVisible("#banner");
const visitAs = (page, person) => act(page, () => page.selectOption("#person", person));
const savePicture = (page, name, more = {}) => page.screenshot({ path: join(PICTURES, `${name}.png`), ...more });

test("somebody unknown: three clicks change the list, a no gives the first one back", async (t) => {
  const { page, faults } = await openShop(t);
  const first = await shownIn(page, 1);
  assert.deepEqual(await known(page), ["Nothing.This visit has an id that the page forgets when it is closed, and that is all."]);
  for (const tent of TENTS) await visitPlace(page, tent);
  await savePicture(page, "product");
  await visitPlace(page, "home");
  assert.equal((await known(page)).length, 3);
  assert.notDeepEqual(await shownIn(page, 1), first);
  await savePicture(page, "home-after-three-tents");
  await answer(page, 2);
  assert.deepEqual(await shownIn(page, 1), first);
  assert.equal((await known(page)).length, 1);
  assert.deepEqual(faults, []);
});

test("Camille agreed and has a list of her own until she takes it back; Noor and Sacha have the shop window", async (t) => {
  const { page, faults } = await openShop(t);
  const everybodys = await shownIn(page, 1);
  await visitAs(page, "camille");
  assert.equal(await level(page), "Personal.");
  assert.notDeepEqual(await shownIn(page, 1), everybodys);
  await savePicture(page, "camille");
  for (const person of ["noor", "sacha"]) {
    await visitAs(page, person);
    assert.equal(await level(page), "Depends on nobody.", person);
    assert.deepEqual(await shownIn(page, 1), everybodys, person);
    await savePicture(page, person);
  }
  await visitAs(page, "camille");
  // three of her list beside three of everybody's, until she says no
  await visitPlace(page, "choices");
  assert.deepEqual((await shownIn(page, 2)), everybodys.slice(0, 3));
  assert.equal((await shownIn(page, 1)).length, 3);
  assert.notDeepEqual(await shownIn(page, 1), await shownIn(page, 2));
  await savePicture(page, "choices");
  await answer(page, 2);
  assert.deepEqual(await shownIn(page, 1), await shownIn(page, 2));
  await visitPlace(page, "home");
  assert.equal(await level(page), "Depends on nobody.");
  assert.deepEqual(await shownIn(page, 1), everybodys);
  await answer(page, 1);
  assert.equal(await level(page), "Personal.");
  assert.deepEqual(faults, []);
});

test("Noor is asked once, above the page, and a no is as near and as large as a yes", async (t) => {
  const { page, faults } = await openShop(t);
  assert.equal(await hasBanner(page), false, "nobody is asked of whom nothing is stored");
  const everybodys = await shownIn(page, 1);
  await visitAs(page, "noor");
  assert.equal(await hasBanner(page), true);
  assert.equal(await page.isVisible("#choice"), false, "nothing is asked twice");
  await savePicture(page, "banner");
  await page.setViewportSize({ width: 360, height: 800 });
  assert.deepEqual(await seriousFaults(page), []);
  await savePicture(page, "banner-narrow");
  const [no, yes] = await Promise.all([1, 2].map(async (nth) => (await page.locator(`#banner > .answers button:nth-of-type(${nth})`)).boundingBox()));
  assert.deepEqual([no.width, no.height, no.y], [yes.width, yes.height, yes.y]);
  const looks = await page.$$eval("#banner > .answers button", (buttons) => buttons.map((one) => { const { color, backgroundColor, font, border } = getComputedStyle(one); return [color, backgroundColor, font, border].join(); }));
  assert.equal(looks[0], looks[1]);
  // one of the two, then the other
  await page.click("#banner summary");
  await act(page, () => page.click("#banner details .answers:nth-of-type(2) button:nth-of-type(1)"));
  assert.equal((await known(page)).filter((line) => line.startsWith("You said no: ")).length, 1);
  await answerBanner(page, 1);
  assert.equal(await hasBanner(page), false);
  assert.equal((await known(page)).filter((line) => line.startsWith("You said no: ")).length, 2);
  assert.deepEqual(await shownIn(page, 1), everybodys);
  // she changes her mind about one of the two
  await answer(page, 1);
  assert.deepEqual((await known(page)).filter((line) => line.startsWith("You said")).map((line) => line.split(":")[0]), ["You said yes", "You said no"]);
  await answer(page, 2);
  assert.deepEqual(await shownIn(page, 1), everybodys);
  assert.deepEqual(faults, []);
});

test("a child is not asked, and its yes counts for nothing", async (t) => {
  const { page, faults } = await openShop(t);
  const everybodys = await shownIn(page, 1);
  await visitAs(page, "lou");
  assert.equal(await hasBanner(page), false);
  assert.equal(await level(page), "Depends on nobody.");
  assert.deepEqual(await shownIn(page, 1), everybodys);
  assert.equal((await known(page)).filter((line) => line.startsWith("You said yes, which does not count under 18: ")).length, 1);
  assert.equal(await page.locator(".choice button").count(), 0);
  await page.click(".list:nth-of-type(1) summary");
  await page.waitForSelector(".why dd");
  assert.deepEqual(await seriousFaults(page), []);
  assert.match(await page.textContent(".why dd"), /^was not allowed to run \(you are under 18\); may read subject\.birth_date \(age band of 10 years\)/);
  await savePicture(page, "child");
  assert.deepEqual(faults, []);
});

test("what is looked at in the pharmacy stays out of what the shop keeps", async (t) => {
  const { page, faults } = await openShop(t);
  await visitPlace(page, "pharmacy/blisters");
  await act(page, () => page.click(".jardin-item"));
  assert.match((await known(page))[0], /the policy lets the shop keep nothing of it$/);
  assert.deepEqual(faults, []);
});

test("the page keeps nothing on the device, before an answer and after one", async (t) => {
  const { page, context } = await openShop(t);
  const stored = async () => [
    await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length]),
    await context.cookies(),
  ];
  const nothing = [[0, 0, "", 0, 0], []];
  assert.deepEqual(await stored(), nothing);
  await visitPlace(page, TENTS[0]);
  await answer(page, 1);
  assert.deepEqual(await stored(), nothing);
  await answer(page, 2);
  assert.deepEqual(await stored(), nothing);
});

/** What axe calls serious, and whether anything lies beside the screen. */
async function seriousFaults(page) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  const wide = width > page.viewportSize().width ? [`the page is ${width} pixels wide`] : [];
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  return [...wide, ...serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3).join(" ")}`)];
}

for (const [name, options] of [
  ["en-light", {}],
  ["fr-dark", { locale: "fr-FR", colorScheme: "dark" }],
  ["fr-narrow", { locale: "fr-FR", viewport: { width: 360, height: 800 } }],
  ["de-light", { locale: "de-DE" }],
  ["de-narrow-dark", { locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 800 } }],
]) {
  test(`${name}: axe finds nothing serious and nothing lies beside the screen`, async (t) => {
    const { page } = await openShop(t, options);
    for (const place of ["home", TENTS[0], "basket", "tents", "choices"]) {
      await visitPlace(page, place);
      assert.deepEqual(await seriousFaults(page), [], place);
      await savePicture(page, `${name}-${place}`, { fullPage: true });
    }
  });
}
