//! The server over real HTTP.

mod connections;
mod digests;
mod history;
mod ingest;
mod limits;
mod lines;
mod live;
mod media;
mod openapi;
mod pages;
mod recent;
mod server;
mod shutdown;
mod snapshots;
mod threads;
mod tokens;
mod views;
