//! Accounts: made on this computer, connected on a server, removed.

use threadkeep_mirror::{IntegrationPk, IntegrationRow, NewIntegration};
use threadkeep_protocol::{Connection, Integration, IntegrationId};
use threadkeep_server_store::{self as server_store, Store};
use threadkeep_sync::{Remote, RemoteOptions, SyncError};
use url::Url;

use crate::{
    App, Error,
    embedded::{EMBEDDED, Embedded},
    secret::{Keeper, Secrets},
    turn::Who,
    view::{Account, AppState, Link, Problem},
};

/// The platform's name of the sample archive.
pub(crate) const SAMPLE: &str = "sample";

/// What `connect` brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// The accounts that the token opens.
    pub accounts: Vec<Account>,
    /// Where the token was put.
    pub keeper: Keeper,
}

impl App {
    /// How the app stands when the window opens.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn state(&self) -> Result<AppState, Error> {
        Ok(AppState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            home: self.home.path().display().to_string(),
            accounts: self.accounts().await?,
            syncing: self.is_syncing(),
            following: self.is_following_wanted().await?,
            read_only: self.read_only.clone(),
        })
    }

    /// The accounts, in the order in which they were added.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        let stats = self.mirror.stats().await?;
        let messages = |pk: IntegrationPk| {
            let of = stats.integrations.iter().find(|each| each.pk == pk);
            of.map_or(0, |each| {
                i64::try_from(each.counts.messages).unwrap_or(i64::MAX)
            })
        };
        let rows = self.mirror.integrations().await?;
        Ok(rows
            .into_iter()
            .map(|row| account(&row, messages(row.pk), self.followers.link(row.pk)))
            .collect())
    }

    pub(crate) async fn account(&self, id: &str) -> Result<IntegrationRow, Error> {
        let rows = self.mirror.integrations().await?;
        rows.into_iter()
            .find(|row| row.pk.to_string() == id)
            .ok_or_else(|| Error::NoAccount(id.to_owned()))
    }

    /// Makes an account that the server inside the app keeps: empty, to be filled by a bridge or an
    /// import. Asked again, it answers with the one that is there.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub async fn use_this_computer(&self) -> Result<Account, Error> {
        let store = self.embedded.open().await?.store;
        let integration = find_or_create(&store, "whatsapp", "This computer").await?;
        self.adopt(integration).await
    }

    /// Mirrors an account of the server inside the app.
    pub(crate) async fn adopt(&self, integration: Integration) -> Result<Account, Error> {
        let server = EMBEDDED.to_owned();
        let new = NewIntegration {
            server,
            integration,
        };
        let id = self.mirror.put_integration(new).await?.to_string();
        self.follow_anew(self.account(&id).await?).await;
        let accounts = self.accounts().await?;
        let adopted = accounts.into_iter().find(|account| account.id == id);
        adopted.ok_or(Error::NoAccount(id))
    }

    /// Tests an address and a token, stores the token, and adds the accounts that it opens: all, or the
    /// named ones (by their numbers on the server).
    ///
    /// # Errors
    /// When the address is none, the server does not answer as one, or the token opens nothing.
    pub async fn connect(
        &self,
        address: &str,
        token: &str,
        named: &[IntegrationId],
    ) -> Result<Connected, Error> {
        let url = server_address(address)?;
        let remote = Remote::new(
            url.clone(),
            Some(token.trim().to_owned()),
            RemoteOptions::default(),
        )?;
        let integrations = opened(&remote, named).await?;
        if integrations.is_empty() {
            return Err(Error::NoIntegrations);
        }
        let server = url.to_string();
        let mut keeper = Keeper::Keychain;
        let mut ids = Vec::new();
        for integration in integrations {
            let name = secret_name(&server, integration.id);
            keeper = self.secrets.put(name, token.trim().to_owned()).await?;
            let new = NewIntegration {
                server: server.clone(),
                integration,
            };
            let id = self.mirror.put_integration(new).await?.to_string();
            self.follow_anew(self.account(&id).await?).await;
            ids.push(id);
        }
        let accounts = self.accounts().await?;
        let accounts = accounts
            .into_iter()
            .filter(|account| ids.contains(&account.id))
            .collect();
        Ok(Connected { accounts, keeper })
    }

    /// Removes an account, its token, and what is here of it. A server elsewhere keeps everything; on
    /// the server inside the app the account is removed too.
    ///
    /// # Errors
    /// When there is no such account, a sync runs, or a file cannot be written.
    pub async fn remove_account(&self, id: &str) -> Result<(), Error> {
        let errand = self.begin()?;
        let row = self.account(id).await?;
        self.followers.forget(row.pk).await;
        let turn = self.turns.take(row.pk, Who::Person, &errand.cancel);
        let _turn = turn.await.ok_or(SyncError::Cancelled)?;
        if row.server == EMBEDDED {
            self.embedded
                .open()
                .await?
                .store
                .remove_integration(row.integration_id)
                .await?;
        } else {
            self.secrets
                .remove(secret_name(&row.server, row.integration_id))
                .await?;
        }
        self.mirror.remove_integration(row.pk).await?;
        Ok(())
    }

    /// Where an account is pulled from.
    pub(crate) async fn remote(&self, row: &IntegrationRow) -> Result<Remote, Error> {
        remote(&self.secrets, &self.embedded, row).await
    }
}

