#!/usr/bin/env bash
# Package:  @ericblade/barcode-validator 2.4.1 from npm, beside gtin-validator 1.0.0
# Expected: a number whose check digit is right by the GS1 General Specifications is valid, and one whose digit is wrong is not
# Happens:  for GTIN-8, GTIN-13 and GTIN-14 the weights 3 and 1 are exchanged: of 1,000 right numbers some 200 pass, and of as many wrong ones
#           some pass; UPC and ISBN are right
# Hurt:     an import that checks by it throws away most of a European shop's catalogue and keeps misread numbers; Jardin keeps an item's number
#           as the text that the shop wrote, and judges no check digit
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder" && npm init --yes > /dev/null
npm install --silent --no-fund --no-audit @ericblade/barcode-validator@2.4.1 gtin-validator@1.0.0
cat > check.cjs <<'JS'
const validate = require("@ericblade/barcode-validator");
const { isValidGTIN } = require("gtin-validator");

// numbers with the prefixes 300 to 309, and the check digit of GS1: weights 3, 1, 3, … from the last digit before it
const digit = (body) => (10 - ([...body].reverse().reduce((sum, d, i) => sum + Number(d) * (i % 2 ? 1 : 3), 0) % 10)) % 10;
const bodies = Array.from({ length: 1000 }, (_, n) => `30${String((n * 7919 + 12345) % 10_000_000_000).padStart(10, "0")}`);
const right = bodies.map((body) => body + digit(body));
const wrong = bodies.map((body) => body + ((digit(body) + 4) % 10));
const passing = (numbers, passes) => numbers.filter(passes).length;
const seen = {
  "barcode-validator": [right, wrong].map((numbers) => passing(numbers, (number) => validate(number).valid)),
  "gtin-validator": [right, wrong].map((numbers) => passing(numbers, (number) => isValidGTIN(number))),
};
console.log("of 1,000 right and 1,000 wrong GTIN-13 are called valid:", seen);
const [mine, wrongs] = seen["barcode-validator"];
process.exit(mine < 500 && wrongs > 0 && seen["gtin-validator"].join() === "1000,0" ? 0 : 1);
JS
node check.cjs
