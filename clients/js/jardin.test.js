import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { eventOf, fromDataLayer } from "./data_layer.js";
import { Jardin } from "./jardin.js";

/** A server that answers calls in turn by `answers` (the last one again and again), and what it was asked. */
async function startServer(t, answers) {
  const asked = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    asked.push({ method: request.method, path: request.url, body: text === "" ? undefined : JSON.parse(text), authorization: request.headers.authorization });
    const { status = 200, body = {}, headers = {}, silent = false } = answers[Math.min(asked.length, answers.length) - 1];
    if (!silent) response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { asked, url: `http://127.0.0.1:${server.address().port}` };
}

// a busy machine answers late, and that is no fault of the client
const patient = { patienceMs: 60_000 };
const view = (id) => ({ type: "view_item", items: [{ item_id: id }] });
const taken = { status: 202, body: { accepted: 1, duplicates: 0, redacted: [], rejected: [] } };

test("a list is asked for with the visit, the language and what the page says", async (t) => {
  const { asked, url } = await startServer(t, [{ body: { recommendation_id: "r", items: [{ item_id: "A" }] } }]);
  const list = await new Jardin({ url, ...patient, visit: { session_id: "s" }, locale: "fr" }).recommend("home", { limit: 3 });
  assert.deepEqual(list.items, [{ item_id: "A" }]);
  assert.deepEqual(asked[0].body, { placement: "home", locale: "fr", session_id: "s", limit: 3 });
});

test("the lists of a page are asked for at once, and where none can be had each is empty", async (t) => {
  const answers = [{ items: [{ item_id: "A" }] }, { items: [{ item_id: "B" }] }];
  const { asked, url } = await startServer(t, [{ body: { answers } }, { status: 503 }]);
  const jardin = new Jardin({ url, ...patient, visit: { session_id: "s" } });
  const page = [{ placement: "home", limit: 3 }, { placement: "new_in" }];
  assert.deepEqual(await jardin.recommendAll(page), answers);
  assert.equal(asked[0].path, "/v1/recommendations/batch");
  assert.deepEqual(asked[0].body, { distinct: true, requests: [{ session_id: "s", placement: "home", limit: 3 }, { session_id: "s", placement: "new_in" }] });
  assert.deepEqual((await jardin.recommendAll(page)).map(({ items, problem }) => [items, problem.status]), [[[], 503], [[], 503]]);
});

test("a no goes with every later list of the page, though it could not be recorded; a yes takes it back", async (t) => {
  const list = { body: { items: [] } };
  const { asked, url } = await startServer(t, [{ status: 503 }, list, { status: 503 }, list, {}, list, {}, list]);
  const jardin = new Jardin({ url, ...patient, token: async () => "v1.k.s" });
  await assert.rejects(jardin.answerConsent("personalisation", "refused", "2026-10"), { status: 503 });
  await jardin.recommend("home", { consent: { improvement: true } });
  assert.deepEqual(asked[1].body.consent, { improvement: true, personalisation: false });
  await assert.rejects(jardin.object(), { status: 503 });
  await jardin.recommend("home");
  assert.deepEqual([asked[3].body.consent, asked[3].body.objected], [{ personalisation: false }, true]);
  await jardin.answerConsent("personalisation", "granted", "2026-10");
  await jardin.recommend("home");
  assert.deepEqual([asked[5].body.consent, asked[5].body.objected], [undefined, true]);
  await jardin.object(false);
  await jardin.recommend("home");
  assert.deepEqual(asked[7].body, { placement: "home" });
});

test("what people are asked is read in the page's language", async (t) => {
  const asks = [{ name: "personalisation", text_version: "2026-10", permits: [], answers: ["refused", "granted"], lasts: "180 days" }];
  const { asked, url } = await startServer(t, [{ body: { consents: asks } }, { body: { consents: asks } }, { status: 503 }]);
  const jardin = new Jardin({ url, locale: "fr" });
  assert.deepEqual(await jardin.questions(), asks);
  assert.deepEqual(await jardin.questions("de-CH"), asks);
  await assert.rejects(jardin.questions(), { status: 503 });
  assert.deepEqual(asked.slice(0, 2).map(({ method, path }) => [method, path]), [["GET", "/v1/consents?locale=fr"], ["GET", "/v1/consents?locale=de-CH"]]);
});

test("the last answer to a question is read, and nothing where there is none", async (t) => {
  const { asked, url } = await startServer(t, [{ body: { status: "granted", counts: true } }, { status: 404 }, { status: 503 }]);
  const jardin = new Jardin({ url, token: async () => "v1.k.s" });
  assert.deepEqual(await jardin.lastAnswer("personalisation"), { status: "granted", counts: true });
  assert.equal(await jardin.lastAnswer("improvement"), undefined);
  await assert.rejects(jardin.lastAnswer("improvement"), { status: 503 });
  assert.deepEqual([asked[0].method, asked[0].path, asked[0].body], ["GET", "/v1/subjects/me/consents/personalisation", undefined]);
});

