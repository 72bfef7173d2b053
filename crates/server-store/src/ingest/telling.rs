//! What each of several sources says of a message, and the one row that comes of it.
//!
//! A message that one source knows is its row, and nothing more. From the second source on each one's
//! statement is kept beside the row, and the row is what follows from all of them: base fields from the
//! best source, the rest filled from the others. So the outcome does not depend on the order in which
//! sources came, and taking one away leaves what the others say, as though it had never come.
//!
//! Statements are mostly the same, so only the fields in which one differs from the row are stored.
//!
//! A deletion that any source tells holds for the row. The other statements keep their text where nobody
//! reads it, so that undoing the import that told of the deletion undoes that too.

use serde_json::{Map, Value};
use threadkeep_protocol::{MessageKind, SyncSource, Timestamp};

use super::message::absorb;
use crate::{
    error::StoreError,
    kept::{Media, Message, Receipt},
    row::number_of,
    version::Versions,
};

/// What one source says of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// The account, or an import.
    pub source: i64,
    /// It has told the message itself, not only a change to it.
    pub has_base: bool,
    pub row: Message,
    pub media: Option<Media>,
    pub receipts: Vec<Receipt>,
}

/// What follows from all statements about a message.
pub struct Folded {
    pub row: Message,
    pub media: Option<Media>,
    pub receipts: Vec<Receipt>,
}

impl Telling {
    /// Of a source that tells the message.
    pub fn new(source: i64, row: Message, media: Option<Media>, receipts: Vec<Receipt>) -> Self {
        let mut telling = Self {
            source,
            has_base: true,
            row,
            media,
            receipts,
        };
        telling.detach();
        telling
    }

    /// Of a source that has only told changes to the message so far.
    pub fn of_changes(source: i64, known: &Message) -> Self {
        let row = Message {
            kind: MessageKind::Unknown,
            versions: Versions::unsaid(),
            sync_source: SyncSource::Import,
            ..known.unsaid()
        };
        Self {
            has_base: false,
            ..Self::new(source, row, None, Vec::new())
        }
    }

    /// Forgets which row it belongs to, so that statements can be compared.
    fn detach(&mut self) {
        self.row.conversation_pk = 0;
        self.row.origin = 0;
        self.row.is_withdrawn = false;
        if let Some(media) = &mut self.media {
            media.message_pk = 0;
            media.has_content = false;
            media.is_withdrawn = false;
        }
        self.receipts.retain(|receipt| receipt.status().is_some());
        for receipt in &mut self.receipts {
            receipt.message_pk = 0;
            receipt.is_withdrawn = false;
        }
        self.receipts
            .sort_by(|one, two| one.external_id.cmp(&two.external_id));
    }

    /// The same source says more.
    pub fn absorb(&mut self, more: Self, now: Timestamp) {
        if more.has_base && !self.has_base {
            let changes = std::mem::replace(&mut self.row, more.row);
            absorb(&mut self.row, &changes, now);
            self.has_base = true;
        } else {
            absorb(&mut self.row, &more.row, now);
        }
        match (&mut self.media, more.media) {
            (Some(media), Some(more)) => {
                media.absorb(&more);
            }
            (media @ None, more) => *media = more,
            _ => {}
        }
        for receipt in more.receipts {
            self.receive(receipt);
        }
    }

    /// The source says who got the message.
    pub fn receive(&mut self, mut told: Receipt) {
        told.message_pk = 0;
        let place = self
            .receipts
            .binary_search_by(|known| known.external_id.cmp(&told.external_id));
        match place {
            Ok(place) => {
                self.receipts[place].absorb(&told);
            }
            Err(place) => self.receipts.insert(place, told),
        }
    }

    /// How good a source it is for base fields; the least is the best.
    fn rank(&self) -> (bool, bool, i64) {
        let way = number_of(&SyncSource::ALL, &self.row.sync_source);
        (!self.has_base, self.row.is_loose, way)
    }

    /// Of equally good sources the one whose words come first: whoever came first does not count.
    fn words(&self) -> String {
        serde_json::to_string(&(&self.row, &self.media)).unwrap_or_default()
    }

    /// For the column, beside what the row says: '' where that is the same.
    pub fn difference(&self, from: &Self) -> Result<String, StoreError> {
        if self.has_base && self.row == from.row && self.media == from.media {
            let same = self.receipts == from.receipts;
            if same {
                return Ok(String::new());
            }
        }
        let (base, mut own) = (from.document()?, self.document()?);
        own.retain(|key, value| base.get(key) != Some(value));
        Ok(serde_json::to_string(&own)?)
    }

    /// From the column, beside what the row says.
    pub fn read(source: i64, column: &str, row: &Self) -> Result<Self, StoreError> {
        if column.is_empty() {
            return Ok(Self {
                source,
                ..row.clone()
            });
        }
        let mut document = row.document()?;
        document.extend(serde_json::from_str::<Map<String, Value>>(column)?);
        let mut take = |key: &str| document.remove(key).unwrap_or_default();
        Ok(Self {
            source,
            has_base: serde_json::from_value(take("has_base"))?,
            media: serde_json::from_value(take("media"))?,
            receipts: serde_json::from_value(take("receipts"))?,
            row: serde_json::from_value(Value::Object(document))?,
        })
    }

