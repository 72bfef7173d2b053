//! A page of a slice of a stream.
//!
//! There are two ways to find it. Where few chats are wanted, their messages are walked by the index of
//! each chat and what lies past the cursor is put in order: the cost of a page is that of those chats,
//! however much else there is. Where much is wanted, the stream is read in its order and what is not in
//! the slice is passed over, at most so many rows a page: then the answer's cursor leads past them, with
//! few rows or none before it. The first way costs its chats once a page, the second the stream once in
//! all, so the first is taken while the square of the chats' size is below the stream's size times a
//! page's.
//!
//! Rejected: an index by chat and seq. It would make the first way cost only what it brings, for one
//! more index entry at every change of every message, on servers where nobody selects anything.

use rusqlite::Row;
use threadkeep_protocol::{Page, Seq};

use crate::{
    bucket,
    error::StoreError,
    page::Context,
    row::{StoredRow, time_at},
    status::standing,
    store::read_epoch,
    view::{Lens, Slice, Stretch},
};

/// Rows that are passed over or taken before a page ends, whatever it holds.
const SCANNED: i64 = 50_000;

/// What a page may hold.
#[derive(Clone, Copy)]
pub struct Bounds {
    pub since: Seq,
    pub limit: u32,
    pub bytes: usize,
}

pub fn page<R: StoredRow>(
    context: &mut Context<'_>,
    slice: &Slice,
    bounds: Bounds,
) -> Result<Page<R>, StoreError> {
    let (conn, integration) = (context.conn, context.integration);
    let lens = Lens::load(conn, integration, slice)?;
    let (latest, count) = standing(conn, integration, R::STREAM)?;
    let until = slice.until_seq.unwrap_or(Seq::MAX).min(latest);
    let chats = match R::ATTACHED {
        Some(attached) => lens.chats(attached.what),
        None => None,
    };
    let page = match (slice.bucket, chats) {
        (Some(bucket), _) => bucket::page::<R>(context, bucket, &lens, until, bounds)?,
        (None, Some(chats)) if is_worth_it(context, &chats, count, bounds.limit)? => {
            by_chat::<R>(context, &chats, until, bounds)?
        }
        _ => by_seq::<R>(context, &lens, until, bounds)?,
    };
    Ok(Page {
        epoch: read_epoch(conn)?,
        ..page
    })
}

/// Whether walking the chats for every page costs less than reading the stream once.
fn is_worth_it(
    context: &Context<'_>,
    chats: &[Stretch],
    rows: i64,
    limit: u32,
) -> Result<bool, StoreError> {
    let mut select = context
        .conn
        .prepare_cached("SELECT total_message_count FROM conversations WHERE pk = ?1")?;
    let mut size = 0_i64;
    for stretch in chats {
        let messages: i64 = select.query_row([stretch.chat], |row| row.get(0))?;
        size = size.saturating_add(messages);
    }
    Ok(size.saturating_mul(size) <= rows.saturating_mul(i64::from(limit)))
}

/// Whether a row of `R::SELECT` comes through.
pub fn is_in<R: StoredRow>(columns: &Row<'_>, lens: &Lens) -> rusqlite::Result<bool> {
    match R::ATTACHED {
        Some(at) if !lens.is_clear() => {
            Ok(lens.passes(at.what, columns.get(at.chat)?, time_at(columns, at.time)?))
        }
        _ => Ok(true),
    }
}

fn by_chat<R: StoredRow>(
    context: &mut Context<'_>,
    chats: &[Stretch],
    until: Seq,
    bounds: Bounds,
) -> Result<Page<R>, StoreError> {
    let conn = context.conn;
    let mut seqs: Vec<Seq> = Vec::new();
    if let Some(attached) = R::ATTACHED {
        let mut select = conn.prepare_cached(attached.seqs_of_chat)?;
        for Stretch { chat, from, to } in chats {
            let mut found = select.query((chat, from, to, bounds.since, until))?;
            while let Some(row) = found.next()? {
                seqs.push(row.get(0)?);
            }
        }
    }
    seqs.sort_unstable();
    let mut one = conn.prepare_cached(R::SELECT)?;
    let (mut rows, mut bytes) = (Vec::<R>::new(), 0);
    for seq in &seqs {
        if rows.len() == bounds.limit as usize || bytes >= bounds.bytes {
            break;
        }
        let row = one.query_row((context.integration, seq - 1, 1), |columns| {
            Ok(R::read(columns, context))
        })??;
        bytes += row.weight();
        rows.push(row);
    }
    let has_more = rows.len() < seqs.len();
    Ok(Page {
        latest_seq: match rows.last() {
            Some(last) if has_more => last.seq(),
            _ => until.max(bounds.since),
        },
        rows,
        has_more,
        total_count: i64::try_from(seqs.len()).unwrap_or(i64::MAX),
        epoch: String::new(),
    })
}

fn by_seq<R: StoredRow>(
    context: &mut Context<'_>,
    lens: &Lens,
    until: Seq,
    bounds: Bounds,
) -> Result<Page<R>, StoreError> {
    let mut statement = context.conn.prepare_cached(R::SELECT)?;
    let mut found = statement.query((context.integration, bounds.since, SCANNED))?;
    let (mut rows, mut bytes, mut scanned) = (Vec::new(), 0, 0);
    let mut latest_seq = bounds.since;
    let has_more = loop {
        let Some(columns) = found.next()? else {
            break scanned == SCANNED;
        };
        let seq: Seq = columns.get(1)?;
        if seq > until {
            break false;
        }
        if rows.len() == bounds.limit as usize || bytes >= bounds.bytes {
            break true;
        }
        scanned += 1;
        latest_seq = seq;
        if is_in::<R>(columns, lens)? {
            let row = R::read(columns, context)?;
            bytes += row.weight();
            rows.push(row);
        }
    };
    Ok(Page {
        latest_seq: if has_more {
            latest_seq
        } else {
            until.max(bounds.since)
        },
        // What is passed over is not counted, so only the end knows how many there were.
        total_count: if has_more {
            0
        } else {
            i64::try_from(rows.len()).unwrap_or(i64::MAX)
        },
        rows,
        has_more,
        epoch: String::new(),
    })
}
