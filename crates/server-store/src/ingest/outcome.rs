//! What became of a record.

use crate::error::StoreError;

/// What a record did. Ordered: of two, the greater is what is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It said what was known.
    Unchanged,
    /// It changed a row.
    Updated,
    /// It made a row.
    Saved,
}

impl Outcome {
    /// `Updated` where something changed.
    pub const fn of_change(changed: bool) -> Self {
        if changed {
            Self::Updated
        } else {
            Self::Unchanged
        }
    }

    /// `Saved` where a row was made, else as `of_change`.
    pub const fn of(made: bool, changed: bool) -> Self {
        if made {
            Self::Saved
        } else {
            Self::of_change(changed)
        }
    }
}

/// Why a record was not taken.
pub enum Refusal {
    /// It makes no sense; the reason names no content.
    Record(String),
    /// The store failed, and the call with it.
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

/// The longest text of a message, in bytes.
const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// Refuses an id that names nothing.
pub fn must_name(id: &str, what: &str) -> Result<(), Refusal> {
    if id.trim().is_empty() {
        Err(Refusal::Record(format!("{what} is empty")))
    } else {
        Ok(())
    }
}

/// Refuses a text that is too long to be one.
pub fn must_fit(text: &str) -> Result<(), Refusal> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Refusal::Record(format!(
            "a text is longer than {MAX_TEXT_BYTES} bytes"
        )));
    }
    Ok(())
}
