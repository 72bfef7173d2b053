//! Which rows of a stream are asked for, and what becomes of them.

use threadkeep_mirror::Rows;
use threadkeep_protocol::{Seq, Stream, View};

/// Which rows of a stream are asked for; all without any of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Slice {
    /// By its id: those that this view has …
    pub view: Option<String>,
    /// … and this one had not …
    pub beyond: Option<String>,
    /// … up to this seq …
    pub until: Option<Seq>,
    /// … in this bucket of the digest.
    pub bucket: Option<u8>,
}

impl Slice {
    /// Whether an answer's cursor may lie past its last row: it passes over what is not asked for.
    pub(crate) const fn passes_over(&self) -> bool {
        self.view.is_some() || self.beyond.is_some()
    }

    /// As it stands in a query.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&'static str, String)> {
        [
            ("view", self.view.clone()),
            ("beyond", self.beyond.clone()),
            ("until_seq", self.until.map(|seq| seq.to_string())),
            ("bucket", self.bucket.map(|bucket| bucket.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}

/// How streams are asked for, and what becomes of what comes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    /// What is asked for of a stream that a view may leave out rows of.
    pub slice: Slice,
    /// What is left out here, since the server leaves nothing out.
    pub only: Option<View>,
    /// What comes is from before the cursors, which stay; it ends here.
    pub widens_to: Option<Seq>,
}

impl Ask {
    /// What is asked for of a stream.
    pub(crate) fn of(&self, stream: Stream) -> Slice {
        if is_sliced(stream) {
            self.slice.clone()
        } else {
            Slice::default()
        }
    }

    /// The rows that are wanted. What hangs on a message that is not is left to `free`.
    pub(crate) fn sift(&self, mut rows: Rows) -> Rows {
        if let (Some(only), Rows::Messages(messages)) = (&self.only, &mut rows) {
            let own = only.by_chat();
            messages.retain(|message| {
                let rule = own.get(&message.conversation_id).unwrap_or(&only.default);
                rule.covers(message.timestamp)
            });
        }
        rows
    }
}

/// Whether a view may leave out rows of a stream.
pub(crate) const fn is_sliced(stream: Stream) -> bool {
    matches!(stream, Stream::Messages | Stream::Media | Stream::Receipts)
}
