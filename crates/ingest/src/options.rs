//! What a person says of an input that the input itself does not tell.

use jiff::tz::TimeZone;

/// What a person says of an input that the input itself does not tell.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the phone was that wrote times without a zone.
    pub zone: TimeZone,
    /// Whether the day stands before the month, where the input itself does not tell.
    pub day_first: Option<bool>,
    /// Which sender is the person, by the name in the input, where there are only names.
    pub me: Option<String>,
    /// The chat that an input of one chat belongs to, by its external id, where it only has a name.
    pub chat: Option<String>,
    /// What opens an encrypted backup: the 32 bytes of the root key, or the key file as it is.
    pub key: Option<Key>,
    /// Whether files are read for their hash. A preview does without.
    pub with_content: bool,
}

/// What opens an encrypted backup. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Vec<u8>);

impl Key {
    /// The bytes of a key file, or the text of 64 hexadecimal digits; which of them, the reader sees.
    #[must_use]
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes, as they came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            zone: TimeZone::system(),
            day_first: None,
            me: None,
            chat: None,
            key: None,
            with_content: true,
        }
    }
}
