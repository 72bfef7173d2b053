//! The store from outside: real files, the public interface, and the file read with plain SQLite where
//! a test is about what is kept rather than what is shown.

mod bed;
mod concurrency;
mod contacts;
mod content;
mod conversations;
mod digests;
mod epochs;
mod history;
mod identity;
mod imports;
mod late_names;
mod messages;
mod one_history;
mod opening;
mod pages;
mod pending;
mod permutation;
mod receipts;
mod recent;
mod refusals;
mod removal;
mod tokens;
mod views;
mod watch;
