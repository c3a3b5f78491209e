//! Dates: seconds to calendar fields and back, and `strftime` in the C locale.

use std::io::Write;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A date and time of day, in some zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    /// The year.
    pub(crate) year: i64,
    /// The month, from 1.
    pub(crate) month: i64,
    /// The day of the month, from 1.
    pub(crate) day: i64,
    /// The hour.
    pub(crate) hour: i64,
    /// The minute.
    pub(crate) min: i64,
    /// The second.
    pub(crate) sec: i64,
    /// The day of the week, Sunday being 0.
    pub(crate) weekday: i64,
    /// The day of the year, from 0.
    pub(crate) year_day: i64,
}

/// Where a time is local.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Zone<'a> {
    /// Seconds east of Greenwich.
    pub(crate) offset: i64,
    /// What `%Z` writes.
    pub(crate) name: &'a str,
}

/// Days from 1970-01-01 to a date; `month` is 1 to 12, `day` any number.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = (month + 9) % 12; // March is 0
    let day_of_year = (153 * shifted + 2) / 5;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year + day
        - 1
        - 719_468
}

/// Whether a year can be told to C: its distance from 1900 is an `int` there.
fn is_representable(year: i64) -> bool {
    i32::try_from(year - 1900).is_ok()
}

impl Civil {
    /// The fields of a time given in seconds since 1970, local ones; `None` if the year is out of range.
    pub(crate) fn from_seconds(seconds: i64) -> Option<Civil> {
        let days = seconds.div_euclid(DAY);
        let second = seconds.rem_euclid(DAY);
        let shifted = days + 719_468; // days since 0000-03-01
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        is_representable(year).then(|| Civil {
            year,
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            hour: second / 3600,
            min: second / 60 % 60,
            sec: second % 60,
            weekday: (days + 4).rem_euclid(7),
            year_day: days - days_from_civil(year, 1, 1),
        })
    }

    /// Seconds since 1970 of fields that need not be in range, all within those of a C `int` or near; the days of
    /// the week and the year are not looked at.
    pub(crate) fn to_seconds(self) -> i64 {
        let month = self.month - 1;
        let year = self.year + month.div_euclid(12);
        let days = days_from_civil(year, month.rem_euclid(12) + 1, self.day);
        days * DAY + self.hour * 3600 + self.min * 60 + self.sec
    }

    /// ISO 8601 year and week.
    fn iso_week(&self) -> (i64, i64) {
        let weekday = (self.weekday + 6) % 7; // Monday is 0
        let week = (self.year_day - weekday + 10) / 7;
        let weeks_of = |year: i64| {
            let first = (days_from_civil(year, 1, 1) + 3).rem_euclid(7);
            let leap = days_from_civil(year + 1, 1, 1) - days_from_civil(year, 1, 1) == 366;
            if first == 3 || leap && first == 2 { 53 } else { 52 }
        };
        if week < 1 {
            (self.year - 1, weeks_of(self.year - 1))
        } else if week > weeks_of(self.year) {
            (self.year + 1, 1)
        } else {
            (self.year, week)
        }
    }

    /// The hour on a 12-hour clock.
    fn hour12(&self) -> i64 {
        (self.hour + 11) % 12 + 1
    }
}

/// Length of the conversion at the start of `s`, which follows a `%`; `None` if there is none.
pub(crate) fn conversion_len(s: &[u8]) -> Option<usize> {
    match s {
        [b'E', c, ..] if b"cCxXyY".contains(c) => Some(2),
        [b'O', c, ..] if b"deHImMSuUVwWy".contains(c) => Some(2),
        [c, ..] if b"aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%".contains(c) => Some(1),
        _ => None,
    }
}

/// Names of the days, from Sunday.
const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Names of the months.
#[rustfmt::skip]
const MONTHS: [&str; 12] = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
];

