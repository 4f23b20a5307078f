#!/usr/bin/env bash
# Package:  babel 2.18.0 and iso4217 1.16.20260101 from PyPI
# Expected: both follow ISO 4217, so that an amount kept in minor units by the one is printed whole by the other
# Happens:  for 13 currencies they name different numbers of decimals; a quarter of an Iraqi dinar, 250 fils by ISO, is printed as
#           nothing at all, and 1,750 fils as two dinars
# Hurt:     a shop that keeps prices in minor units and shows them by Babel shows other prices than it charges, and "free" for the
#           cheapest; Jardin takes an amount as a plain decimal, never in minor units, and refuses decimals that it cannot keep
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet babel==2.18.0 iso4217==1.16.20260101
"$folder/venv/bin/python" - <<'PY'
import sys
from decimal import Decimal
from importlib.metadata import version
from babel.numbers import format_currency, get_currency_precision
from iso4217 import Currency

differing = {
    currency.code: (currency.exponent, get_currency_precision(currency.code))
    for currency in Currency
    if currency.exponent is not None and currency.exponent != get_currency_precision(currency.code)
}
printed = {}
for fils in (250, 1750):
    dinars = Decimal(fils).scaleb(-Currency("IQD").exponent)
    printed[fils] = format_currency(dinars, "IQD", locale="en")
print("babel", version("babel"), "iso4217", version("iso4217"))
print("decimals by ISO 4217 and by Babel:", differing)
print("fils as Babel prints them:", printed)
holds = len(differing) == 13 and differing["IQD"] == (3, 0) and printed == {250: "IQD0", 1750: "IQD2"}
sys.exit(0 if holds else 1)
PY
