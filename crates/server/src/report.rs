//! One report from what the translator and the store each have to say.

use std::collections::BTreeMap;

use threadkeep_ingest::Translation;
use threadkeep_protocol::{IngestReport, Record, RecordError, UnknownCount};

/// The records of a translation, and what it says beside them.
#[must_use]
pub fn split(translation: Translation) -> (Vec<(usize, Record)>, IngestReport) {
    let said = IngestReport {
        skipped: translation.skipped,
        unknown: counts(translation.unknown),
        errors: translation.errors,
        ..IngestReport::default()
    };
    (translation.records, said)
}

/// Two reports about different records as one: counts added, errors in the order of their places.
#[must_use]
pub fn merge(a: IngestReport, b: IngestReport) -> IngestReport {
    let mut unknown = BTreeMap::<String, u64>::new();
    for UnknownCount { what, count } in a.unknown.into_iter().chain(b.unknown) {
        *unknown.entry(what).or_default() += count;
    }
    let mut errors: Vec<RecordError> = a.errors.into_iter().chain(b.errors).collect();
    errors.sort_by_key(|error| error.index);
    IngestReport {
        saved: a.saved + b.saved,
        updated: a.updated + b.updated,
        unchanged: a.unchanged + b.unchanged,
        conflicting: a.conflicting + b.conflicting,
        skipped: a.skipped + b.skipped,
        unknown: counts(unknown),
        errors,
    }
}

fn counts(unknown: BTreeMap<String, u64>) -> Vec<UnknownCount> {
    unknown
        .into_iter()
        .map(|(what, count)| UnknownCount { what, count })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_say_is_added_and_nothing_is_lost() {
        let error = |index: usize| RecordError {
            index,
            reason: String::new(),
        };
        let count = |what: &str, count| UnknownCount {
            what: what.to_owned(),
            count,
        };
        let a = IngestReport {
            saved: 1,
            skipped: 2,
            unknown: vec![count("x", 1), count("a", 1)],
            errors: vec![error(7), error(3)],
            ..IngestReport::default()
        };
        let b = IngestReport {
            saved: 10,
            updated: 20,
            unchanged: 30,
            unknown: vec![count("x", 4)],
            errors: vec![error(5)],
            ..IngestReport::default()
        };
        let both = merge(a, b);
        assert_eq!(
            (both.saved, both.updated, both.unchanged, both.skipped),
            (11, 20, 30, 2)
        );
        assert_eq!(both.unknown, [count("a", 1), count("x", 5)]);
        let places: Vec<usize> = both.errors.iter().map(|error| error.index).collect();
        assert_eq!(places, [3, 5, 7]);
    }
}
