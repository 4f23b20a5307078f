//! The calendar by hand: days of the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible
//! low-level date algorithms"), and the summer time of Paris (Directive 2000/84/EC: from the last Sunday of
//! March to the last of October, both at 01:00 UTC).

const DAY: i64 = 86_400_000;

/// Days since 1970-01-01.
pub fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
pub fn date_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted - era * 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn month_length(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days_of(next_year, next_month, 1) - days_of(year, month, 1)
}

/// The UTC offset in milliseconds at an instant.
fn offset(zone: &str, at: i64) -> i64 {
    if zone != "Europe/Paris" {
        return 0;
    }
    let (year, ..) = date_of(at.div_euclid(DAY));
    let last_sunday = |month: i64| {
        let last = days_of(year, month, 31);
        // 1970-01-01 was a Thursday, so that (days + 4) mod 7 is 0 on a Sunday
        (last - (last + 4).rem_euclid(7)) * DAY + 3_600_000
    };
    let summer = at >= last_sunday(3) && at < last_sunday(10);
    if summer { 7_200_000 } else { 3_600_000 }
}

/// The wall clock at an instant: days since 1970-01-01 and milliseconds of the day.
pub fn wall(zone: &str, at: i64) -> (i64, i64) {
    let local = at + offset(zone, at);
    (local.div_euclid(DAY), local.rem_euclid(DAY))
}

/// The instant of a wall clock; of two the earlier, and a skipped time moves forward.
pub fn instant(zone: &str, local: i64) -> i64 {
    let (winter, summer) = (local - offset(zone, local - 5 * DAY), local - offset(zone, local + 5 * DAY));
    let candidates = [winter.min(summer), winter.max(summer)];
    let holds = |at: i64| at + offset(zone, at) == local;
    if holds(candidates[0]) {
        candidates[0]
    } else if holds(candidates[1]) {
        candidates[1]
    } else {
        // skipped: by the offset before the gap
        local - offset(zone, local - 5 * DAY)
    }
}

/// The instant a span of time before another: `90 days` of 86,400 s, `24 months` of the calendar.
pub fn before(zone: &str, now: i64, span: &str) -> i64 {
    let (count, unit) = span.split_once(' ').unwrap();
    let count: i64 = count.parse().unwrap();
    let ms = match unit.trim_end_matches('s') {
        "second" => 1000,
        "minute" => 60_000,
        "hour" => 3_600_000,
        "day" => DAY,
        "week" => 7 * DAY,
        "month" => return months_before(zone, now, count),
        "year" => return months_before(zone, now, 12 * count),
        other => panic!("{other}"),
    };
    now - count * ms
}

fn months_before(zone: &str, now: i64, months: i64) -> i64 {
    let (days, of_day) = wall(zone, now);
    let (year, month, day) = date_of(days);
    let total = year * 12 + month - 1 - months;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    let day = day.min(month_length(year, month));
    instant(zone, days_of(year, month, day) * DAY + of_day)
}

/// Whole years from a birth date to the day of an instant.
pub fn age(zone: &str, birth: (i64, i64, i64), now: i64) -> i64 {
    let (year, month, day) = date_of(wall(zone, now).0);
    year - birth.0 - i64::from((month, day) < (birth.1, birth.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_is_right() {
        // 2026-11-20T11:00:00Z by `date -u`
        assert_eq!(days_of(2026, 11, 20) * DAY + 11 * 3_600_000, 1_795_172_400_000);
        assert_eq!(date_of(days_of(2028, 2, 29)), (2028, 2, 29));
        assert_eq!(wall("Europe/Paris", 1_795_172_400_000).1, 12 * 3_600_000);
        assert_eq!(
            before("UTC", 1_795_172_400_000, "9 months"),
            (days_of(2026, 2, 20) * DAY) + 11 * 3_600_000
        );
    }
}
