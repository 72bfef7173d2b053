use proptest::prelude::*;

use super::*;

fn part(from: i64, to: i64, presence: i64) -> Stretch {
    Stretch {
        from,
        to,
        first: from,
        presence,
    }
}

fn covered(coverage: &Coverage) -> Vec<(i64, i64)> {
    coverage.0.iter().map(|s| (s.from, s.to)).collect()
}

#[test]
fn what_comes_while_the_feeder_stays_is_whole() {
    let mut coverage = Coverage::default();
    coverage.sent(part(50, 60, 0));
    coverage.sent(part(10, 40, 0));
    coverage.came(90, 90, 0);
    coverage.came(5, 5, 0);
    assert_eq!(
        covered(&coverage),
        [(5, 90)],
        "chunks of one history do not overlap, and nothing lies between them"
    );
}

#[test]
fn what_comes_after_the_feeder_was_away_leaves_a_gap_that_an_answer_closes() {
    let mut coverage = Coverage::default();
    coverage.sent(part(10, 20, 0));
    coverage.came(50, 50, 1);
    coverage.came(60, 60, 1);
    assert_eq!(
        coverage.gaps(),
        [(20, 50)],
        "nobody knows what came between"
    );
    assert_eq!(coverage.newest().map(|s| s.first), Some(50));

    coverage.answered(part(30, 50, 1));
    assert_eq!(
        coverage.gaps(),
        [(20, 30)],
        "the answer did not reach far enough"
    );
    coverage.answered(part(20, 30, 1));
    assert_eq!(covered(&coverage), [(10, 60)], "they touch");
    assert_eq!(
        coverage.newest().map(|s| s.first),
        Some(10),
        "what is asked for next is older than all"
    );
}

#[test]
fn a_late_message_of_before_closes_no_gap() {
    let mut coverage = Coverage::default();
    coverage.sent(part(10, 20, 0));
    coverage.came(50, 50, 1);
    coverage.came(15, 15, 1);
    assert_eq!(coverage.gaps(), [(20, 50)]);
    coverage.came(3, 3, 1);
    assert_eq!(
        coverage.gaps(),
        [(20, 50)],
        "one that is older than all opens none either"
    );
}

proptest! {
    /// The oracle is a line of points: a point is covered once anything has said so.
    #[test]
    fn stretches_stay_in_order_and_apart_and_cover_what_they_were_told(
        steps in prop::collection::vec((0_i64..40, 0_i64..10, 0_i64..3, 0_u8..3), 1..40),
    ) {
        let mut coverage = Coverage::default();
        let mut told = Vec::new();
        for (from, length, presence, how) in steps {
            match how {
                0 => coverage.came(from, from, presence),
                1 => coverage.sent(part(from, from + length, presence)),
                _ => coverage.answered(part(from, from + length, presence)),
            }
            told.push(from);
            if how != 0 {
                told.push(from + length);
            }
            let now = covered(&coverage);
            prop_assert!(now.iter().all(|(from, to)| from <= to));
            prop_assert!(now.windows(2).all(|pair| pair[0].1 < pair[1].0), "{now:?}");
            prop_assert!(told.iter().all(|at| now.iter().any(|(from, to)| from <= at && at <= to)));
            prop_assert_eq!(coverage.gaps().len(), now.len() - 1);
        }
    }
}
