//! `GET /sync/digest/{stream}/{integration_id}`: what a stream holds, in 256 sums.
//!
//! Two sides that hold the same rows (by id and seq) have the same sums; where a bucket differs, its
//! rows are pulled again. A sum does not see a row's content: a text that was altered under an
//! unchanged seq is found only by comparing rows.
//!
//! A sum is a full u64, which no JSON number carries, so it travels as 16 hexadecimal digits.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use twox_hash::XxHash3_64;

use crate::{Id, Seq};

/// How many buckets a stream's rows fall into.
pub const BUCKETS: usize = 256;

/// The wrapping sum, over some rows, of xxh3-64 of (the id's 16 bytes, the seq's 8 in little endian):
/// the order of the rows does not matter, and a row can be added without looking at the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DigestSum(u64);

impl DigestSum {
    fn add(&mut self, id: Id, seq: Seq) {
        let mut row = [0; 24];
        row[..16].copy_from_slice(id.as_bytes());
        row[16..].copy_from_slice(&seq.to_le_bytes());
        self.0 = self.0.wrapping_add(XxHash3_64::oneshot(&row));
    }
}

impl fmt::Display for DigestSum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The text is not 16 hexadecimal digits.
#[derive(Debug, thiserror::Error)]
#[error("a digest is 16 hexadecimal digits")]
pub struct NoDigest;

impl FromStr for DigestSum {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        let are_digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let sum = u64::from_str_radix(text, 16).ok().filter(|_| are_digits);
        sum.map(Self).ok_or(NoDigest)
    }
}

impl Serialize for DigestSum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DigestSum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// What a bucket holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BucketDigest {
    /// Rows.
    pub count: u64,
    /// Their sum.
    pub digest: DigestSum,
}

impl BucketDigest {
    /// Adds a row.
    pub fn add(&mut self, id: Id, seq: Seq) {
        self.count += 1;
        self.digest.add(id, seq);
    }
}

/// What a stream holds, by the last byte of its rows' ids.
#[derive(Clone, PartialEq, Eq)]
pub struct Buckets(Box<[BucketDigest; BUCKETS]>);

impl Default for Buckets {
    fn default() -> Self {
        Self(Box::new([BucketDigest::default(); BUCKETS]))
    }
}

impl Buckets {
    /// The bucket that a row falls into: the last byte of its id.
    #[must_use]
    pub const fn of(id: &Id) -> u8 {
        id.as_bytes()[15]
    }

    /// Adds a row.
    pub fn add(&mut self, id: Id, seq: Seq) {
        self.0[usize::from(Self::of(&id))].add(id, seq);
    }

    /// One bucket.
    #[must_use]
    pub const fn bucket(&self, number: u8) -> BucketDigest {
        self.0[number as usize]
    }

    /// The rows of all buckets.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0
            .iter()
            .fold(0, |sum, bucket| sum.saturating_add(bucket.count))
    }

    /// The buckets that do not hold the same here and there, ascending.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<u8> {
        (0..=u8::MAX)
            .filter(|&number| self.bucket(number) != other.bucket(number))
            .collect()
    }
}

impl fmt::Debug for Buckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buckets({} rows)", self.count())
    }
}

impl Serialize for Buckets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_slice().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Buckets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let buckets = Vec::<BucketDigest>::deserialize(deserializer)?;
        let found = buckets.len();
        let buckets: Box<[BucketDigest; BUCKETS]> = buckets
            .into_boxed_slice()
            .try_into()
            .map_err(|_| de::Error::invalid_length(found, &"256 buckets"))?;
        Ok(Self(buckets))
    }
}

/// What a stream holds at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StreamDigest {
    /// The seq of the stream's newest row. Whoever has pulled so far must hold the same.
    pub latest_seq: Seq,
    /// The id of the server's history; empty where the server has none to tell.
    #[serde(default)]
    pub epoch: String,
    /// How many rows there are by the server's own books. Where that is not what the buckets hold, the
    /// server's file is damaged, and a row that is missing in it proves nothing.
    pub count: u64,
    /// What the rows are.
    pub buckets: Buckets,
}

impl StreamDigest {
    /// Whether the server's books agree with its rows.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.count == self.buckets.count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Id {
        Id::from_u128(number)
    }

    #[test]
    fn a_row_hashes_to_the_agreed_number() {
        let mut sum = DigestSum::default();
        sum.add(id(0x0192_d1e0_0000_7000_8000_0000_0000_0001), 7);
        assert_eq!(
            sum.to_string(),
            "529b99736ff0c7c8",
            "as the reference implementation of xxh3 has it: every implementation must agree"
        );
    }

    #[test]
    fn the_order_of_rows_does_not_matter_and_each_of_them_does() {
        let rows = [(id(1), 5), (id(257), 6), (id(2), 7)];
        let sum = |rows: &[(Id, Seq)]| {
            let mut buckets = Buckets::default();
            for &(id, seq) in rows {
                buckets.add(id, seq);
            }
            buckets
        };
        let (forth, back) = (sum(&rows), sum(&[rows[2], rows[0], rows[1]]));
        assert_eq!(forth, back);
        assert_eq!(forth.bucket(1).count, 2, "ids 1 and 257 end in one byte");
        let moved = sum(&[(id(1), 5), (id(257), 8), (id(2), 7)]);
        assert_eq!(forth.differing(&moved), [1], "another seq is another row");
        assert_eq!(forth.differing(&sum(&rows[..2])), [2], "so is none");
        assert!(forth.differing(&back).is_empty());
    }

    #[test]
    fn sums_cross_json_whole() {
        let digest = StreamDigest {
            latest_seq: 9,
            epoch: "e".into(),
            count: 1,
            buckets: {
                let mut buckets = Buckets::default();
                buckets.0[255].digest = DigestSum(u64::MAX);
                buckets
            },
        };
        let text = serde_json::to_string(&digest).unwrap();
        assert!(text.contains(r#""digest":"ffffffffffffffff""#), "{text}");
        assert_eq!(serde_json::from_str::<StreamDigest>(&text).unwrap(), digest);
    }

    #[rstest::rstest]
    #[case::short("ff")]
    #[case::long("00000000000000000")]
    #[case::no_digits("000000000000000g")]
    #[case::signed("+00000000000000f")]
    fn what_is_no_sum_is_refused(#[case] text: &str) {
        assert!(text.parse::<DigestSum>().is_err());
    }

    #[test]
    fn another_number_of_buckets_is_refused() {
        let text = r#"{"latest_seq": 1, "epoch": "e", "count": 0, "buckets": []}"#;
        assert!(serde_json::from_str::<StreamDigest>(text).is_err());
    }
}
