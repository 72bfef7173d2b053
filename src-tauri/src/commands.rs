//! What the window may ask: each command is one expression over a use case.

pub mod account;
pub mod app;
pub mod chat;
pub mod contact;
pub mod details;
pub mod export;
pub mod history;
pub mod import;
pub mod media;
pub mod search;
pub mod selection;
pub mod sync;
pub mod verify;
