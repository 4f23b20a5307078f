#!/usr/bin/env bash
# Package:  @woocommerce/csv-export 1.11.0 from npm, read by csv-parse 6.1.0
# Expected: a quote inside a quoted cell is doubled (RFC 4180), in every cell
# Happens:  a cell that begins with - + = or @ gets an apostrophe and is quoted, but its own quotes are not doubled: a name with an inch mark ends
#           its cell early, and a strict reader refuses the file; without the first sign the same name is written well
# Hurt:     a shop's export breaks off at one product, or a lenient reader shifts its cells; Jardin's reader of CSV (Online Retail) names
#           the row in which a quote stands within a cell, and takes nothing from it
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder" && npm init --yes > /dev/null && npm install --silent --no-fund --no-audit @woocommerce/csv-export@1.11.0 csv-parse@6.1.0
cat > write.cjs <<'JS'
// the package asks for a browser when it is loaded; making the text needs none
Object.assign(globalThis, { self: globalThis, window: globalThis, document: { createElementNS: () => ({}) } });
globalThis.navigator ?? Object.defineProperty(globalThis, "navigator", { value: { userAgent: "" } });
const { generateCSVDataFromTable } = require("@woocommerce/csv-export");
const { parse } = require("csv-parse/sync");

const written = (name) => generateCSVDataFromTable([{ label: "Name" }, { label: "SKU" }], [[{ value: name }, { value: "PAN-7" }]]);
const cells = (text) => {
  try {
    return parse(text)[1];
  } catch (error) {
    return error.code;
  }
};
const seen = ['Pan, 7" wide', '-20 %: pan, 7" wide'].map((name) => [written(name).split("\n")[1], cells(written(name))]);
console.log("@woocommerce/csv-export 1.11.0, the row and how it is read:", seen);
const [good, bad] = seen.map(([, read]) => read);
process.exit(Array.isArray(good) && good[0] === 'Pan, 7" wide' && typeof bad === "string" ? 0 : 1);
JS
node write.cjs
