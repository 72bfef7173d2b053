//! The accounts that this computer keeps, and how the app stands as a whole.

use serde::{Deserialize, Serialize};

use super::{link::Link, run::Problem};

/// One account that is mirrored here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Account {
    /// The local id, as a string.
    pub id: String,
    /// The platform, such as `whatsapp`.
    pub integration_type: String,
    /// What a person calls it.
    pub display_name: String,
    /// The account's own address; empty where unknown.
    pub external_id: String,
    /// `connected`, `connecting`, `pairing`, `disconnected` or `logged_out`.
    pub connection: String,
    /// Where it is pulled from; empty for the server inside the app.
    pub server: String,
    /// The sample archive, which can be removed with one click.
    pub is_sample: bool,
    /// When it was last brought up to date.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub last_sync_at: Option<i64>,
    /// Whether it is kept current by itself.
    pub link: Link,
    /// How many messages of it are here.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
}

/// How the app stands when the window opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AppState {
    /// The app's version.
    pub version: String,
    /// The data folder.
    pub home: String,
    /// The accounts; none at first run.
    pub accounts: Vec<Account>,
    /// A sync is running.
    pub syncing: bool,
    /// Accounts are to be kept current for as long as the app is open.
    pub following: bool,
    /// Why nothing can be written (a newer version's file, a read-only folder, …); reading works.
    pub read_only: Option<Problem>,
}
