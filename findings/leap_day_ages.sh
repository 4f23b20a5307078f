#!/usr/bin/env bash
# Package:  python-dateutil 2.9.0.post0 and pendulum 3.3.0 from PyPI; date-fns 4.4.0, luxon 3.7.2, dayjs 1.11.23 and
#           @js-temporal/polyfill 0.5.1 from npm
# Expected: they agree on the day on which somebody who was born on 29 February turns 18
# Happens:  on 28 February of a common year three say 18 and three say 17
# Hurt:     a page that asks one of them and a server that asks another treat the same person as a child and as an adult on one day; Jardin
#           decides by one rule (the first of March), and the policy alone, never the page, says who counts as a child
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet python-dateutil==2.9.0.post0 pendulum==3.3.0
cd "$folder" && npm init --yes > /dev/null
npm install --silent --no-fund --no-audit date-fns@4.4.0 luxon@3.7.2 dayjs@1.11.23 @js-temporal/polyfill@0.5.1
"$folder/venv/bin/python" > ages.txt - <<'PY'
from datetime import date
import pendulum
from dateutil.relativedelta import relativedelta

for on in (date(2026, 2, 28), date(2026, 3, 1)):
    print(on, "dateutil", relativedelta(on, date(2008, 2, 29)).years)
    print(on, "pendulum", pendulum.date(2008, 2, 29).diff(pendulum.date(on.year, on.month, on.day)).in_years())
PY
cat > ages.mjs <<'JS'
import { differenceInYears } from "date-fns";
import dayjs from "dayjs";
import { DateTime } from "luxon";
import { Temporal } from "@js-temporal/polyfill";

const born = "2008-02-29";
for (const on of ["2026-02-28", "2026-03-01"]) {
  console.log(on, "date-fns", differenceInYears(new Date(on), new Date(born)));
  console.log(on, "luxon", Math.floor(DateTime.fromISO(on).diff(DateTime.fromISO(born), "years").years));
  console.log(on, "dayjs", dayjs(on).diff(born, "year"));
  console.log(on, "temporal", Temporal.PlainDate.from(born).until(on, { largestUnit: "years" }).years);
}
JS
TZ=UTC node ages.mjs >> ages.txt
sort ages.txt
expected=$(printf '%s\n' "2026-02-28 date-fns 17" "2026-02-28 dateutil 18" "2026-02-28 dayjs 18" "2026-02-28 luxon 18" "2026-02-28 pendulum 17" "2026-02-28 temporal 17")
[ "$(LC_ALL=C sort ages.txt | grep '^2026-02-28')" = "$expected" ] && [ "$(grep -c '^2026-03-01 .* 18$' ages.txt)" = 6 ]
