//! Whether an account is kept current by itself.

use serde::{Deserialize, Serialize};

use super::run::Problem;

/// Whether an account is kept current by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// What comes is here at once.
    Following,
    /// The server has no live events: it is looked at every half minute.
    Polling,
    /// On the way to the server, or catching up.
    Connecting,
    /// The server cannot be reached; it is tried again by itself.
    Offline,
    /// Nobody listens: it was switched off, or something is in the way that only a person can mend.
    #[default]
    Off,
}

/// How the way to an account's server stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Link {
    /// Whether the account is kept current.
    pub state: LinkState,
    /// What is in the way.
    pub problem: Option<Problem>,
}

/// The way to an account's server changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkChange {
    /// The account's local id, as a string.
    pub account_id: String,
    /// How it stands now.
    pub link: Link,
}
