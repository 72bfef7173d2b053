//! `threadkeep-server` as somebody at a terminal meets it.

mod commands;
mod failures;
mod ingest;
mod program;
mod serve;
#[cfg(unix)]
mod shutdown;
mod snapshot;
