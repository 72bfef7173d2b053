//! What of each stream is here, and what is wanted of it, in the words that the server understands.

use rusqlite::{Connection, OptionalExtension};
use threadkeep_protocol::{Seq, Stream, View};

use super::{Selection, follow_merges, id, is_freeing};
use crate::{
    Applied, Batch, ChangeKind, Error, IntegrationPk, Mirror, apply, digest::generation, row,
    writing::Writing,
};

/// The streams of which a view may leave out rows.
const SLICED: [Stream; 3] = [Stream::Messages, Stream::Media, Stream::Receipts];

/// What a pull is to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What is wanted; none for everything.
    pub view: Option<View>,
    /// Rows that are not wanted are still here.
    pub is_freeing: bool,
    /// Streams of which something is wanted that is not here, though their cursor is past it.
    pub streams: Vec<WantedStream>,
}

/// A stream of which something is to be fetched from before its cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedStream {
    /// Which.
    pub stream: Stream,
    /// What is here of it, up to its cursor; none for everything.
    pub held: Option<View>,
    /// What is missing has come up to here.
    pub from: Seq,
}

impl Wanted {
    /// Whether the streams are wanted whole, and are here so.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.view.is_none() && !self.is_freeing && self.streams.is_empty()
    }
}

impl Mirror {
    /// What a pull of an account is to ask for. To be asked once the conversations have come: rules are
    /// for those that are here.
    ///
    /// # Errors
    /// When there is no such account or the mirror cannot be written.
    pub async fn want(&self, pk: IntegrationPk) -> Result<Wanted, Error> {
        self.write(move |writing| {
            generation(writing.conn, pk)?;
            want(writing.conn, pk)
        })
        .await
    }

    /// Notes that all of a stream that is wanted is here, up to its cursor.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn widened(&self, pk: IntegrationPk, stream: Stream) -> Result<(), Error> {
        self.write(move |writing| {
            let conn = writing.conn;
            conn.prepare_cached(
                "UPDATE views SET held = wanted WHERE integration_pk = ?1 AND stream = ?2",
            )?
            .execute((pk, stream.name()))?;
            forget_progress(conn, pk, stream)?;
            writing.change(ChangeKind::SyncState, pk.0);
            Ok(())
        })
        .await
    }
}

/// Applies rows that the wanted view has beyond the held one, up to `to`, with that mark.
pub(crate) fn widen(
    writing: &mut Writing<'_>,
    pk: IntegrationPk,
    batch: Batch,
    to: Seq,
) -> Result<Applied, Error> {
    let (stream, pulled) = (batch.rows.stream(), batch.rows.len());
    let applied = apply::beside(writing, pk, batch.rows, &batch.epoch, false)?;
    writing
        .conn
        .prepare_cached(
            "UPDATE sync_state SET widened = max(widened, ?3), rows_pulled = rows_pulled + ?4, \
                last_sync_at = ?5 \
             WHERE integration_pk = ?1 AND stream = ?2",
        )?
        .execute((pk, stream.name(), to, row::signed(pulled), batch.at))?;
    Ok(applied)
}

/// What is here and what is wanted of a stream, as texts.
struct Kept {
    held: String,
    wanted: String,
    cursor: Seq,
    widened: Seq,
}

/// Brings `views` in line with the selection. Where something else was wanted before, what is here for
/// certain is what both have.
pub(super) fn want(conn: &Connection, pk: IntegrationPk) -> Result<Wanted, Error> {
    let view = view_of(conn, &follow_merges(conn, pk)?)?;
    let text = write(view.as_ref())?;
    let mut streams = Vec::new();
    for stream in SLICED {
        let mut kept = kept(conn, pk, stream)?;
        let is_begun = kept.cursor > 0;
        if kept.wanted != text || (!is_begun && kept.held != text) {
            kept.held = if is_begun {
                write(both(read(&kept.held)?, view.as_ref()).as_ref())?
            } else {
                text.clone()
            };
            kept.widened = 0;
            conn.prepare_cached(
                "INSERT INTO views (integration_pk, stream, held, wanted) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (integration_pk, stream) \
                 DO UPDATE SET held = excluded.held, wanted = excluded.wanted",
            )?
            .execute((pk, stream.name(), &kept.held, &text))?;
            forget_progress(conn, pk, stream)?;
        }
        if kept.held != text {
            streams.push(WantedStream {
                stream,
                held: read(&kept.held)?,
                from: kept.widened,
            });
        }
    }
    Ok(Wanted {
        view,
        is_freeing: is_freeing(conn, pk)?,
        streams,
    })
}

/// Whether something that is wanted is to be fetched from before a cursor.
pub(super) fn is_widening(conn: &Connection, pk: IntegrationPk) -> Result<bool, Error> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM views AS v JOIN sync_state AS s \
                ON s.integration_pk = v.integration_pk AND s.stream = v.stream \
             WHERE v.integration_pk = ?1 AND v.held <> v.wanted AND s.last_seq > 0)",
        )?
        .query_row([pk], |row| row.get(0))?)
}

/// Whether a selection would want what is not here, though a cursor is past it.
pub(super) fn would_widen(
    conn: &Connection,
    pk: IntegrationPk,
    selection: &Selection,
) -> Result<bool, Error> {
    let view = view_of(conn, selection)?;
    for stream in SLICED {
        let kept = kept(conn, pk, stream)?;
        if kept.cursor > 0 && both(read(&kept.held)?, view.as_ref()) != view {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A selection as a view; none for everything.
fn view_of(conn: &Connection, selection: &Selection) -> Result<Option<View>, Error> {
    if selection.is_everything() {
        return Ok(None);
    }
    let mut chats = Vec::with_capacity(selection.chats().len());
    for (chat, rule) in selection.chats() {
        if let Some(id) = id(conn, *chat)? {
            chats.push((id, *rule));
        }
    }
    Ok(Some(View::new(selection.rule(), chats)))
}

fn kept(conn: &Connection, pk: IntegrationPk, stream: Stream) -> Result<Kept, Error> {
    Ok(conn
        .prepare_cached(
            "SELECT coalesce(v.held, ''), coalesce(v.wanted, ''), s.last_seq, s.widened \
             FROM sync_state AS s LEFT JOIN views AS v \
                ON v.integration_pk = s.integration_pk AND v.stream = s.stream \
             WHERE s.integration_pk = ?1 AND s.stream = ?2",
        )?
        .query_row((pk, stream.name()), |row| {
            Ok(Kept {
                held: row.get(0)?,
                wanted: row.get(1)?,
                cursor: row.get(2)?,
                widened: row.get(3)?,
            })
        })
        .optional()?
        .unwrap_or(Kept {
            held: String::new(),
            wanted: String::new(),
            cursor: 0,
            widened: 0,
        }))
}

fn forget_progress(conn: &Connection, pk: IntegrationPk, stream: Stream) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE sync_state SET widened = 0 WHERE integration_pk = ?1 AND stream = ?2",
    )?
    .execute((pk, stream.name()))?;
    Ok(())
}

fn both(a: Option<View>, b: Option<&View>) -> Option<View> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.and(b)),
        (a, b) => a.or_else(|| b.cloned()),
    }
}

fn read(text: &str) -> Result<Option<View>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(text)?))
}

fn write(view: Option<&View>) -> Result<String, Error> {
    view.map_or_else(
        || Ok(String::new()),
        |view| Ok(serde_json::to_string(view)?),
    )
}
