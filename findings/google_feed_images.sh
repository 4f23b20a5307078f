#!/usr/bin/env bash
# Package:  feedparser 6.0.11 from PyPI
# Expected: of a Google Merchant item in RSS, both additional_image_link values, and no price where the item has none
# Happens:  elements are flattened by name: one image of several is kept, and in a supplemental feed, whose items need no
#           price, the price inside <g:shipping> becomes the product's
# Hurt:     a shop's catalogue takes delivery prices for product prices; a reader of such feeds must keep the nesting
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet feedparser==6.0.11
"$folder/venv/bin/python" - <<'PY'
import sys, feedparser

def item(inner):
    feed = ('<?xml version="1.0"?><rss version="2.0" xmlns:g="urn:feed:g"><channel><title>shop</title>'
            f'<item><g:id>A1</g:id>{inner}</item></channel></rss>')
    return feedparser.parse(feed).entries[0]

images = item("<g:additional_image_link>front.jpg</g:additional_image_link><g:additional_image_link>back.jpg</g:additional_image_link>")
shipping = "<g:shipping><g:country>FR</g:country><g:price>4.90 EUR</g:price></g:shipping>"
price = item(shipping)["g_price"]
print("feedparser", feedparser.__version__, "images:", images["g_additional_image_link"], "price:", price)
sys.exit(0 if images["g_additional_image_link"] == "back.jpg" and price == "4.90 EUR" else 1)
PY
