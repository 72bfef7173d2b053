//! A run against servers that fail in every way we know, over real sockets, into a real mirror. Each
//! test compares the end state with the truth: rows, texts, cursors, counts; and the code that a person
//! is told.

mod bench;
mod cancelling;
mod cursors;
mod epochs;
mod fault_server;
mod lines;
mod live;
mod media;
mod mirrors;
mod network;
mod pages;
mod property;
mod recent;
mod refusals;
mod selection;
mod snapshot;
mod sums;
mod tls;
mod verify;
mod verify_moving;
mod world;
