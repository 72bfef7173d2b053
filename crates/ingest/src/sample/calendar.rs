//! Days and rhythms.

use super::random::Random;

/// 2020-11-01, in days since 1970.
pub(super) const FIRST_DAY: i64 = 18_567;
/// 2026-10-31.
pub(super) const LAST_DAY: i64 = 20_757;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// When people of a chat write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    /// Mornings and evenings, more at weekends.
    Family,
    /// Evenings, most towards the weekend.
    Friends,
    /// Working days, from nine to six.
    Work,
    /// Around training on Tuesdays and Thursdays, and matches on Saturdays.
    Club,
    /// By day.
    Daytime,
    /// At six in the morning.
    Bulletin,
}

impl Rhythm {
    /// Weights from Monday to Sunday.
    const fn days(self) -> [u32; 7] {
        match self {
            Self::Family => [5, 5, 6, 6, 7, 9, 10],
            Self::Friends => [3, 4, 5, 6, 9, 10, 8],
            Self::Work => [9, 10, 10, 9, 7, 0, 0],
            Self::Club => [3, 10, 3, 10, 4, 8, 4],
            Self::Daytime => [8, 8, 8, 8, 8, 4, 1],
            Self::Bulletin => [10; 7],
        }
    }

    /// Weights from hour 0 to 23.
    const fn hours(self) -> [u32; 24] {
        match self {
            Self::Family => [
                0, 0, 0, 0, 0, 0, 2, 9, 8, 4, 3, 3, 5, 4, 2, 2, 3, 6, 9, 9, 8, 6, 3, 1,
            ],
            Self::Friends => [
                1, 0, 0, 0, 0, 0, 0, 2, 3, 2, 2, 3, 5, 4, 3, 3, 4, 7, 9, 10, 10, 9, 6, 3,
            ],
            Self::Work => [
                0, 0, 0, 0, 0, 0, 0, 1, 7, 10, 9, 8, 6, 7, 9, 8, 7, 3, 1, 0, 0, 0, 0, 0,
            ],
            Self::Club => [
                0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 3, 5, 3, 3, 5, 8, 8, 4, 2, 6, 9, 5, 1,
            ],
            Self::Daytime => [
                0, 0, 0, 0, 0, 0, 0, 1, 4, 8, 9, 8, 5, 5, 7, 8, 7, 4, 2, 1, 0, 0, 0, 0,
            ],
            Self::Bulletin => [
                0, 0, 0, 0, 0, 1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
            ],
        }
    }
}

/// How much is written in stretches of three weeks: bursts, ordinary times and silences.
const STRETCHES: [u32; 8] = [0, 2, 5, 8, 8, 10, 14, 22];

/// The moments at which talks begin, in seconds since 1970, ascending.
pub(super) fn beginnings(
    count: usize,
    days: (i64, i64),
    rhythm: Rhythm,
    random: &mut Random,
) -> Vec<i64> {
    let stretches: Vec<u32> = (days.0..=days.1)
        .step_by(21)
        .map(|_| random.pick(&STRETCHES))
        .collect();
    let weights: Vec<u32> = (days.0..=days.1)
        .enumerate()
        .map(|(place, day)| {
            // Day 0 was a Thursday.
            let weekday = (day + 3).rem_euclid(7) as usize;
            rhythm.days()[weekday] * stretches[place / 21].max(1)
        })
        .collect();
    let mut sums = Vec::with_capacity(weights.len());
    let mut sum = 0_usize;
    for weight in weights {
        sum += weight as usize;
        sums.push(sum);
    }
    let hours = rhythm.hours();
    let mut beginnings: Vec<i64> = (0..count)
        .map(|_| {
            let target = random.below(sum);
            let day = days.0 + sums.partition_point(|sum| *sum <= target) as i64;
            // An hour east of Greenwich.
            let hour = random.weighted(&hours) as i64 - 1;
            day * DAY + hour * HOUR + random.between(0, HOUR - 1)
        })
        .collect();
    beginnings.sort_unstable();
    beginnings
}

/// A moment of the same day, from the first hour to the end of the second.
pub(super) const fn at_hours(moment: i64, hours: (i64, i64), random: &mut Random) -> i64 {
    let day = moment.div_euclid(DAY) * DAY;
    // An hour east of Greenwich, as above.
    day + (hours.0 - 1) * HOUR + random.between(0, (hours.1 - hours.0 + 1) * HOUR - 1)
}

/// How long somebody takes to answer, in seconds: mostly under two minutes, sometimes hours.
pub(super) const fn pause(random: &mut Random) -> i64 {
    match random.below(100) {
        0..=39 => random.between(6, 40),
        40..=74 => random.between(30, 130),
        75..=91 => random.between(100, 900),
        92..=97 => random.between(900, 3_600),
        _ => random.between(3_600, 4 * 3_600),
    }
}
