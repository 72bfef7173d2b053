//! Where rows come from.

use std::{error::Error as Cause, future::Future};

use threadkeep_mirror::Rows;
use threadkeep_protocol::{Seq, Stream};

/// A page of a stream.
#[derive(Debug)]
pub struct Pulled {
    /// In the order of their seqs.
    pub rows: Rows,
    /// The cursor behind them.
    pub cursor: Seq,
    /// Whether there are more.
    pub has_more: bool,
    /// The history that they belong to.
    pub epoch: String,
}

/// The streams of one integration, read where they are: no HTTP, and no knowledge of a store.
pub trait Source: Sync {
    /// What is past a cursor.
    fn page(
        &self,
        stream: Stream,
        since: Seq,
    ) -> impl Future<Output = Result<Pulled, Box<dyn Cause + Send + Sync>>> + Send;
}
