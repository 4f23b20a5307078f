// What holds on every page of the demo's shop: what is kept on the device, what is loaded, what moves, and whether everybody can use it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { PICTURES, act, answer, openShop, seriousFaults, visitAs, visitPlace } from "./shop.js";

/** Everything that a visit of the shop may load, with the answers of the API. */
const HOME_BYTES = 100_000;

test("nothing is kept on the device: not before a yes, not after one, not after it was taken back", async (t) => {
  const { page, context } = await openShop(t);
  const stored = async () => [
    await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]),
    await context.cookies(),
  ];
  const nothing = [[0, 0, "", 0, 0, 0], []];
  assert.deepEqual(await stored(), nothing);
  await visitPlace(page, "TEN-101");
  for (const which of ["yes", "no"]) {
    await answer(page, which);
    assert.deepEqual(await stored(), nothing, `somebody unknown, after a ${which}`);
  }
  await visitAs(page, "camille");
  for (const which of ["no", "yes", "no", "yes"]) {
    await answer(page, which);
    assert.deepEqual(await stored(), nothing, `Camille, after a ${which}`);
  }
});

test("the home page weighs at most 100 kB in all, in each language", async (t) => {
  for (const locale of ["en-GB", "fr-FR", "de-DE"]) {
    const { loaded } = await openShop(t, { locale });
    const bytes = await Promise.all(loaded.map(async (response) => (await response.body()).length));
    const all = bytes.reduce((sum, one) => sum + one, 0);
    assert.ok(loaded.length >= 10 && all <= HOME_BYTES, `${locale}: ${all} bytes in ${loaded.length} answers`);
    t.diagnostic(`${locale}: ${all} bytes in ${loaded.length} answers`);
  }
});

for (const [width, locale] of [[1300, "en-GB"], [900, "fr-FR"], [360, "en-GB"], [360, "fr-FR"], [360, "de-DE"]]) {
  test(`${locale}: nothing moves at ${width} pixels, neither when the page is loaded nor when a personal list takes the place of a public one`, async (t) => {
    const { page } = await openShop(t, { locale, viewport: { width, height: 900 } });
    const moved = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(globalThis.shifts)))));
    assert.deepEqual(await moved(), [], "while the page is loaded");
    await visitAs(page, "camille");
    assert.deepEqual(await moved(), [], "when the list became personal");
    for (const which of ["no", "yes"]) {
      await answer(page, which);
      assert.deepEqual(await moved(), [], `after a ${which}`);
    }
  });
}

test("the keyboard alone: over the skip link to the products, and a new page begins at its heading", async (t) => {
  const { page, faults } = await openShop(t);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "page");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "jardin-item");
  const title = await page.evaluate(() => document.activeElement.querySelector(".jardin-title").textContent);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.tagName === "H1");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), title);
  assert.equal(await page.title(), `${title} – La Draille`);
  assert.deepEqual(faults, []);
});

test("whoever answers by the keyboard stays where they were", async (t) => {
  const { page } = await openShop(t);
  const focused = () => page.evaluate(() => [document.activeElement.textContent, document.activeElement.getAttribute("aria-pressed")]);
  await page.focus("#choice .answer");
  await act(page, () => page.keyboard.press("Enter"));
  assert.deepEqual(await focused(), ["No", "true"]);
  await visitAs(page, "noor");
  await page.focus("#banner > .answers .answer");
  await act(page, () => page.keyboard.press("Enter"));
  assert.equal(await page.evaluate(() => document.activeElement.id), "page", "the banner is gone, and the page goes on");
});

test("an answer is said aloud, and what is in another language says which", async (t) => {
  const { page } = await openShop(t, { locale: "de-DE" });
  await visitAs(page, "camille");
  assert.equal(await page.textContent("#said"), "Die Listen sind neu. Persönlich.");
  assert.deepEqual(await page.$$eval(".jardin-title", (all) => [...new Set(all.map(({ lang }) => lang))]), ["en"]);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
});

test("a page is found again by its address", async (t) => {
  const { page } = await openShop(t, { path: "/#/TEN-103" });
  assert.equal(await page.textContent("h1"), "2-person tent Nordhang Vinje");
  assert.deepEqual(await page.$$eval("#known li", (lines) => lines.map(({ className }) => className)), ["nothing"], "a page that is opened is not told of");
});

test("the page of the stylesheet shows every name in it, in light and dark", async (t) => {
  const styles = readFileSync(new URL("../../core/cli/src/demo/storefront/storefront.css", import.meta.url), "utf8");
  assert.ok(styles.split("\n").length <= 400);
  const names = [...styles.slice(0, styles.indexOf("}")).matchAll(/^ {2}(--[a-z-]+):/gm)].map(([, name]) => name);
  assert.ok(names.length > 20);
  // every colour has a name, and every name a use
  assert.doesNotMatch(styles.slice(styles.indexOf("}")), /#[0-9a-f]{3,8}\b|rgb\(|hsl\(/);
  for (const name of names) assert.ok(styles.includes(`var(${name})`), `${name} is not used`);
  for (const colorScheme of ["light", "dark"]) {
    const { page, faults } = await openShop(t, { path: "/style", colorScheme, viewport: { width: 1000, height: 900 } });
    await page.waitForSelector("#card .jardin-item");
    assert.deepEqual(await page.$$eval("#names code", (all) => all.map(({ textContent }) => textContent)), names);
    assert.deepEqual(await seriousFaults(page), []);
    assert.deepEqual(faults, []);
    await page.screenshot({ path: `${PICTURES}/style-${colorScheme}.png`, fullPage: true });
  }
});
