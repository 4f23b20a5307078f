#!/usr/bin/env bash
# Package:  klaro 0.7.22 and vanilla-cookieconsent 3.1.0 from npm, in jsdom 29.1.1
# Expected: before a person has answered, no consent manager says that they accepted anything
# Happens:  klaro's getConsent() is true for a service that is preselected, while `confirmed` is false; for one that runs until it is refused
#           it is false. vanilla-cookieconsent in its opt-out mode lists a preselected category among the accepted ones, while its
#           acceptedCategory() says no
# Hurt:     a shop that reads these getters records a yes that nobody gave, with a time and a source; Jardin's client records an answer
#           where the page says that one was given, and reads no getter
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder" && npm init --yes > /dev/null && npm install --silent --no-fund --no-audit klaro@0.7.22 vanilla-cookieconsent@3.1.0 jsdom@29.1.1
cat > seen.mjs <<'JS'
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

// a page has cookies and storage only where it has an origin; this one is made up, and nothing is fetched
const openPage = () => new JSDOM("<!doctype html><body></body>", { url: "http:page", pretendToBeVisual: true, runScripts: "outside-only" }).window;
const load = (page, file) => page.eval(readFileSync(`node_modules/${file}`, "utf8"));

const services = [{ name: "preselected", purposes: ["shop"], default: true }, { name: "until refused", purposes: ["shop"], optOut: true }, { name: "asked", purposes: ["shop"] }];
const first = openPage();
first.klaroConfig = { version: 1, elementID: "klaro", services, translations: {} };
load(first, "klaro/dist/klaro-no-css.js");
const manager = first.klaro.getManager(first.klaroConfig);
const klaro = { confirmed: manager.confirmed, ...Object.fromEntries(services.map(({ name }) => [name, manager.getConsent(name)])) };

const second = openPage();
load(second, "vanilla-cookieconsent/dist/cookieconsent.umd.js");
const consent = second.CookieConsent;
const texts = { en: { consentModal: { title: "May we?" }, preferencesModal: { sections: [] } } };
await consent.run({ mode: "opt-out", categories: { preselected: { enabled: true }, asked: {} }, language: { default: "en", translations: texts } });
const vanilla = { answered: consent.validConsent(), accepted: [...consent.getUserPreferences().acceptedCategories], acceptedCategory: consent.acceptedCategory("preselected") };

console.log("before any answer, klaro 0.7.22:", klaro);
console.log("before any answer, vanilla-cookieconsent 3.1.0:", vanilla);
assert.deepEqual(klaro, { confirmed: false, preselected: true, "until refused": false, asked: false });
assert.deepEqual(vanilla, { answered: false, accepted: ["preselected"], acceptedCategory: false });
JS
node seen.mjs
