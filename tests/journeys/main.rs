//! Journeys across the crates: what one actor does, another one sees.
//!
//! Each file is one story. Servers are real and listen on port 0, files are real and temporary.

mod baileys;
mod beside;
mod choosing;
mod computer;
mod history;
mod kill;
mod live;
mod media;
mod merges;
mod offline;
mod one_history;
mod people;
mod property;
mod receipts;
mod recent_first;
mod restored;
mod sample;
mod search;
mod seeds_only;
mod selection;
mod shutdown;
mod snapshot;
mod states;
mod streaming;
mod taking_out;
mod two_accounts;
mod verify;
mod words;
