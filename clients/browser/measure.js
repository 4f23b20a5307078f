// How long the demo's home page takes: `JARDIN_BIN=… node measure.js [COUNT]` prints medians of COUNT loads, one after the other. `answered`
// is the document and the lists as the server gives them, `drawn` is a browser from an empty cache to a page that shows everything.

import { test } from "node:test";

import { address, openShop } from "./shop.js";

const COUNT = Number(process.argv[2] ?? 100);
const LISTS = { distinct: true, requests: [{ placement: "home", limit: 8 }, { placement: "in_demand", limit: 4 }, { placement: "new_in", limit: 4 }] };

const medianOf = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)].toFixed(1);

async function timesOf(count, act) {
  const times = [];
  for (let n = 0; n < count; n += 1) {
    const begun = performance.now();
    await act();
    times.push(performance.now() - begun);
  }
  return times;
}

test("how long the home page takes", async (t) => {
  const body = JSON.stringify({ ...LISTS, requests: LISTS.requests.map((request) => ({ ...request, locale: "en", show: ["title_en", "title_fr", "price", "category"] })) });
  const load = async () => {
    await (await fetch(`${address}/`)).text();
    await (await fetch(`${address}/v1/recommendations/batch`, { method: "POST", headers: { "content-type": "application/json" }, body })).json();
  };
  await timesOf(COUNT, load);
  const answered = await timesOf(COUNT, load);
  const drawn = await timesOf(Math.min(COUNT, 20), async () => {
    const { context } = await openShop(t);
    await context.close();
  });
  t.diagnostic(`answered ${medianOf(answered)} ms, drawn ${medianOf(drawn)} ms (medians of ${answered.length} and ${drawn.length})`);
});
