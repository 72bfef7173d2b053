//! JSON that is carried and never looked into.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A JSON document as text: stored and sent on without being parsed into a tree.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// From a text that must be one JSON document.
    ///
    /// # Errors
    /// When the text is no JSON.
    pub fn from_text(text: String) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text).map(Self)
    }

    /// The document's text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for RawJson {}
