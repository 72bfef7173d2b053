//! What a person can ask of Threadkeep, with no window in it: the window and the terminal are two
//! faces of the use cases here.
//!
//! `App` holds one data folder: the mirror that is read, the tokens of its servers, and the sync
//! server inside the app, which runs only while something needs it. One program at a time may write
//! (`App::open` takes the folder's lock); reading goes on beside it (`App::look`).
//!
//! Rejected: a trait over the mirror (there is one), an actor of our own (the mirror's writer thread
//! is one already), and a second set of types for the terminal (`view` serves both).

mod account;
mod app;
mod change;
mod chat;
mod contact;
mod details;
mod embedded;
mod error;
mod export;
mod follow;
mod history;
mod import;
mod media;
mod mention;
mod message;
mod sample;
mod search;
mod secret;
mod selection;
mod setting;
mod stats;
mod sync;
mod turn;
mod verify;
pub mod view;
mod words;

pub use account::Connected;
pub use app::App;
pub use change::{ChangeStream, Changed};
pub use error::Error;
pub use follow::{LinkStream, Word};
pub use history::HistoryGoal;
pub use import::ImportGiven;
pub use media::{DownloadStream, FetchWhich, ShownMedia};
pub use secret::{KEYCHAIN_VARIABLE, Keeper, SecretError};
pub use words::kind_name;
