#!/usr/bin/env bash
# Package:  @xcommerceweb/google-merchant-feed 0.1.2 from npm
# Expected: a price in a Google Merchant feed has the decimals of its currency (ISO 4217): three for the Kuwaiti dinar
# Happens:  every price is rounded to two: 1.299 dinars become 1.30, and 0.255 become 0.26
# Hurt:     the feed names another price than the page, and whatever reads it, an advertisement or a catalogue, shows that one; Jardin takes and
#           gives an amount as the plain decimal that the shop wrote
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder" && npm init --yes > /dev/null && npm install --silent --no-fund --no-audit @xcommerceweb/google-merchant-feed@0.1.2
cat > write.cjs <<'JS'
const { FeedBuilder } = require("@xcommerceweb/google-merchant-feed");

const feed = new FeedBuilder().withTitle("Shop").withLink("urn:shop").withDescription("Tents");
const prices = [1.299, 0.255, 12.5];
for (const value of prices) feed.withProduct({ id: `TEN-${value}`, title: "Tent", price: { value, currency: "KWD" } });
const written = [...feed.buildXml().matchAll(/<g:price>(.*?)<\/g:price>/g)].map(([, price]) => price);
console.log("@xcommerceweb/google-merchant-feed 0.1.2, given:", prices, "written:", written);
process.exit(written.join() === "1.30 KWD,0.26 KWD,12.50 KWD" ? 0 : 1);
JS
node write.cjs
