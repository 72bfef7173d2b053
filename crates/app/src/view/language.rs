//! The languages of the window.

use serde::{Deserialize, Serialize};

/// A language that the window speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// Portuguese.
    Pt,
    /// Arabic.
    Ar,
}

impl Language {
    /// Its name in addresses and pages, such as `de`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Pt => "pt",
            Self::Ar => "ar",
        }
    }

    /// It is written from right to left.
    #[must_use]
    pub const fn is_rtl(self) -> bool {
        matches!(self, Self::Ar)
    }

    /// The one of a name such as `de_DE.UTF-8` or `pt-BR`, if the window speaks it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let base = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
        [Self::En, Self::De, Self::Pt, Self::Ar]
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(base))
    }
}
