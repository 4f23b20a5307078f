#!/usr/bin/env bash
# Package:  crawler-user-agents 1.60.0 from npm
# Expected: its patterns are of crawlers, so that what matches none of them is left and what matches one may be thrown away
# Happens:  one pattern is the number of an Android build (listed as a web scraper), another the words that Facebook's own browser
#           ends with (listed as a link preview): people who follow a link on such a phone, or in that application, count as crawlers
# Hurt:     a shop that drops events by this list loses the visits that come from social media, and all of one phone's; Jardin asks no
#           list who is a person
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder" && npm init --yes > /dev/null && npm install --silent --no-fund --no-audit crawler-user-agents@1.60.0
node - <<'JS'
const crawlers = require("crawler-user-agents");
const listed = (agent) => crawlers.filter(({ pattern }) => new RegExp(pattern).test(agent)).map(({ pattern, description }) => `${pattern} (${description})`);
const phone = (build, rest) => `Mozilla/5.0 (Linux; Android 15; Phone Build/${build}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36${rest}`;
const seen = {
  "a phone of that build in any application's browser": listed(phone("AP3A.240617.008", "")),
  "the same phone one build later": listed(phone("AP3A.240905.015", "")),
  "that phone in Facebook's browser": listed(phone("AP3A.240905.015", " MetaIAB Facebook")),
};
console.log("crawler-user-agents", JSON.parse(require("fs").readFileSync("node_modules/crawler-user-agents/package.json")).version, crawlers.length, "patterns");
for (const [who, patterns] of Object.entries(seen)) console.log(`${who}:`, patterns);
const counts = Object.values(seen).map((patterns) => patterns.length);
process.exit(counts.join() === "1,0,1" ? 0 : 1);
JS