/// The same for what outlives a call.
pub(crate) async fn remote(
    secrets: &Secrets,
    embedded: &Embedded,
    row: &IntegrationRow,
) -> Result<Remote, Error> {
    if row.server == EMBEDDED {
        let door = embedded.open().await?;
        return Ok(Remote::new(
            door.address,
            Some(door.token),
            RemoteOptions::default(),
        )?);
    }
    let name = secret_name(&row.server, row.integration_id);
    let token = secrets.get(name).await?;
    let token = token.ok_or_else(|| Error::TokenMissing(row.display_name.clone()))?;
    Ok(Remote::new(
        server_address(&row.server)?,
        Some(token),
        RemoteOptions::default(),
    )?)
}

/// The accounts that a token opens.
async fn opened(remote: &Remote, named: &[IntegrationId]) -> Result<Vec<Integration>, Error> {
    let listed = async {
        remote.health().await?;
        remote.integrations().await
    };
    match listed.await {
        Ok(mut listed) => {
            listed.retain(|each| named.is_empty() || named.contains(&each.id));
            Ok(listed)
        }
        Err(error) if error.is_absence() => unlisted(remote, named, error).await,
        Err(error) => Err(error.into()),
    }
}

/// Those of a server of the first design, which lists none: the named ones, or the first.
async fn unlisted(
    remote: &Remote,
    named: &[IntegrationId],
    not_listed: SyncError,
) -> Result<Vec<Integration>, Error> {
    let mut found = Vec::new();
    for &id in if named.is_empty() { &[1] } else { named } {
        match remote.unlisted(id).await {
            Ok(integration) => found.push(integration),
            // A website has none either, and says so in its own way.
            Err(error)
                if error.is_absence() && matches!(not_listed, SyncError::NotFound { .. }) =>
            {
                return Err(Error::Unlisted(id));
            }
            Err(error) if error.is_absence() => return Err(not_listed.into()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

/// An address as people type it: `https://` where they left it out, and always a folder, so that
/// paths are joined below it.
fn server_address(text: &str) -> Result<Url, Error> {
    let text = text.trim();
    let refused = || Error::Address(text.to_owned());
    let full = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let mut url = Url::parse(&full).map_err(|_| refused())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(refused());
    }
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        let folder = format!("{}/", url.path());
        url.set_path(&folder);
    }
    Ok(url)
}

/// The account of a platform on the server inside the app. One that a crash kept from being mirrored
/// is found again, so that there is never a second.
pub(crate) async fn find_or_create(
    store: &Store,
    platform: &str,
    name: &str,
) -> Result<Integration, Error> {
    let known = store.all_integrations().await?;
    if let Some(found) = known
        .into_iter()
        .find(|each| each.integration_type == platform)
    {
        return Ok(found);
    }
    let new = server_store::NewIntegration {
        integration_type: platform.to_owned(),
        display_name: name.to_owned(),
        external_id: None,
    };
    Ok(store.create_integration(new).await?)
}

fn secret_name(server: &str, integration: i64) -> String {
    format!("{server}#{integration}")
}

fn account(row: &IntegrationRow, messages: i64, link: Link) -> Account {
    Account {
        id: row.pk.to_string(),
        integration_type: row.integration_type.clone(),
        display_name: row.display_name.clone(),
        external_id: row.external_id.clone(),
        connection: connection_name(row.connection).to_owned(),
        server: if row.server == EMBEDDED {
            String::new()
        } else {
            row.server.clone()
        },
        is_sample: row.integration_type == SAMPLE,
        last_sync_at: (row.last_sync_at != 0).then_some(row.last_sync_at),
        link,
        messages,
    }
}

const fn connection_name(connection: Connection) -> &'static str {
    match connection {
        Connection::Connected => "connected",
        Connection::Connecting => "connecting",
        Connection::Pairing => "pairing",
        Connection::LoggedOut => "logged_out",
        Connection::Disconnected => "disconnected",
    }
}

/// A problem for the window.
pub(crate) fn problem(error: &Error) -> Problem {
    Problem {
        code: error.code().to_owned(),
        message: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::bare("sync.example.org", "https://sync.example.org/")]
    #[case::spaces("  http://127.0.0.1:8750 ", "http://127.0.0.1:8750/")]
    #[case::below_a_folder("https://example.org/keep?x=1#y", "https://example.org/keep/")]
    fn addresses_as_people_type_them(#[case] typed: &str, #[case] meant: &str) {
        assert_eq!(server_address(typed).unwrap().as_str(), meant);
    }

    #[rstest::rstest]
    #[case("")]
    #[case("ftp://example.org")]
    #[case("file:///etc/passwd")]
    #[case("https://")]
    fn what_is_no_server_is_refused(#[case] typed: &str) {
        assert_eq!(server_address(typed).unwrap_err().code(), "bad_address");
    }
}
