// Every page of the demo's shop in each language, light and dark, wide and narrow: axe, the page's policy, and a picture to look at.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PICTURES, address, openShop, seriousFaults, visitPlace } from "./shop.js";

const PLACES = ["", "tents", "TEN-103", "basket", "choices", "no-such-product"];

for (const locale of ["en-GB", "fr-FR", "de-DE"]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 360]) {
      const name = `${locale.slice(0, 2)}-${colorScheme}-${width}`;
      test(`${name}: axe finds nothing serious, the policy of the page is kept, and nothing lies beside the screen`, async (t) => {
        const { page, faults } = await openShop(t, { locale, colorScheme, viewport: { width, height: 800 } });
        for (const place of PLACES) {
          await visitPlace(page, place);
          assert.deepEqual(await seriousFaults(page), [], place);
          await page.screenshot({ path: `${PICTURES}/${name}-${place || "home"}.png`, fullPage: true });
        }
        assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
        // what the shop does not have is a 404 that the browser tells of
        assert.deepEqual(faults.filter((fault) => !fault.includes("404")), []);
        assert.ok(page.url().startsWith(address));
      });
    }
  }
}
