// The clients for a shop's server do the same in each language: one table of answers, asked by a few lines in each.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";

const order = { id: "17", at: "2026-11-20T10:00:00Z", lines: [{ item_id: "A", quantity: 2, price: "9.90" }] };
const asked_order = {
  event_id: "purchase-17", type: "purchase", occurred_at: "2026-11-20T10:00:00Z", session_id: "s", items: [{ item_id: "A", quantity: 2, price: "9.90" }],
};

const NODE = (url, patient) => `
const patient = ${patient};
import { JardinServer } from ${JSON.stringify(new URL("node/jardin_server.js", import.meta.url).href)};
const jardin = new JardinServer({ url: ${JSON.stringify(url)}, key: "secret", ...(patient && { listMs: 60_000 }) });
const list = await jardin.list("home", { limit: 2 });
const order = { ...${JSON.stringify(order)}, session_id: "s" };
const told = await jardin.recordOrder(order).then(() => "taken", (error) => error.message);
const token = await jardin.token({ session_id: "s", scopes: ["serve"] }).catch(() => null);
console.log(JSON.stringify({ list, told, token }));`;

const PYTHON = (url, patient) => `
import json, sys
sys.path.insert(0, ${JSON.stringify(new URL("python", import.meta.url).pathname)})
sys.dont_write_bytecode = True
from jardin_server import JardinServer, NotTaken
jardin, order = JardinServer(${JSON.stringify(url)}, "secret"${patient ? ", 60.0" : ""}), json.loads(${JSON.stringify(JSON.stringify(order))})
def tried(call):
    try: return call() or "taken"
    except NotTaken as error: return str(error)
shown = jardin.list("home", limit=2)
told = tried(lambda: jardin.record_order(order["id"], order["at"], order["lines"], session_id="s"))
try: token = jardin.token(session_id="s", scopes=["serve"])
except NotTaken: token = None
print(json.dumps({"list": shown, "told": told, "token": token}))`;

const PHP = (url, patient) => `
require ${JSON.stringify(new URL("php/jardin_server.php", import.meta.url).pathname)};
$jardin = new JardinServer(${JSON.stringify(url)}, "secret"${patient ? ", 60.0" : ""});
$order = json_decode('${JSON.stringify(order)}', true);
$list = $jardin->list("home", ["limit" => 2]);
try { $jardin->recordOrder($order["id"], $order["at"], $order["lines"], ["session_id" => "s"]); $told = "taken"; } catch (JardinNotTaken $error) { $told = $error->getMessage(); }
try { $token = $jardin->token(["session_id" => "s", "scopes" => ["serve"]]); } catch (JardinNotTaken) { $token = null; }
echo json_encode(["list" => $list, "told" => $told, "token" => $token]);`;

const languages = [
  ["Node", (url, patient) => [process.execPath, ["--input-type=module", "-e", NODE(url, patient)]]],
  ["Python", (url, patient) => ["python3", ["-c", PYTHON(url, patient)]]],
  ["PHP", (url, patient) => ["php", ["-r", PHP(url, patient)]]],
];

const has = (command) => new Promise((done) => spawn(command, ["--version"], { stdio: "ignore" }).on("error", () => done(false)).on("exit", (code) => done(code === 0)));

async function startServer(t, answers) {
  const asked = {};
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    asked[request.url] = { body: JSON.parse(text), authorization: request.headers.authorization };
    const answer = answers[request.url];
    if (answer) response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { asked, url: `http://127.0.0.1:${server.address().port}` };
}

const run = ([command, args]) => new Promise((done, fail) => {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [out, error] = ["", ""];
  child.stdout.on("data", (part) => { out += part; });
  child.stderr.on("data", (part) => { error += part; });
  child.on("error", fail).on("exit", (code) => (code === 0 ? done(JSON.parse(out)) : fail(new Error(error))));
});

for (const [language, command] of languages) {
  test(`${language}: a list, an order and a token`, async (t) => {
    if (!(await has(command("")[0]))) return t.skip(`${language} is not installed`);
    const taken = { status: 202, body: { accepted: 1, duplicates: 0, redacted: [], rejected: [] } };
    const { asked, url } = await startServer(t, {
      "/v1/recommendations": { status: 200, body: { items: [{ item_id: "B", rank: 1 }] } },
      "/v1/events": taken,
      "/v1/tokens": { status: 200, body: { token: "v1.k.s" } },
    });
    assert.deepEqual(await run(command(url, true)), { list: [{ item_id: "B", rank: 1 }], told: "taken", token: "v1.k.s" });
    assert.deepEqual(asked["/v1/recommendations"], { body: { placement: "home", limit: 2 }, authorization: "Bearer secret" });
    assert.deepEqual(asked["/v1/events"].body, { events: [asked_order] });
    assert.deepEqual(asked["/v1/tokens"].body, { session_id: "s", scopes: ["serve"] });
  });

  test(`${language}: no list where the answer is late, and an order that is refused is told`, async (t) => {
    if (!(await has(command("")[0]))) return t.skip(`${language} is not installed`);
    const { url } = await startServer(t, {
      "/v1/events": { status: 202, body: { accepted: 0, duplicates: 0, redacted: [], rejected: [{ index: 0, problem: "unknown-item", detail: "no such item" }] } },
      "/v1/tokens": { status: 403, body: { detail: "this key may not" } },
    });
    assert.deepEqual(await run(command(url, false)), { list: [], told: "no such item", token: null });
  });
}

/** The fenced blocks of a kind in a page of the documentation. */
const blocksOf = (page, kind) => [...readFileSync(new URL(`../docs/${page}`, import.meta.url), "utf8").matchAll(new RegExp(`\`\`\`${kind}\\n(.*?)\n\`\`\``, "gs"))].map(([, block]) => block);

/** Whether a program takes what it is given on its standard input. */
const takes = (command, args, text) => new Promise((done) => {
  const child = spawn(command, args, { stdio: ["pipe", "ignore", "pipe"] });
  let error = "";
  child.stderr.on("data", (part) => { error += part; });
  child.on("exit", (code) => done(code === 0 ? undefined : error || `ended with ${code}`));
  child.stdin.end(text);
});

test("what the pages on shop systems say to write is read by its language", async (t) => {
  if (!(await has("php"))) return t.skip("PHP is not installed");
  for (const page of ["prestashop.md", "woocommerce.md"]) {
    const blocks = blocksOf(page, "php");
    assert.equal(blocks.length, 2, page);
    for (const block of blocks) {
      // a hook stands in the module's class
      const whole = block.startsWith("public function") ? `class Module {\n${block}\n}` : block;
      assert.equal(await takes("php", ["-l"], `<?php\n${whole}`), undefined, page);
    }
  }
  const scripts = blocksOf("shopify.md", "js");
  assert.equal(scripts.length, 2);
  for (const script of scripts) assert.equal(await takes(process.execPath, ["--input-type=module", "--check", "-"], script), undefined);
});
