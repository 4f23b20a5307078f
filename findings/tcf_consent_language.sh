#!/usr/bin/env bash
# Package:  @iabtcf/core 1.5.6 from npm, the reference encoder of TCF consent strings
# Expected: the string carries the language in which the person was asked, as it was set
# Happens:  `encode` works on a copy of the model and writes the vendor list's language over it; the model itself keeps what was set, so that
#           the program goes on seeing the right one
# Hurt:     a shop that keeps the string as its proof of consent proves that a French question was asked in English; Jardin's own record of an
#           answer names the version of the text, and takes no language from a consent string
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder" && npm install --silent --no-fund --no-audit @iabtcf/core@1.5.6
cat > ask.cjs <<'JS'
const { GVL, TCModel, TCString } = require("@iabtcf/core");

const named = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [i + 1, { id: i + 1, name: `n${i + 1}`, description: "", illustrations: [] }]));
const vendor = (id) => ({ id, name: `v${id}`, purposes: [1], legIntPurposes: [], flexiblePurposes: [], specialPurposes: [], features: [], specialFeatures: [] });
const list = new GVL({
  gvlSpecificationVersion: 3, vendorListVersion: 48, tcfPolicyVersion: 4, lastUpdated: "2024-01-01T00:00:00Z", stacks: {},
  purposes: named(11), specialPurposes: named(2), features: named(3), specialFeatures: named(2), vendors: { 1: vendor(1) },
});
list.readyPromise.then(() => {
  const model = new TCModel(list);
  Object.assign(model, { cmpId: 10, cmpVersion: 1, consentScreen: 1, consentLanguage: "FR", publisherCountryCode: "FR", isServiceSpecific: true });
  model.purposeConsents.set(1);
  model.vendorConsents.set(1);
  const written = TCString.decode(TCString.encode(model));
  console.log(`language set: ${model.consentLanguage}; in the string: ${written.consentLanguage}`);
  process.exit(model.consentLanguage === "FR" && written.consentLanguage === "EN" ? 0 : 1);
});
JS
node ask.cjs