/// The element of a table of names.
fn name<const N: usize>(names: &[&'static str; N], i: i64) -> &'static str {
    usize::try_from(i).ok().and_then(|i| names.get(i)).copied().unwrap_or("?")
}

/// Writes what a conversion, its last byte given, stands for.
pub(crate) fn push_conversion(conversion: u8, t: &Civil, zone: &Zone<'_>, out: &mut Vec<u8>) {
    let mut all = |conversions: &[(u8, &str)]| {
        for (c, after) in conversions {
            push_conversion(*c, t, zone, out);
            out.extend_from_slice(after.as_bytes());
        }
    };
    match conversion {
        b'c' => all(&[(b'a', " "), (b'b', " "), (b'e', " "), (b'T', " "), (b'Y', "")]),
        b'D' | b'x' => all(&[(b'm', "/"), (b'd', "/"), (b'y', "")]),
        b'F' => all(&[(b'Y', "-"), (b'm', "-"), (b'd', "")]),
        b'r' => all(&[(b'I', ":"), (b'M', ":"), (b'S', " "), (b'p', "")]),
        b'R' => all(&[(b'H', ":"), (b'M', "")]),
        b'T' | b'X' => all(&[(b'H', ":"), (b'M', ":"), (b'S', "")]),
        _ => push_single(conversion, t, zone, out).expect("a vector takes everything"),
    }
}

/// [`push_conversion`] of those that are not made of others.
fn push_single(
    conversion: u8,
    t: &Civil,
    zone: &Zone<'_>,
    out: &mut Vec<u8>,
) -> std::io::Result<()> {
    match conversion {
        b'a' => write!(out, "{}", &name(&DAYS, t.weekday)[..3]),
        b'A' => write!(out, "{}", name(&DAYS, t.weekday)),
        b'b' | b'h' => write!(out, "{}", &name(&MONTHS, t.month - 1)[..3]),
        b'B' => write!(out, "{}", name(&MONTHS, t.month - 1)),
        b'C' => write!(out, "{}", t.year.div_euclid(100)),
        b'd' => write!(out, "{:02}", t.day),
        b'e' => write!(out, "{:2}", t.day),
        b'g' => write!(out, "{:02}", t.iso_week().0.rem_euclid(100)),
        b'G' => write!(out, "{}", t.iso_week().0),
        b'H' => write!(out, "{:02}", t.hour),
        b'I' => write!(out, "{:02}", t.hour12()),
        b'j' => write!(out, "{:03}", t.year_day + 1),
        b'm' => write!(out, "{:02}", t.month),
        b'M' => write!(out, "{:02}", t.min),
        b'n' => out.write_all(b"\n"),
        b'p' => write!(out, "{}", if t.hour < 12 { "AM" } else { "PM" }),
        b'S' => write!(out, "{:02}", t.sec),
        b't' => out.write_all(b"\t"),
        b'u' => write!(out, "{}", (t.weekday + 6) % 7 + 1),
        b'U' => write!(out, "{:02}", (t.year_day + 7 - t.weekday) / 7),
        b'V' => write!(out, "{:02}", t.iso_week().1),
        b'w' => write!(out, "{}", t.weekday),
        b'W' => write!(out, "{:02}", (t.year_day + 7 - (t.weekday + 6) % 7) / 7),
        b'y' => write!(out, "{:02}", t.year.rem_euclid(100)),
        b'Y' => write!(out, "{}", t.year),
        b'z' => {
            let sign = if zone.offset < 0 { '-' } else { '+' };
            let minutes = zone.offset.abs() / 60;
            write!(out, "{sign}{:02}{:02}", minutes / 60, minutes % 60)
        }
        b'Z' => write!(out, "{}", zone.name),
        _ => write!(out, "%"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Civil, Zone, conversion_len, push_conversion};

    /// Formats a time in Greenwich.
    fn date(format: &str, seconds: i64) -> String {
        let civil = Civil::from_seconds(seconds).unwrap();
        let mut rest = format.as_bytes();
        let mut out = Vec::new();
        while let [c, tail @ ..] = rest {
            rest = tail;
            if *c == b'%' {
                let len = conversion_len(rest).unwrap();
                push_conversion(rest[len - 1], &civil, &Zone { offset: 0, name: "GMT" }, &mut out);
                rest = &rest[len..];
            } else {
                out.push(*c);
            }
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn dates_format_as_c_formats_them() {
        const ALL: &str = "%a %A %b %B %c %C %d %D %e %F %g %G %h %H %I %j %m %M %p %r %R %S %T %u %U %V %w %W %x %X %y %Y %z %Z %% %Ec %Od";
        for &(seconds, want) in DATES {
            assert_eq!(date(ALL, seconds), want, "{seconds}");
        }
    }

    #[test]
    fn fields_go_back_to_seconds() {
        for &(seconds, _) in DATES {
            assert_eq!(Civil::from_seconds(seconds).unwrap().to_seconds(), seconds);
        }
        let odd = Civil {
            year: 2024,
            month: 14,
            day: -3,
            hour: 25,
            min: -1,
            sec: 61,
            weekday: 0,
            year_day: 0,
        };
        assert_eq!(
            Civil::from_seconds(odd.to_seconds()).map(|c| (c.year, c.month, c.day, c.hour)),
            Some((2025, 1, 29, 1))
        );
        assert_eq!(Civil::from_seconds(i64::MAX), None);
        assert_eq!(Civil::from_seconds(i64::MIN), None);
        assert!(Civil::from_seconds(67_768_036_191_676_799).is_some());
        assert!(Civil::from_seconds(67_768_036_191_676_800).is_none());
    }

    /// Seconds and what 5.5.1 writes for them.
    #[rustfmt::skip]
    const DATES: &[(i64, &str)] = &[
        (0, "Thu Thursday Jan January Thu Jan  1 00:00:00 1970 19 01 01/01/70  1 1970-01-01 70 1970 Jan 00 12 001 01 00 AM 12:00:00 AM 00:00 00 00:00:00 4 00 01 4 00 01/01/70 00:00:00 70 1970 +0000 GMT % Thu Jan  1 00:00:00 1970 01"),
        (1, "Thu Thursday Jan January Thu Jan  1 00:00:01 1970 19 01 01/01/70  1 1970-01-01 70 1970 Jan 00 12 001 01 00 AM 12:00:01 AM 00:00 01 00:00:01 4 00 01 4 00 01/01/70 00:00:01 70 1970 +0000 GMT % Thu Jan  1 00:00:01 1970 01"),
        (-1, "Wed Wednesday Dec December Wed Dec 31 23:59:59 1969 19 31 12/31/69 31 1969-12-31 70 1970 Dec 23 11 365 12 59 PM 11:59:59 PM 23:59 59 23:59:59 3 52 01 3 52 12/31/69 23:59:59 69 1969 +0000 GMT % Wed Dec 31 23:59:59 1969 31"),
        (86399, "Thu Thursday Jan January Thu Jan  1 23:59:59 1970 19 01 01/01/70  1 1970-01-01 70 1970 Jan 23 11 001 01 59 PM 11:59:59 PM 23:59 59 23:59:59 4 00 01 4 00 01/01/70 23:59:59 70 1970 +0000 GMT % Thu Jan  1 23:59:59 1970 01"),
        (951782400, "Tue Tuesday Feb February Tue Feb 29 00:00:00 2000 20 29 02/29/00 29 2000-02-29 00 2000 Feb 00 12 060 02 00 AM 12:00:00 AM 00:00 00 00:00:00 2 09 09 2 09 02/29/00 00:00:00 00 2000 +0000 GMT % Tue Feb 29 00:00:00 2000 29"),
        (951868799, "Tue Tuesday Feb February Tue Feb 29 23:59:59 2000 20 29 02/29/00 29 2000-02-29 00 2000 Feb 23 11 060 02 59 PM 11:59:59 PM 23:59 59 23:59:59 2 09 09 2 09 02/29/00 23:59:59 00 2000 +0000 GMT % Tue Feb 29 23:59:59 2000 29"),
        (1709210096, "Thu Thursday Feb February Thu Feb 29 12:34:56 2024 20 29 02/29/24 29 2024-02-29 24 2024 Feb 12 12 060 02 34 PM 12:34:56 PM 12:34 56 12:34:56 4 08 09 4 09 02/29/24 12:34:56 24 2024 +0000 GMT % Thu Feb 29 12:34:56 2024 29"),
        (1735689599, "Tue Tuesday Dec December Tue Dec 31 23:59:59 2024 20 31 12/31/24 31 2024-12-31 25 2025 Dec 23 11 366 12 59 PM 11:59:59 PM 23:59 59 23:59:59 2 52 01 2 53 12/31/24 23:59:59 24 2024 +0000 GMT % Tue Dec 31 23:59:59 2024 31"),
        (1735689600, "Wed Wednesday Jan January Wed Jan  1 00:00:00 2025 20 01 01/01/25  1 2025-01-01 25 2025 Jan 00 12 001 01 00 AM 12:00:00 AM 00:00 00 00:00:00 3 00 01 3 00 01/01/25 00:00:00 25 2025 +0000 GMT % Wed Jan  1 00:00:00 2025 01"),
        (1230768000, "Thu Thursday Jan January Thu Jan  1 00:00:00 2009 20 01 01/01/09  1 2009-01-01 09 2009 Jan 00 12 001 01 00 AM 12:00:00 AM 00:00 00 00:00:00 4 00 01 4 00 01/01/09 00:00:00 09 2009 +0000 GMT % Thu Jan  1 00:00:00 2009 01"),
        (1293839999, "Fri Friday Dec December Fri Dec 31 23:59:59 2010 20 31 12/31/10 31 2010-12-31 10 2010 Dec 23 11 365 12 59 PM 11:59:59 PM 23:59 59 23:59:59 5 52 52 5 52 12/31/10 23:59:59 10 2010 +0000 GMT % Fri Dec 31 23:59:59 2010 31"),
        (1104537600, "Sat Saturday Jan January Sat Jan  1 00:00:00 2005 20 01 01/01/05  1 2005-01-01 04 2004 Jan 00 12 001 01 00 AM 12:00:00 AM 00:00 00 00:00:00 6 00 53 6 00 01/01/05 00:00:00 05 2005 +0000 GMT % Sat Jan  1 00:00:00 2005 01"),
        (1136073600, "Sun Sunday Jan January Sun Jan  1 00:00:00 2006 20 01 01/01/06  1 2006-01-01 05 2005 Jan 00 12 001 01 00 AM 12:00:00 AM 00:00 00 00:00:00 7 01 52 0 00 01/01/06 00:00:00 06 2006 +0000 GMT % Sun Jan  1 00:00:00 2006 01"),
        (1451606400, "Fri Friday Jan January Fri Jan  1 00:00:00 2016 20 01 01/01/16  1 2016-01-01 15 2015 Jan 00 12 001 01 00 AM 12:00:00 AM 00:00 00 00:00:00 5 00 53 5 00 01/01/16 00:00:00 16 2016 +0000 GMT % Fri Jan  1 00:00:00 2016 01"),
        (1483228800, "Sun Sunday Jan January Sun Jan  1 00:00:00 2017 20 01 01/01/17  1 2017-01-01 16 2016 Jan 00 12 001 01 00 AM 12:00:00 AM 00:00 00 00:00:00 7 01 52 0 00 01/01/17 00:00:00 17 2017 +0000 GMT % Sun Jan  1 00:00:00 2017 01"),
        (-2208988800, "Mon Monday Jan January Mon Jan  1 00:00:00 1900 19 01 01/01/00  1 1900-01-01 00 1900 Jan 00 12 001 01 00 AM 12:00:00 AM 00:00 00 00:00:00 1 00 01 1 01 01/01/00 00:00:00 00 1900 +0000 GMT % Mon Jan  1 00:00:00 1900 01"),
        (4102444799, "Thu Thursday Dec December Thu Dec 31 23:59:59 2099 20 31 12/31/99 31 2099-12-31 99 2099 Dec 23 11 365 12 59 PM 11:59:59 PM 23:59 59 23:59:59 4 52 53 4 52 12/31/99 23:59:59 99 2099 +0000 GMT % Thu Dec 31 23:59:59 2099 31"),
        (-14831769600, "Mon Monday Jan January Mon Jan  1 00:00:00 1500 15 01 01/01/00  1 1500-01-01 00 1500 Jan 00 12 001 01 00 AM 12:00:00 AM 00:00 00 00:00:00 1 00 01 1 01 01/01/00 00:00:00 00 1500 +0000 GMT % Mon Jan  1 00:00:00 1500 01"),
        (253402300799, "Fri Friday Dec December Fri Dec 31 23:59:59 9999 99 31 12/31/99 31 9999-12-31 99 9999 Dec 23 11 365 12 59 PM 11:59:59 PM 23:59 59 23:59:59 5 52 52 5 52 12/31/99 23:59:59 99 9999 +0000 GMT % Fri Dec 31 23:59:59 9999 31"),
        (253402300800, "Sat Saturday Jan January Sat Jan  1 00:00:00 10000 100 01 01/01/00  1 10000-01-01 99 9999 Jan 00 12 001 01 00 AM 12:00:00 AM 00:00 00 00:00:00 6 00 52 6 00 01/01/00 00:00:00 00 10000 +0000 GMT % Sat Jan  1 00:00:00 10000 01"),
        (1970309701, "Tue Tuesday Jun June Tue Jun  8 12:15:01 2032 20 08 06/08/32  8 2032-06-08 32 2032 Jun 12 12 160 06 15 PM 12:15:01 PM 12:15 01 12:15:01 2 23 24 2 23 06/08/32 12:15:01 32 2032 +0000 GMT % Tue Jun  8 12:15:01 2032 08"),
        (2480918169, "Thu Thursday Aug August Thu Aug 13 07:56:09 2048 20 13 08/13/48 13 2048-08-13 48 2048 Aug 07 07 226 08 56 AM 07:56:09 AM 07:56 09 07:56:09 4 32 33 4 32 08/13/48 07:56:09 48 2048 +0000 GMT % Thu Aug 13 07:56:09 2048 13"),
        (7005264951, "Tue Tuesday Dec December Tue Dec 27 10:55:51 2191 21 27 12/27/91 27 2191-12-27 91 2191 Dec 10 10 361 12 55 AM 10:55:51 AM 10:55 51 10:55:51 2 52 52 2 52 12/27/91 10:55:51 91 2191 +0000 GMT % Tue Dec 27 10:55:51 2191 27"),
        (6767774761, "Thu Thursday Jun June Thu Jun 17 17:26:01 2184 21 17 06/17/84 17 2184-06-17 84 2184 Jun 17 05 169 06 26 PM 05:26:01 PM 17:26 01 17:26:01 4 24 25 4 24 06/17/84 17:26:01 84 2184 +0000 GMT % Thu Jun 17 17:26:01 2184 17"),
        (7551290272, "Mon Monday Apr April Mon Apr 17 04:37:52 2209 22 17 04/17/09 17 2209-04-17 09 2209 Apr 04 04 107 04 37 AM 04:37:52 AM 04:37 52 04:37:52 1 16 16 1 16 04/17/09 04:37:52 09 2209 +0000 GMT % Mon Apr 17 04:37:52 2209 17"),
        (-948313740, "Thu Thursday Dec December Thu Dec 14 03:31:00 1939 19 14 12/14/39 14 1939-12-14 39 1939 Dec 03 03 348 12 31 AM 03:31:00 AM 03:31 00 03:31:00 4 50 50 4 50 12/14/39 03:31:00 39 1939 +0000 GMT % Thu Dec 14 03:31:00 1939 14"),
        (-2212675499, "Sun Sunday Nov November Sun Nov 19 07:55:01 1899 18 19 11/19/99 19 1899-11-19 99 1899 Nov 07 07 323 11 55 AM 07:55:01 AM 07:55 01 07:55:01 7 47 46 0 46 11/19/99 07:55:01 99 1899 +0000 GMT % Sun Nov 19 07:55:01 1899 19"),
        (-1130661829, "Sun Sunday Mar March Sun Mar  4 15:16:11 1934 19 04 03/04/34  4 1934-03-04 34 1934 Mar 15 03 063 03 16 PM 03:16:11 PM 15:16 11 15:16:11 7 09 09 0 09 03/04/34 15:16:11 34 1934 +0000 GMT % Sun Mar  4 15:16:11 1934 04"),
        (-218816778, "Fri Friday Jan January Fri Jan 25 09:33:42 1963 19 25 01/25/63 25 1963-01-25 63 1963 Jan 09 09 025 01 33 AM 09:33:42 AM 09:33 42 09:33:42 5 03 04 5 03 01/25/63 09:33:42 63 1963 +0000 GMT % Fri Jan 25 09:33:42 1963 25"),
        (353989544, "Sat Saturday Mar March Sat Mar 21 02:25:44 1981 19 21 03/21/81 21 1981-03-21 81 1981 Mar 02 02 080 03 25 AM 02:25:44 AM 02:25 44 02:25:44 6 11 12 6 11 03/21/81 02:25:44 81 1981 +0000 GMT % Sat Mar 21 02:25:44 1981 21"),
        (-2664564888, "Sat Saturday Jul July Sat Jul 25 03:05:12 1885 18 25 07/25/85 25 1885-07-25 85 1885 Jul 03 03 206 07 05 AM 03:05:12 AM 03:05 12 03:05:12 6 29 30 6 29 07/25/85 03:05:12 85 1885 +0000 GMT % Sat Jul 25 03:05:12 1885 25"),
        (-2534941371, "Mon Monday Sep September Mon Sep  2 09:37:09 1889 18 02 09/02/89  2 1889-09-02 89 1889 Sep 09 09 245 09 37 AM 09:37:09 AM 09:37 09 09:37:09 1 35 36 1 35 09/02/89 09:37:09 89 1889 +0000 GMT % Mon Sep  2 09:37:09 1889 02"),
        (3646259609, "Wed Wednesday Jul July Wed Jul 18 01:53:29 2085 20 18 07/18/85 18 2085-07-18 85 2085 Jul 01 01 199 07 53 AM 01:53:29 AM 01:53 29 01:53:29 3 28 29 3 29 07/18/85 01:53:29 85 2085 +0000 GMT % Wed Jul 18 01:53:29 2085 18"),
        (225814690, "Sat Saturday Feb February Sat Feb 26 14:18:10 1977 19 26 02/26/77 26 1977-02-26 77 1977 Feb 14 02 057 02 18 PM 02:18:10 PM 14:18 10 14:18:10 6 08 08 6 08 02/26/77 14:18:10 77 1977 +0000 GMT % Sat Feb 26 14:18:10 1977 26"),
        (-3799632355, "Sun Sunday Aug August Sun Aug  5 18:34:05 1849 18 05 08/05/49  5 1849-08-05 49 1849 Aug 18 06 217 08 34 PM 06:34:05 PM 18:34 05 18:34:05 7 31 31 0 31 08/05/49 18:34:05 49 1849 +0000 GMT % Sun Aug  5 18:34:05 1849 05"),
        (2583733061, "Thu Thursday Nov November Thu Nov 16 07:37:41 2051 20 16 11/16/51 16 2051-11-16 51 2051 Nov 07 07 320 11 37 AM 07:37:41 AM 07:37 41 07:37:41 4 46 46 4 46 11/16/51 07:37:41 51 2051 +0000 GMT % Thu Nov 16 07:37:41 2051 16"),
        (-1576279721, "Tue Tuesday Jan January Tue Jan 20 00:31:19 1920 19 20 01/20/20 20 1920-01-20 20 1920 Jan 00 12 020 01 31 AM 12:31:19 AM 00:31 19 00:31:19 2 03 04 2 03 01/20/20 00:31:19 20 1920 +0000 GMT % Tue Jan 20 00:31:19 1920 20"),
        (4185936106, "Fri Friday Aug August Fri Aug 25 08:01:46 2102 21 25 08/25/02 25 2102-08-25 02 2102 Aug 08 08 237 08 01 AM 08:01:46 AM 08:01 46 08:01:46 5 34 34 5 34 08/25/02 08:01:46 02 2102 +0000 GMT % Fri Aug 25 08:01:46 2102 25"),
        (1946905675, "Thu Thursday Sep September Thu Sep 11 15:07:55 2031 20 11 09/11/31 11 2031-09-11 31 2031 Sep 15 03 254 09 07 PM 03:07:55 PM 15:07 55 15:07:55 4 36 37 4 36 09/11/31 15:07:55 31 2031 +0000 GMT % Thu Sep 11 15:07:55 2031 11"),
        (-4455830938, "Sun Sunday Oct October Sun Oct 19 21:11:02 1828 18 19 10/19/28 19 1828-10-19 28 1828 Oct 21 09 293 10 11 PM 09:11:02 PM 21:11 02 21:11:02 7 42 42 0 41 10/19/28 21:11:02 28 1828 +0000 GMT % Sun Oct 19 21:11:02 1828 19"),
        (7892524848, "Tue Tuesday Feb February Tue Feb  8 16:00:48 2220 22 08 02/08/20  8 2220-02-08 20 2220 Feb 16 04 039 02 00 PM 04:00:48 PM 16:00 48 16:00:48 2 06 06 2 06 02/08/20 16:00:48 20 2220 +0000 GMT % Tue Feb  8 16:00:48 2220 08"),
        (-1257345110, "Thu Thursday Feb February Thu Feb 27 09:28:10 1930 19 27 02/27/30 27 1930-02-27 30 1930 Feb 09 09 058 02 28 AM 09:28:10 AM 09:28 10 09:28:10 4 08 09 4 08 02/27/30 09:28:10 30 1930 +0000 GMT % Thu Feb 27 09:28:10 1930 27"),
        (-780533449, "Sun Sunday Apr April Sun Apr  8 01:09:11 1945 19 08 04/08/45  8 1945-04-08 45 1945 Apr 01 01 098 04 09 AM 01:09:11 AM 01:09 11 01:09:11 7 14 14 0 14 04/08/45 01:09:11 45 1945 +0000 GMT % Sun Apr  8 01:09:11 1945 08"),
        (-1253037184, "Fri Friday Apr April Fri Apr 18 06:06:56 1930 19 18 04/18/30 18 1930-04-18 30 1930 Apr 06 06 108 04 06 AM 06:06:56 AM 06:06 56 06:06:56 5 15 16 5 15 04/18/30 06:06:56 30 1930 +0000 GMT % Fri Apr 18 06:06:56 1930 18"),
        (537523549, "Tue Tuesday Jan January Tue Jan 13 08:05:49 1987 19 13 01/13/87 13 1987-01-13 87 1987 Jan 08 08 013 01 05 AM 08:05:49 AM 08:05 49 08:05:49 2 02 03 2 02 01/13/87 08:05:49 87 1987 +0000 GMT % Tue Jan 13 08:05:49 1987 13"),
        (-870483470, "Mon Monday Jun June Mon Jun  1 23:02:10 1942 19 01 06/01/42  1 1942-06-01 42 1942 Jun 23 11 152 06 02 PM 11:02:10 PM 23:02 10 23:02:10 1 22 23 1 22 06/01/42 23:02:10 42 1942 +0000 GMT % Mon Jun  1 23:02:10 1942 01"),
        (6501194308, "Sat Saturday Jan January Sat Jan  6 07:18:28 2176 21 06 01/06/76  6 2176-01-06 76 2176 Jan 07 07 006 01 18 AM 07:18:28 AM 07:18 28 07:18:28 6 00 01 6 01 01/06/76 07:18:28 76 2176 +0000 GMT % Sat Jan  6 07:18:28 2176 06"),
        (-4120478677, "Thu Thursday Jun June Thu Jun  6 06:35:23 1839 18 06 06/06/39  6 1839-06-06 39 1839 Jun 06 06 157 06 35 AM 06:35:23 AM 06:35 23 06:35:23 4 22 23 4 22 06/06/39 06:35:23 39 1839 +0000 GMT % Thu Jun  6 06:35:23 1839 06"),
        (-2033715433, "Sat Saturday Jul July Sat Jul 22 15:02:47 1905 19 22 07/22/05 22 1905-07-22 05 1905 Jul 15 03 203 07 02 PM 03:02:47 PM 15:02 47 15:02:47 6 29 29 6 29 07/22/05 15:02:47 05 1905 +0000 GMT % Sat Jul 22 15:02:47 1905 22"),
        (3133558578, "Fri Friday Apr April Fri Apr 19 00:56:18 2069 20 19 04/19/69 19 2069-04-19 69 2069 Apr 00 12 109 04 56 AM 12:56:18 AM 00:56 18 00:56:18 5 15 16 5 15 04/19/69 00:56:18 69 2069 +0000 GMT % Fri Apr 19 00:56:18 2069 19"),
    ];
}
