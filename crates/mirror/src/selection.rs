//! What a person wants to have on this computer: a rule for all chats, and rules of their own for some.
//!
//! Invariants:
//! - `views` says what of each stream is here. It is changed by the transaction that changes the selection,
//!   before anything is freed, so that at no time more is said to be here than is.
//! - What a view has lost is freed in small transactions, and until that is done the account says so
//!   (`freeing`); who is cut begins again.
//! - A chat that turned out to be another gives that one its rule: who wanted the one wants the other.
//!
//! Rejected: freeing in the transaction of the choice (a hundred thousand deletions hold up every reader's
//! next write); a mark on each row (a rule says the same in one line).

mod free;
mod plan;
mod view;

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};
use threadkeep_protocol::{Id, Rule, Timestamp};

use crate::{
    ChangeKind, ConversationPk, Error, IntegrationPk, Mirror, digest::generation, row::bytes_id,
};

pub use free::Freeing;
pub use plan::{Frees, SelectionPlan};
pub(crate) use view::widen;
pub use view::{Wanted, WantedStream};

/// As many merges as one chat may have behind it: a circle must end.
const MERGES: usize = 16;

/// What is wanted of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    rule: Rule,
    chats: BTreeMap<ConversationPk, Rule>,
}

/// What is wanted of an account, and whether it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// What is wanted.
    pub selection: Selection,
    /// Something is still to be freed or fetched.
    pub is_pending: bool,
}

impl Default for Selection {
    fn default() -> Self {
        Self::new(Rule::ALL, [])
    }
}

impl Selection {
    /// Of a rule for all chats and rules of their own.
    #[must_use]
    pub fn new(rule: Rule, chats: impl IntoIterator<Item = (ConversationPk, Rule)>) -> Self {
        let rule = rule.plain();
        let chats = chats.into_iter().map(|(chat, own)| (chat, own.plain()));
        Self {
            rule,
            chats: chats.filter(|(_, own)| *own != rule).collect(),
        }
    }

    /// For chats that have no rule of their own.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// The rules of their own.
    #[must_use]
    pub const fn chats(&self) -> &BTreeMap<ConversationPk, Rule> {
        &self.chats
    }

    /// What is wanted of a chat.
    #[must_use]
    pub fn of(&self, chat: ConversationPk) -> Rule {
        self.chats.get(&chat).copied().unwrap_or(self.rule)
    }

    /// The same with another rule for one chat.
    #[must_use]
    pub fn with(&self, chat: ConversationPk, rule: Rule) -> Self {
        let others = self.chats.iter().map(|(chat, rule)| (*chat, *rule));
        Self::new(self.rule, others.chain([(chat, rule)]))
    }

    /// Whether nothing is left out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.rule == Rule::ALL && self.chats.is_empty()
    }
}

impl Mirror {
    /// What is wanted of an account.
    ///
    /// # Errors
    /// When there is no such account or the mirror cannot be read.
    pub async fn selection(&self, pk: IntegrationPk) -> Result<Selected, Error> {
        self.read(move |conn| {
            generation(conn, pk)?;
            Ok(Selected {
                selection: read(conn, pk)?,
                is_pending: is_freeing(conn, pk)? || view::is_widening(conn, pk)?,
            })
        })
        .await
    }

    /// Chooses what is wanted of an account. What is here and is not wanted is freed by `free_some`, and
    /// what is wanted and is not here comes with the next pull.
    ///
    /// # Errors
    /// When there is no such account or the mirror cannot be written.
    pub async fn select(&self, pk: IntegrationPk, selection: Selection) -> Result<(), Error> {
        self.write(move |writing| {
            generation(writing.conn, pk)?;
            put(writing.conn, pk, &selection)?;
            view::want(writing.conn, pk)?;
            free::begin(writing.conn, pk)?;
            writing.change(ChangeKind::SyncState, pk.0);
            Ok(())
        })
        .await
    }
}

