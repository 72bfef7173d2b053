//! What the window is told when something fails.

use serde::Serialize;
use threadkeep_app::Error;

/// A code for the window to act on, and a sentence for the person.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct UiError {
    /// Stable, snake_case.
    pub code: String,
    /// One sentence: what happened and what is safe.
    pub message: String,
}

impl From<Error> for UiError {
    fn from(error: Error) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
        }
    }
}

impl From<&Error> for UiError {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
        }
    }
}

impl From<tauri::Error> for UiError {
    fn from(error: tauri::Error) -> Self {
        Self {
            code: "window".to_owned(),
            message: error.to_string(),
        }
    }
}
