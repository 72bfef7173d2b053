//! What an honest server says that it holds, and the rows of one part of it.

use threadkeep_protocol::{Buckets, Row, Seq, Stream, StreamDigest};

use crate::world::{World, page};

impl World {
    /// The page of one bucket of the digest.
    pub fn bucket(&self, stream: Stream, bucket: u8, since: Seq, limit: usize) -> String {
        fn within<R: Row + Clone>(rows: &[R], bucket: u8) -> Vec<R> {
            let rows = rows.iter().filter(|row| Buckets::of(&row.id()) == bucket);
            rows.cloned().collect()
        }
        let epoch = &self.epoch;
        match stream {
            Stream::Conversations => {
                page(&within(&self.conversations, bucket), since, limit, epoch)
            }
            Stream::Messages => page(&within(&self.messages, bucket), since, limit, epoch),
            Stream::Contacts => page(&within(&self.contacts, bucket), since, limit, epoch),
            Stream::Participants => page(&within(&self.participants, bucket), since, limit, epoch),
            Stream::Media => page(&within(&self.media, bucket), since, limit, epoch),
            Stream::Receipts => page(&within(&self.receipts, bucket), since, limit, epoch),
        }
    }

    /// What an honest server says that it holds.
    pub fn digest(&self, stream: Stream) -> StreamDigest {
        fn sum<R: Row>(rows: &[R]) -> Buckets {
            let mut buckets = Buckets::default();
            for row in rows {
                buckets.add(row.id(), row.seq());
            }
            buckets
        }
        let status = self.status();
        StreamDigest {
            latest_seq: status.latest_seq(stream),
            epoch: self.epoch.clone(),
            count: status.count(stream) as u64,
            buckets: match stream {
                Stream::Conversations => sum(&self.conversations),
                Stream::Messages => sum(&self.messages),
                Stream::Contacts => sum(&self.contacts),
                Stream::Participants => sum(&self.participants),
                Stream::Media => sum(&self.media),
                Stream::Receipts => sum(&self.receipts),
            },
        }
    }
}