test("events wait while no token can be had, and what was sent gives its receipt", async (t) => {
  const { asked, url } = await startServer(t, [taken]);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let tokens = 0;
  const jardin = new Jardin({ url, token: async () => { tokens += 1; if (tokens === 1) throw new TypeError("offline"); return "v1.k.s"; } });
  jardin.record(view("A"));
  assert.equal(await jardin.flush(), undefined);
  assert.equal(asked.length, 0);
  assert.deepEqual(await jardin.flush(), taken.body);
  assert.equal(asked[0].body.events[0].items[0].item_id, "A");
  assert.equal(await jardin.flush(), undefined);
});

test("where no list can be had in time the page gets an empty one that says why", async (t) => {
  const refusing = await startServer(t, [{ status: 503, body: { detail: "busy" } }]);
  const silent = await startServer(t, [{ silent: true }]);
  // only the server that never answers is waited for
  for (const [url, status, patienceMs] of [[refusing.url, 503, 60_000], [silent.url, 0, 50], ["http://127.0.0.1:9", 0, 60_000]]) {
    const told = [];
    const list = await new Jardin({ url, patienceMs, onProblem: (problem) => told.push(problem) }).recommend("home");
    assert.deepEqual(list.items, []);
    assert.equal(list.problem.status, status);
    assert.equal(told.length, 1);
  }
});

test("a batch that fails for a while is sent again with the same ids, one that is refused is told and dropped", async (t) => {
  const busy = { status: 503, body: {}, headers: { "retry-after": "7" } };
  const { asked, url } = await startServer(t, [busy, taken, { status: 422, body: { detail: "`type` is missing" } }, taken]);
  const told = [];
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const jardin = new Jardin({ url, onProblem: ({ message }) => told.push(message) });
  jardin.record(view("A"));
  await jardin.flush();
  await jardin.flush();
  assert.match(asked[0].body.events[0].event_id, /^[0-9a-f-]{36}$/);
  assert.equal(asked[0].body.events[0].event_id, asked[1].body.events[0].event_id);
  assert.deepEqual(told, []);
  jardin.record({ items: [] });
  await jardin.flush();
  await jardin.flush();
  assert.deepEqual(told, ["`type` is missing"]);
  assert.equal(asked.length, 3);
});

test("events go in batches, and after a failure the next try waits as long as the server asks", async (t) => {
  const { asked, url } = await startServer(t, [taken, taken, { status: 429, headers: { "retry-after": "7" } }, taken]);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const jardin = new Jardin({ url });
  for (let n = 0; n < 49; n += 1) jardin.record(view(`A${n}`));
  assert.equal(asked.length, 0);
  await jardin.flush();
  for (let n = 0; n < 2; n += 1) jardin.record(view(`B${n}`));
  await jardin.flush();
  assert.deepEqual(asked.map(({ body }) => body.events.length), [49, 2]);
  jardin.record(view("C"));
  await jardin.flush();
  const calls = t.mock.method(globalThis, "fetch").mock;
  t.mock.timers.tick(6_999);
  assert.equal(calls.callCount(), 0);
  t.mock.timers.tick(1);
  assert.equal(calls.callCount(), 1);
  while (asked.length < 4) await new Promise((turn) => setImmediate(turn));
  assert.equal(asked[3].body.events[0].event_id, asked[2].body.events[0].event_id);
});

test("under a token no call names a visit, and a token that ended is renewed once", async (t) => {
  const ended = { status: 401, body: { detail: "ended" } };
  const { asked, url } = await startServer(t, [{ body: { items: [] } }, ended, { body: { items: [] } }, ended, ended]);
  let given = 0;
  const jardin = new Jardin({ url, ...patient, visit: { session_id: "s" }, token: async () => `v1.${(given += 1)}` });
  await jardin.recommend("home");
  await jardin.recommend("home");
  assert.deepEqual(asked.map(({ authorization }) => authorization), ["Bearer v1.1", "Bearer v1.1", "Bearer v1.2"]);
  assert.ok(asked.every(({ body }) => !("session_id" in body)));
  assert.equal((await jardin.recommend("home")).problem.status, 401);
  assert.equal(asked.length, 5);
});

test("an answer and an objection are the token's own person's, and one that was not taken throws", async (t) => {
  const { asked, url } = await startServer(t, [{}, {}, {}, { status: 503, body: { detail: "the disk is full" } }]);
  const page = new Jardin({ url, token: async () => "v1.k.s" });
  await page.answerConsent("personalisation", "granted", "2026-10");
  await page.object();
  await new Jardin({ url, visit: { subject_id: "a/b" } }).object(false);
  assert.deepEqual(asked.map(({ method, path, body }) => [method, path, body]), [
    ["PUT", "/v1/subjects/me/consents/personalisation", { status: "granted", text_version: "2026-10", source: "page" }],
    ["PUT", "/v1/subjects/me/objection", { active: true }],
    ["PUT", "/v1/subjects/a%2Fb/objection", { active: false }],
  ]);
  await assert.rejects(page.answerConsent("personalisation", "withdrawn", "2026-10"), { message: "the disk is full", status: 503 });
});

