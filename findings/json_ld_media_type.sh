#!/usr/bin/env bash
# Package:  extruct 0.18.0 from PyPI
# Expected: JSON-LD in a page is found by its media type as HTML and RFC 6838 read one: in capitals too, and with a parameter, of which JSON-LD
#           1.1 itself defines two
# Happens:  the attribute is compared letter by letter: with a charset, a profile or capitals the product is not there, and nothing is said
# Hurt:     a catalogue that is read from pages has no prices for some shops, and for one shop's templates but not for others; a reader of JSON-LD
#           must read the type as a type
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet extruct==0.18.0
"$folder/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version
import extruct

product = '{"@context": {"@vocab": "urn:schema:"}, "@type": "Product", "sku": "TEN-103", "price": "199.00"}'
types = ["application/ld+json", "application/ld+json; charset=utf-8", "application/ld+json;profile=urn:flat", "Application/LD+JSON"]
def found(media_type):
    page = f'<!doctype html><html><head><script type="{media_type}">{product}</script></head><body></body></html>'
    return len(extruct.extract(page, syntaxes=["json-ld"])["json-ld"])

seen = {media_type: found(media_type) for media_type in types}
print("extruct", version("extruct"), "products found:", seen)
sys.exit(0 if list(seen.values()) == [1, 0, 0, 0] else 1)
PY