fn read(conn: &Connection, pk: IntegrationPk) -> Result<Selection, Error> {
    let mut select = conn.prepare_cached(
        "SELECT conversation_pk, included, since, media FROM selections WHERE integration_pk = ?1",
    )?;
    let mut rows = select.query([pk])?;
    let mut rule = Rule::ALL;
    let mut chats = Vec::new();
    while let Some(row) = rows.next()? {
        let since: i64 = row.get(2)?;
        let read = Rule {
            included: row.get(1)?,
            since: (since != 0).then(|| Timestamp::from_millis(since)),
            media: row.get(3)?,
        };
        match row.get(0)? {
            ConversationPk(0) => rule = read,
            chat => chats.push((chat, read)),
        }
    }
    Ok(Selection::new(rule, chats))
}

/// What is wanted of a chat.
pub(crate) fn rule_of(conn: &Connection, chat: ConversationPk) -> Result<Rule, Error> {
    let account: Option<IntegrationPk> = conn
        .prepare_cached("SELECT integration_pk FROM conversations WHERE pk = ?1")?
        .query_row([chat], |row| row.get(0))
        .optional()?;
    account.map_or(Ok(Rule::ALL), |account| Ok(read(conn, account)?.of(chat)))
}

fn put(conn: &Connection, pk: IntegrationPk, selection: &Selection) -> Result<(), Error> {
    conn.prepare_cached("DELETE FROM selections WHERE integration_pk = ?1")?
        .execute([pk])?;
    if selection.is_everything() {
        return Ok(());
    }
    let mut insert = conn.prepare_cached(
        "INSERT INTO selections (integration_pk, conversation_pk, included, since, media) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let own = selection.chats.iter().map(|(chat, rule)| (*chat, *rule));
    for (chat, rule) in own.chain([(ConversationPk(0), selection.rule)]) {
        let since = rule.since.map_or(0, Timestamp::millis);
        insert.execute((pk, chat, rule.included, since, rule.media))?;
    }
    Ok(())
}

/// Gives the rules of chats that turned out to be others to those.
fn follow_merges(conn: &Connection, pk: IntegrationPk) -> Result<Selection, Error> {
    let mut selection = read(conn, pk)?;
    let mut has_moved = false;
    for (chat, rule) in selection.chats.clone() {
        let heir = heir(conn, pk, chat)?;
        if heir != chat {
            let both = rule.or(&selection.of(heir));
            selection.chats.remove(&chat);
            selection = selection.with(heir, both);
            has_moved = true;
        }
    }
    if has_moved {
        put(conn, pk, &selection)?;
    }
    Ok(selection)
}

/// The chat that a chat turned out to be, as far as it is here; itself where it did not.
fn heir(
    conn: &Connection,
    pk: IntegrationPk,
    chat: ConversationPk,
) -> Result<ConversationPk, Error> {
    let mut heir = chat;
    let mut select = conn.prepare_cached(
        "SELECT w.pk FROM conversations AS l JOIN conversations AS w \
            ON w.id = l.merged_into AND w.integration_pk = l.integration_pk \
         WHERE l.pk = ?1 AND l.integration_pk = ?2 AND l.merged_into <> x''",
    )?;
    for _ in 0..MERGES {
        match select.query_row((heir, pk), |row| row.get(0)).optional()? {
            Some(next) => heir = next,
            None => break,
        }
    }
    Ok(heir)
}

fn is_freeing(conn: &Connection, pk: IntegrationPk) -> Result<bool, Error> {
    Ok(conn
        .prepare_cached("SELECT freeing FROM integrations WHERE pk = ?1")?
        .query_row([pk], |row| row.get(0))?)
}

/// A chat's id on the server; none where the row is gone.
fn id(conn: &Connection, chat: ConversationPk) -> Result<Option<Id>, Error> {
    Ok(conn
        .prepare_cached("SELECT id FROM conversations WHERE pk = ?1")?
        .query_row([chat], |row| Ok(bytes_id(row.get(0)?)))
        .optional()?)
}

#[cfg(test)]
mod tests;