test("what waits when the page is left goes with the browser, with the token in the body, in beacons that it takes", async (t) => {
  const { url } = await startServer(t, [{ body: { items: [] } }]);
  const sent = [];
  let takes = true;
  const former = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  t.after(() => (former ? Object.defineProperty(globalThis, "navigator", former) : delete globalThis.navigator));
  const sendBeacon = (to, blob) => takes && sent.push({ to, blob }) > 0;
  Object.defineProperty(globalThis, "navigator", { value: { sendBeacon }, configurable: true });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const jardin = new Jardin({ url, ...patient, token: async () => "v1.k.s" });
  await jardin.recommend("home");
  const long = "x".repeat(25_000);
  for (const id of ["A", "B", "C"]) jardin.record({ ...view(id), note: long });
  takes = false;
  jardin.leave();
  assert.equal(sent.length, 0);
  takes = true;
  jardin.leave();
  jardin.leave();
  assert.deepEqual(sent.map(({ to }) => to), [`${url}/v1/events`, `${url}/v1/events`]);
  const bodies = await Promise.all(sent.map(async ({ blob }) => ({ type: blob.type, size: blob.size, ...JSON.parse(await blob.text()) })));
  assert.deepEqual(bodies.map(({ type, token, events }) => [type, token, events.length]), [["text/plain", "v1.k.s", 2], ["text/plain", "v1.k.s", 1]]);
  assert.ok(bodies.every(({ size }) => size < 64 * 1024));
});

test("pushes of GA4 become events; what is none of them is left alone", () => {
  const table = [
    [{ event: "view_item", ecommerce: { items: [{ item_id: "A", price: 9.9, quantity: 1 }] } }, { type: "view_item", items: [{ item_id: "A", quantity: 1, price: "9.90" }] }],
    [{ 0: "event", 1: "add_to_cart", 2: { items: [{ item_id: 7 }] } }, { type: "add_to_cart", items: [{ item_id: "7" }] }],
    [{ event: "purchase", ecommerce: { transaction_id: "T1", items: [{ item_id: "A", price: "1.299,00" }] } }, { type: "purchase", event_id: "purchase-T1", items: [{ item_id: "A" }] }],
    [{ event: "view_item", ecommerce: { items: [{ item_id: "A", price: -3, quantity: 0 }] } }, { type: "view_item", items: [{ item_id: "A" }] }],
    // two refunds of one order are two refunds
    [{ event: "refund", ecommerce: { transaction_id: "T1", items: [{ item_id: "A" }] } }, { type: "refund", items: [{ item_id: "A" }] }],
    [{ event: "search", search_term: "tent" }, { type: "search" }],
    [{ ecommerce: null }, undefined],
    [{ event: "gtm.js" }, undefined],
    [{ event: "view_item", ecommerce: { items: [{ item_name: "no id" }] } }, undefined],
    [{ 0: "config", 1: "G-1" }, undefined],
  ];
  for (const [pushed, expected] of table) assert.deepEqual(eventOf(pushed), expected);
});

test("what the data layer holds and what is pushed later is recorded, and the push still reaches it", () => {
  const recorded = [];
  const dataLayer = [{ event: "view_item", ecommerce: { items: [{ item_id: "A" }] } }];
  const end = fromDataLayer({ record: (event) => recorded.push(event.items[0].item_id) }, dataLayer);
  dataLayer.push({ event: "view_item", ecommerce: { items: [{ item_id: "B" }] } });
  end();
  dataLayer.push({ event: "view_item", ecommerce: { items: [{ item_id: "C" }] } });
  assert.deepEqual(recorded, ["A", "B"]);
  assert.equal(dataLayer.length, 3);
});

test("the client weighs at most 6 kB, names no storage and imports nothing", () => {
  const sources = ["jardin.js", "data_layer.js", "banners.js"].map((name) => readFileSync(new URL(name, import.meta.url), "utf8"));
  assert.ok(gzipSync(sources.join("")).length <= 6_000);
  for (const source of sources) assert.doesNotMatch(source, /localStorage|sessionStorage|indexedDB|document\.cookie|^import /m);
});

test("the types are those of openapi.json", () => {
  const printed = execFileSync(process.execPath, [new URL("make_types.mjs", import.meta.url).pathname], { encoding: "utf8" });
  assert.equal(readFileSync(new URL("api.d.ts", import.meta.url), "utf8"), printed);
});
