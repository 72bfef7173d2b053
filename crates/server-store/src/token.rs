//! Bearer tokens: made once, kept as a hash, bound to integrations and scopes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use threadkeep_protocol::{IntegrationId, Timestamp};

use crate::{
    clock::now,
    error::StoreError,
    grant::{Grant, Scope},
    integration::require,
    store::Store,
};

/// What a token is to be.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What a person calls it.
    pub label: String,
    /// The integrations it is for.
    pub integrations: Vec<IntegrationId>,
    /// What it may do with them.
    pub scopes: Vec<Scope>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

/// A token that was just made: the only time its text is seen.
#[derive(Clone)]
pub struct CreatedToken {
    /// Its name in lists.
    pub id: i64,
    /// The text to send as `Authorization: Bearer …`.
    pub token: String,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

/// Without the token: a debug line must not give it away.
impl std::fmt::Debug for CreatedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What is kept of a token.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TokenInfo {
    /// Its name in lists.
    pub id: i64,
    /// What a person calls it.
    pub label: String,
    /// What it may do …
    pub scopes: Vec<Scope>,
    /// … and with which integrations.
    pub integrations: Vec<IntegrationId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

impl Store {
    /// Makes a token. Its text is in the answer and nowhere else.
    ///
    /// # Errors
    /// When an integration is unknown or the file cannot be written.
    pub async fn create_token(&self, new: NewToken) -> Result<CreatedToken, StoreError> {
        let mut secret = [0_u8; 32];
        getrandom::fill(&mut secret).map_err(StoreError::Random)?;
        let token = format!("tk_{}", URL_SAFE_NO_PAD.encode(secret));
        let hash = hash(&token);
        let expires_at = new.expires_at;
        let id = self
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO tokens (label, hash, scopes, created_at, expires_at)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![
                        new.label,
                        hash.as_slice(),
                        join(&new.scopes),
                        now().millis(),
                        new.expires_at.map(Timestamp::millis)
                    ],
                )?;
                let id = tx.last_insert_rowid();
                for integration in new.integrations {
                    require(&tx, integration)?;
                    tx.execute(
                        "INSERT INTO token_integrations (token_id, integration_id) VALUES (?1, ?2)
                         ON CONFLICT DO NOTHING",
                        params![id, integration],
                    )?;
                }
                tx.commit()?;
                Ok(id)
            })
            .await?;
        Ok(CreatedToken {
            id,
            token,
            expires_at,
        })
    }

    /// All tokens that were not revoked, expired ones included.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn tokens(&self) -> Result<Vec<TokenInfo>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT id, label, scopes, created_at, expires_at FROM tokens ORDER BY id",
            )?;
            let mut tokens = statement
                .query_map([], |row| {
                    Ok(TokenInfo {
                        id: row.get(0)?,
                        label: row.get(1)?,
                        scopes: split(row.get_ref(2)?.as_str()?),
                        integrations: Vec::new(),
                        created_at: Timestamp::from_millis(row.get(3)?),
                        expires_at: row.get::<_, Option<i64>>(4)?.map(Timestamp::from_millis),
                    })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            for token in &mut tokens {
                token.integrations = integrations_of(tx, token.id)?;
            }
            Ok(tokens)
        })
        .await
    }

    /// Makes a token worthless. False where there is none of that id.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn revoke_token(&self, id: i64) -> Result<bool, StoreError> {
        self.write(move |tx| {
            let revoked = tx.execute("DELETE FROM tokens WHERE id = ?1", [id])? > 0;
            tx.commit()?;
            Ok(revoked)
        })
        .await
    }

    /// Makes all tokens of a label worthless; says how many there were.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn revoke_tokens_labelled(&self, label: &str) -> Result<u64, StoreError> {
        let label = label.to_owned();
        self.write(move |tx| {
            let revoked = tx.execute("DELETE FROM tokens WHERE label = ?1", [label])?;
            tx.commit()?;
            Ok(revoked as u64)
        })
        .await
    }

    /// What a token may do that was good a while ago. `None` where it was revoked or has expired since.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn renew(&self, grant: &Grant) -> Result<Option<Grant>, StoreError> {
        let token_id = grant.token_id;
        self.read(move |tx| {
            let found = tx
                .prepare_cached("SELECT scopes, expires_at FROM tokens WHERE id = ?1")?
                .query_row([token_id], |row| {
                    Ok((split(row.get_ref(0)?.as_str()?), row.get(1)?))
                })
                .optional()?;
            let Some((scopes, _)) = found.filter(|(_, expires_at)| !has_expired(*expires_at))
            else {
                return Ok(None);
            };
            let integrations = integrations_of(tx, token_id)?;
            Ok(Some(Grant {
                token_id,
                scopes,
                integrations,
            }))
        })
        .await
    }

    /// What the bearer of this text may do. `None` where it is no token, or one that was revoked or
    /// has expired.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Grant>, StoreError> {
        let hash = hash(token);
        self.read(move |tx| {
            let found = tx
                .prepare_cached("SELECT id, hash, scopes, expires_at FROM tokens WHERE hash = ?1")?
                .query_row([hash.as_slice()], |row| {
                    Ok((
                        row.get::<_, i64>(0)?,
                        row.get::<_, Vec<u8>>(1)?,
                        split(row.get_ref(2)?.as_str()?),
                        row.get::<_, Option<i64>>(3)?,
                    ))
                })
                .optional()?;
            let Some((token_id, stored, scopes, expires_at)) = found else {
                return Ok(None);
            };
            // The index finds by hash, whose bytes an attacker cannot choose; this compares the rest.
            if !bool::from(stored.as_slice().ct_eq(&hash)) {
                return Ok(None);
            }
            if has_expired(expires_at) {
                return Ok(None);
            }
            let integrations = integrations_of(tx, token_id)?;
            Ok(Some(Grant {
                token_id,
                scopes,
                integrations,
            }))
        })
        .await
    }
}

fn has_expired(expires_at: Option<i64>) -> bool {
    expires_at.is_some_and(|at| at <= now().millis())
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn join(scopes: &[Scope]) -> String {
    scopes
        .iter()
        .map(|scope| scope.name())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A scope that a newer version wrote grants nothing here.
fn split(scopes: &str) -> Vec<Scope> {
    scopes
        .split(' ')
        .filter_map(|name| name.parse().ok())
        .collect()
}

fn integrations_of(conn: &Connection, token: i64) -> rusqlite::Result<Vec<IntegrationId>> {
    conn.prepare_cached(
        "SELECT integration_id FROM token_integrations WHERE token_id = ?1 ORDER BY integration_id",
    )?
    .query_map([token], |row| row.get(0))?
    .collect()
}
