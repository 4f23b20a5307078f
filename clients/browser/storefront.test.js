// The demo's shop in a real browser: what each visitor sees, what the page leaves behind, and whether everybody can use it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PICTURES, act, answer, known, level, lists, openShop, seriousFaults, shownIn, visitAs, visitPlace } from "./shop.js";

const TENTS = ["TEN-101", "TEN-102", "TEN-103"];

const pageContent = (page) => page.innerHTML("#page");
const hasBanner = (page) => page.isVisible("#banner");
const answerBanner = (page, which) => act(page, () => page.click(`#banner > .answers .answer:nth-of-type(${which === "no" ? 1 : 2})`));
const savePicture = (page, name, more = {}) => page.screenshot({ path: `${PICTURES}/${name}.png`, ...more });

test("somebody unknown: three clicks change the list, a no gives the page back byte for byte", async (t) => {
  const { page, faults } = await openShop(t);
  const first = { content: await pageContent(page), items: await shownIn(page, 0) };
  const nothing = ["Nothing.This visit has an id that the page forgets when it is closed, and that is all."];
  assert.deepEqual(await known(page), nothing);
  for (const tent of TENTS) await visitPlace(page, tent);
  await savePicture(page, "product");
  await visitPlace(page, "");
  assert.equal((await known(page)).filter((line) => line.startsWith("You looked at ")).length, 3);
  assert.equal((await known(page)).length, 3);
  const followed = await shownIn(page, 0);
  assert.notDeepEqual(followed, first.items);
  // tents come first, and say why
  const reasons = await lists(page).nth(0).locator("li").evaluateAll((cards) => cards.map((card) => card.querySelector(".jardin-reason")?.textContent));
  assert.equal(reasons[0], "Of a kind that you just looked at");
  assert.match(followed[0], /^#\/TEN-/);
  assert.equal(await level(page), "Follows this visit.");
  await savePicture(page, "home-after-three-tents");
  await answer(page, "no");
  assert.equal(await pageContent(page), first.content);
  assert.deepEqual(await known(page), nothing);
  // nothing is told of them from now on
  await visitPlace(page, TENTS[0]);
  await visitPlace(page, "");
  assert.equal(await pageContent(page).then((content) => content.replace(' tabindex="-1"', "")), first.content);
  assert.deepEqual(await known(page), nothing);
  assert.deepEqual(faults, []);
});

test("Camille agreed and has a list of her own until she takes it back; Noor and Sacha have the shop window", async (t) => {
  const { page, faults } = await openShop(t);
  const everybodys = await pageContent(page);
  await visitAs(page, "camille");
  assert.equal(await level(page), "Personal.");
  assert.notEqual(await pageContent(page), everybodys);
  assert.equal((await known(page)).filter((line) => line.startsWith("You said yes: ")).length, 2);
  await savePicture(page, "camille");
  for (const person of ["noor", "sacha"]) {
    await visitAs(page, person);
    assert.equal(await level(page), "Depends on nobody.", person);
    assert.equal(await pageContent(page), everybodys, person);
    await savePicture(page, person);
  }
  assert.ok((await known(page)).includes("You objected to all profiling"));
  await visitAs(page, "camille");
  // three of her list beside three of everybody's, until she says no
  await visitPlace(page, "choices");
  const [hers, others] = [await shownIn(page, 0), await shownIn(page, 1)];
  assert.deepEqual([hers.length, others.length], [3, 3]);
  assert.notDeepEqual(hers, others);
  await savePicture(page, "choices");
  await answer(page, "no");
  assert.deepEqual(await shownIn(page, 0), others, "one row is left, and the other is not made without a yes");
  assert.equal(await page.locator(".pair .empty").count(), 1);
  await visitPlace(page, "");
  assert.equal((await pageContent(page)).replace(' tabindex="-1"', ""), everybodys);
  assert.equal((await known(page)).filter((line) => line.startsWith("You took back your yes: ")).length, 1);
  await answer(page, "yes");
  assert.equal(await level(page), "Personal.");
  // an objection stops it as well, and is lifted
  await visitPlace(page, "choices");
  await act(page, () => page.locator(".question").nth(2).getByRole("button", { name: "Yes" }).click());
  assert.ok((await known(page)).includes("You objected to all profiling"));
  assert.equal(await lists(page).count(), 1);
  assert.deepEqual(await shownIn(page, 0), others);
  await act(page, () => page.locator(".question").nth(2).getByRole("button", { name: "No" }).click());
  assert.deepEqual(await shownIn(page, 0), hers);
  assert.deepEqual(faults, []);
});

test("Noor is asked once, above the page, and a no is as near and as large as a yes", async (t) => {
  const { page, faults } = await openShop(t);
  assert.equal(await hasBanner(page), false, "nobody is asked of whom nothing is stored");
  const everybodys = await pageContent(page);
  await visitAs(page, "noor");
  assert.equal(await hasBanner(page), true);
  assert.equal(await page.locator("#choice .answer").count(), 0, "nothing is asked twice");
  await savePicture(page, "banner");
  await page.setViewportSize({ width: 360, height: 800 });
  assert.deepEqual(await seriousFaults(page), []);
  await savePicture(page, "banner-narrow");
  const [no, yes] = await Promise.all([1, 2].map((nth) => page.locator(`#banner > .answers .answer:nth-of-type(${nth})`).boundingBox()));
  assert.deepEqual([no.width, no.height, no.y], [yes.width, yes.height, yes.y]);
  const looks = await page.$$eval("#banner > .answers .answer", (buttons) => buttons.map((one) => { const { color, backgroundColor, font, border } = getComputedStyle(one); return [color, backgroundColor, font, border].join(); }));
  assert.equal(looks[0], looks[1]);
  // one of the two, then the other
  await page.click("#banner summary");
  await act(page, () => page.locator("#banner details .answers").nth(1).locator(".answer").nth(0).click());
  assert.equal((await known(page)).filter((line) => line.startsWith("You said no: ")).length, 1);
  await answerBanner(page, "no");
  assert.equal(await hasBanner(page), false);
  assert.equal((await known(page)).filter((line) => line.startsWith("You said no: ")).length, 2);
  assert.equal(await pageContent(page), everybodys);
  // she changes her mind about one of the two
  await answer(page, "yes");
  assert.deepEqual((await known(page)).filter((line) => line.startsWith("You said")).map((line) => line.split(":")[0]), ["You said yes", "You said no"]);
  await answer(page, "no");
  assert.equal(await pageContent(page), everybodys);
  assert.deepEqual(faults, []);
});

test("a child is not asked, and its yes counts for nothing", async (t) => {
  const { page, faults } = await openShop(t);
  const everybodys = await pageContent(page);
  await visitAs(page, "lou");
  assert.equal(await hasBanner(page), false);
  assert.equal(await level(page), "Depends on nobody.");
  assert.equal(await pageContent(page), everybodys);
  assert.equal((await known(page)).filter((line) => line.startsWith("You said yes, which does not count under 18: ")).length, 1);
  assert.equal(await page.locator("#choice .answer").count(), 0);
  await lists(page).nth(0).locator("summary").click();
  await page.waitForSelector(".why dd");
  assert.deepEqual(await seriousFaults(page), []);
  const told = await page.textContent(".why dd");
  assert.match(told, /^Choose products for you from what you looked at and bought here\.was not allowed to run \(you are under 18\); may read .*subject\.birth_date \(age band of 10 years\)/);
  await savePicture(page, "child");
  await visitPlace(page, "choices");
  assert.equal(await page.locator("#page .answer").count(), 0);
  assert.deepEqual(faults, []);
});

test("what is looked at in the pharmacy stays out of what the shop keeps", async (t) => {
  const { page, faults } = await openShop(t);
  await visitPlace(page, "first-aid");
  await act(page, () => page.click(".jardin-item"));
  assert.match((await known(page))[0], /the policy lets the shop keep nothing of it$/);
  assert.deepEqual(faults, []);
});

test("a shelf is a list by the shop's rules, and who pays for a place is named in each language", async (t) => {
  const { page, faults } = await openShop(t);
  await visitPlace(page, "tents");
  const shown = await shownIn(page, 0);
  assert.ok(shown.length >= 8 && shown.every((place) => place.startsWith("#/TEN-")), shown.join());
  for (const [language, label] of [["fr", "Sponsorisé par Nordhang"], ["de", "Anzeige von Nordhang AS"], ["en", "Sponsored by Nordhang"]]) {
    await act(page, () => page.selectOption("#language", language));
    const labels = await lists(page).nth(0).locator("li").evaluateAll((cards) => cards.map((card) => card.querySelector(".jardin-sponsored")?.textContent));
    assert.deepEqual(labels.flatMap((text, n) => (text ? [[n, text]] : [])), [[1, label]]);
  }
  assert.deepEqual(faults, []);
});

test("what lies in the basket is known while the visit may be followed; an order empties it", async (t) => {
  const { page, faults } = await openShop(t);
  for (const tent of TENTS.slice(1)) {
    await visitPlace(page, tent);
    await act(page, () => page.click(".act"));
  }
  await visitPlace(page, "basket");
  assert.deepEqual([await page.textContent("#basket"), await page.textContent(".kept tr:last-child td:last-child")], ["Basket (2)", "€608.00"]);
  assert.equal((await known(page)).filter((line) => line.startsWith("In your basket: ")).length, 2);
  assert.equal(await page.locator(".jardin-reason").first().textContent(), "Goes with your basket");
  await savePicture(page, "basket");
  const asked = [];
  page.on("request", (request) => { if (request.url().endsWith("/batch")) asked.push(...JSON.parse(request.postData()).requests); });
  await answer(page, "no");
  assert.ok(asked.length > 0 && asked.every((request) => !("session" in request)), "Jardin is not told of the basket");
  assert.equal((await known(page)).length, 1);
  assert.equal(await page.textContent("#basket"), "Basket (2)");
  await answer(page, "yes");
  await act(page, () => page.click(".kept .small"));
  assert.equal(await page.textContent("#basket"), "Basket (1)");
  await act(page, () => page.click("#page .act"));
  assert.equal(await page.textContent("#said"), "Thank you. The shop has been told of the order.");
  assert.equal(await page.textContent("#basket"), "Basket (0)");
  assert.match((await known(page))[0], /^You ordered one product/);
  assert.deepEqual(faults, []);
});

test("the drawer shows each call, to be copied into a terminal", async (t) => {
  const { page, context, faults } = await openShop(t);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await visitPlace(page, TENTS[0]);
  await page.click("#calls-title");
  const told = await page.$$eval("#calls li", (all) => all.map((one) => one.firstChild.textContent.replace(/, \d+ ms $/, "")));
  assert.deepEqual([...told].sort(), ["GET /v1/consents?locale=en → 200", "GET /v1/items/TEN-101?show=title_en,title_fr,price,category → 200", "POST /v1/events → 202", "POST /v1/recommendations/batch → 200", "POST /v1/recommendations/batch → 200"]);
  await page.locator("#calls li", { hasText: "/v1/events" }).locator("button").click();
  await page.waitForFunction(() => [...document.querySelectorAll("#calls button")].some(({ textContent }) => textContent === "Copied"));
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^curl -s -X POST 'http:\/\/127\.0\.0\.1:\d+\/v1\/events' -H 'content-type: application\/json' -d '\{"events":\[\{"event_id":.*"view_item"/);
  assert.deepEqual(await seriousFaults(page), []);
  await savePicture(page, "calls", { fullPage: true });
  assert.deepEqual(faults, []);
});

test("what is kept of somebody is shown to them, and taken along as a file", async (t) => {
  const { page, faults } = await openShop(t);
  await visitAs(page, "camille");
  await visitPlace(page, "choices");
  assert.deepEqual(await page.$$eval(".kept th", (all) => all.map(({ textContent }) => textContent).sort()), ["Date of birth", "Postcode", "Products that you looked at", "Purchases"]);
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("#page .act")]);
  assert.equal(file.suggestedFilename(), "camille.json");
  let text = "";
  for await (const part of await file.createReadStream()) text += part;
  assert.equal(JSON.parse(text).subject_id, "camille");
  assert.deepEqual(faults, []);
});
