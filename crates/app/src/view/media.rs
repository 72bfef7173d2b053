//! Files that came with messages: where their bytes are, and what is fetched.

use serde::{Deserialize, Serialize};

/// Where the bytes of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MediaState {
    /// On this computer.
    Here,
    /// On the server, and nobody has asked for them.
    OnServer,
    /// Asked for; they come when it is their turn.
    Waiting,
    /// Fetching them failed; `error` says why. It is tried again, and can be asked for.
    Failed,
    /// The server has them no more.
    Gone,
    /// The server never had them.
    NotOnServer,
}

/// A file on its way to this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MediaProgress {
    /// The file's local id.
    pub id: String,
    /// Bytes that are here.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub received: i64,
    /// Bytes that it has, where that is known.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub total: Option<i64>,
}

/// Which files come without being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MediaSettings {
    /// Whether any do.
    pub automatic: bool,
    /// Those of at most so many megabytes.
    pub up_to_mb: u32,
}

/// Larger ones are asked for one by one.
const MOST_MB: u32 = 2_048;

impl Default for MediaSettings {
    fn default() -> Self {
        Self {
            automatic: true,
            up_to_mb: 16,
        }
    }
}

impl MediaSettings {
    /// The same within what makes sense.
    #[must_use]
    pub fn within_bounds(self) -> Self {
        Self {
            up_to_mb: self.up_to_mb.clamp(1, MOST_MB),
            ..self
        }
    }

    /// The largest file that comes by itself, in bytes; none where none does.
    pub(crate) fn largest(self) -> Option<i64> {
        self.automatic
            .then_some(i64::from(self.up_to_mb) * 1_000_000)
    }
}

/// The pictures before and after one, in its chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PicturesBeside {
    /// The message before, if it has a picture.
    pub older: Option<super::Message>,
    /// The message after.
    pub newer: Option<super::Message>,
}