    fn document(&self) -> Result<Map<String, Value>, StoreError> {
        let Value::Object(mut document) = serde_json::to_value(&self.row)? else {
            return Ok(Map::new());
        };
        document.insert("has_base".to_owned(), self.has_base.into());
        document.insert("media".to_owned(), serde_json::to_value(&self.media)?);
        document.insert("receipts".to_owned(), serde_json::to_value(&self.receipts)?);
        Ok(document)
    }
}

/// What follows from all that is said of a message; `None` where nobody has told the message itself.
pub fn fold(tellings: &[Telling], now: Timestamp) -> Option<Folded> {
    let mut order: Vec<&Telling> = tellings.iter().collect();
    order.sort_by(|one, two| {
        let by_rank = one.rank().cmp(&two.rank());
        by_rank.then_with(|| one.words().cmp(&two.words()))
    });
    let (best, others) = order.split_first().filter(|(best, _)| best.has_base)?;
    let mut folded = Folded {
        row: best.row.clone(),
        media: best.media.clone(),
        receipts: best.receipts.clone(),
    };
    let mut receipts = Telling {
        receipts: std::mem::take(&mut folded.receipts),
        ..(*best).clone()
    };
    for other in others {
        fill(&mut folded.row, &other.row, now);
        match (&mut folded.media, &other.media) {
            (Some(media), Some(more)) => {
                media.absorb(more);
            }
            (media @ None, more) => media.clone_from(more),
            _ => {}
        }
        for receipt in &other.receipts {
            receipts.receive(receipt.clone());
        }
    }
    folded.receipts = receipts.receipts;
    if folded.row.is_deleted
        && let Some(media) = &mut folded.media
    {
        media.strip();
    }
    Some(folded)
}

/// Takes from a worse source what a better one has not said.
fn fill(row: &mut Message, worse: &Message, now: Timestamp) {
    // When a deletion has no time of its own, it keeps the one at which it became known.
    let now = worse.deleted_at.unwrap_or(now);
    if worse.is_loose && !row.is_loose && !row.versions.content().is_empty() {
        // Its text is the same but for what cannot be seen, or that of another time.
        let quiet = Message {
            versions: Versions::unsaid(),
            ..worse.clone()
        };
        absorb(row, &quiet, now);
    } else {
        absorb(row, worse, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reaction::Reactions;

    fn message(text: &str, is_loose: bool) -> Message {
        Message {
            conversation_pk: 7,
            external_id: if is_loose { "txt:1" } else { "A1" }.into(),
            sender: None,
            sender_display_name: None,
            kind: MessageKind::Text,
            versions: Versions::told(text, None, &[]),
            timestamp: Timestamp::from_seconds(if is_loose { 60 } else { 97 }),
            is_from_me: true,
            is_forwarded: false,
            is_starred: None,
            is_deleted: false,
            deleted_at: None,
            deleted_at_told: false,
            reply_to_external_id: None,
            reply_to_preview: None,
            delivery_status: None,
            reactions: Reactions::default(),
            sync_source: SyncSource::Import,
            platform_metadata: String::new(),
            is_loose,
            origin: 3,
            is_withdrawn: false,
        }
    }

    fn telling(source: i64, text: &str, is_loose: bool) -> Telling {
        Telling::new(source, message(text, is_loose), None, vec![])
    }

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_000)
    }

    #[test]
    fn base_fields_are_those_of_the_best_source_whoever_came_first() {
        let (strict, loose) = (telling(2, "so", false), telling(1, "\u{200e}so", true));
        for order in [[&strict, &loose], [&loose, &strict]] {
            let list: Vec<_> = order.into_iter().cloned().collect();
            let folded = fold(&list, now()).unwrap().row;
            assert_eq!(folded.versions.content(), "so");
            assert_eq!(folded.timestamp.millis(), 97_000, "to the second");
            assert_eq!(
                (folded.external_id.as_str(), folded.is_loose),
                ("A1", false)
            );
        }
    }

    #[test]
    fn a_deletion_holds_and_goes_with_its_source() {
        let mut deleted = telling(2, "so", false);
        deleted.row.revoke(None, now());
        let list = [telling(0, "so", false), deleted];
        let folded = fold(&list, now()).unwrap().row;
        assert_eq!((folded.is_deleted, folded.versions.content()), (true, ""));
        let left = fold(&list[..1], now()).unwrap().row;
        assert_eq!((left.is_deleted, left.versions.content()), (false, "so"));
    }

    #[test]
    fn a_change_without_its_message_makes_no_message() {
        let change = Telling::of_changes(4, &message("so", false));
        assert!(fold(&[change], now()).is_none());
    }

    #[test]
    fn what_is_stored_is_the_difference_and_is_read_back() {
        let row = telling(0, "so", false);
        let mut other = telling(5, "else", false);
        other.media = Some(Media {
            file_name: Some("a.jpg".into()),
            ..Media::default()
        });
        let column = other.difference(&row).unwrap();
        assert!(
            column.contains("else") && !column.contains("timestamp"),
            "{column}"
        );
        assert_eq!(Telling::read(5, &column, &row).unwrap(), other);
        let same = telling(6, "so", false).difference(&row).unwrap();
        assert_eq!(same, "", "nothing where nothing differs");
        assert_eq!(Telling::read(6, "", &row).unwrap(), telling(6, "so", false));
    }
}
