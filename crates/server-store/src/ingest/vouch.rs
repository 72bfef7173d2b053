//! Who knows which chat, person and member; and what an import changes in those that were known.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};

use super::call::Call;
use crate::{
    error::StoreError,
    kept::{ACCOUNT, Kept, SEVERAL, Slot, Table, Told},
};

/// What an import made of a field, by the field's name: before and after.
pub type Changes = Map<String, Value>;

impl Call<'_> {
    /// Notes that this call's source knows what it has touched, and what it has changed in what others
    /// knew. To be called when nothing changes any more and the rows are still held.
    pub fn vouch(&mut self) -> Result<(), StoreError> {
        self.note_names();
        if self.is_undoing {
            return Ok(());
        }
        let (conn, source) = (self.conn, self.source);
        vouch(conn, source, &mut self.conversations)?;
        vouch(conn, source, &mut self.contacts)?;
        vouch(conn, source, &mut self.participants)
    }

    /// Whether a chat or a person has got a name by which it may be found.
    fn note_names(&mut self) {
        let chats = self.conversations.slots().iter().any(|slot| {
            let row = &slot.row;
            slot.stored().is_none_or(|was| {
                (&was.name, was.kind, was.is_withdrawn) != (&row.name, row.kind, row.is_withdrawn)
            })
        });
        let people = self.contacts.slots().iter().any(|slot| {
            let row = &slot.row;
            slot.stored().is_none_or(|was| {
                (&was.display_name, &was.push_name) != (&row.display_name, &row.push_name)
            })
        });
        for slot in self.contacts.slots() {
            if slot.stored() != Some(&slot.row) {
                self.due.renamed(slot.stored(), &slot.row);
            }
        }
        for slot in self.conversations.slots() {
            let was = slot.stored().map(|was| was.kind);
            if slot.row.has_loose && was.is_some_and(|was| was != slot.row.kind) {
                self.due.chat(slot.pk);
            }
        }
        self.has_names |= chats || people;
    }
}

fn vouch<T: Told>(conn: &Connection, source: i64, table: &mut Table<T>) -> Result<(), StoreError> {
    for slot in table.slots_mut() {
        let was_there = slot.stored().is_some_and(|row| !row.is_withdrawn());
        if !was_there {
            // New, or withdrawn until now: only this source speaks of it.
            if !slot.row.is_withdrawn() {
                slot.row.come_from(source);
            }
            continue;
        }
        let origin = slot.row.origin();
        if origin == source {
            continue;
        }
        if source != ACCOUNT {
            note_changes(conn, source, slot)?;
        }
        match origin {
            ACCOUNT => {}
            _ if source == ACCOUNT => slot.row.come_from(ACCOUNT),
            origin => {
                if origin != SEVERAL {
                    note_source::<T>(conn, origin, slot.pk)?;
                    slot.row.come_from(SEVERAL);
                }
                note_source::<T>(conn, source, slot.pk)?;
            }
        }
    }
    Ok(())
}

fn note_source<T: Kept>(conn: &Connection, source: i64, pk: i64) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO row_sources (stream, row_pk, source) VALUES (?1, ?2, ?3)
         ON CONFLICT DO NOTHING",
    )?
    .execute(params![T::STREAM.name(), pk, source])?;
    Ok(())
}

/// Keeps what the fields were before the import's first change, and what they are after its last.
fn note_changes<T: Told>(conn: &Connection, import: i64, slot: &Slot<T>) -> Result<(), StoreError> {
    let Some(was) = slot.stored().filter(|was| **was != slot.row) else {
        return Ok(());
    };
    let (before, after) = (serde_json::to_value(was)?, serde_json::to_value(&slot.row)?);
    let changed = T::SAID
        .iter()
        .filter(|field| before.get(field) != after.get(field));
    let key = params![import, T::STREAM.name(), slot.pk];
    let mut noted: Option<Changes> = None;
    for field in changed {
        let noted = match &mut noted {
            Some(noted) => noted,
            none => none.insert(read_changes(conn, key)?),
        };
        let old = noted.get(*field).and_then(|pair| pair.get(0)).cloned();
        let old = old.unwrap_or_else(|| before[*field].clone());
        noted.insert(
            (*field).to_owned(),
            Value::from(vec![old, after[*field].clone()]),
        );
    }
    if let Some(noted) = noted {
        conn.prepare_cached(
            "INSERT INTO import_changes (import_id, stream, row_pk, document) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET document = excluded.document",
        )?
        .execute(params![
            import,
            T::STREAM.name(),
            slot.pk,
            serde_json::to_string(&noted)?
        ])?;
    }
    Ok(())
}

fn read_changes(conn: &Connection, key: &[&dyn rusqlite::ToSql]) -> Result<Changes, StoreError> {
    let document: Option<String> = conn
        .prepare_cached(
            "SELECT document FROM import_changes
             WHERE import_id = ?1 AND stream = ?2 AND row_pk = ?3",
        )?
        .query_row(key, |row| row.get(0))
        .optional()?;
    Ok(match document {
        Some(document) => serde_json::from_str(&document)?,
        None => Changes::new(),
    })
}
