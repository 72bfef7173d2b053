//! Which account takes an import, and which chats it joins there.

use std::collections::HashMap;

use threadkeep_mirror::{self as mirror, IntegrationRow};
use threadkeep_protocol::loose;
use threadkeep_server_store as server_store;

use super::opened::Opened;
use crate::{
    App, Error,
    account::{SAMPLE, find_or_create},
    view::{ImportJoin, ImportOptions},
};

/// What an account is called that an import makes.
const NEW_NAME: &str = "This computer";

/// The platform whose account takes what nobody's platform is, and where there is none yet.
const USUAL_PLATFORM: &str = "whatsapp";

/// The platforms that files are of, each once; none where they may be of any (address books, neutral records).
pub(super) fn platforms(opened: &[Opened]) -> Vec<&'static str> {
    let mut found = Vec::new();
    let readable = opened.iter().filter_map(|each| each.readable.as_ref());
    for platform in
        readable.flat_map(|(_, formats)| formats.iter().filter_map(|each| each.platform()))
    {
        if !found.contains(&platform) {
            found.push(platform);
        }
    }
    found
}

/// The platform whose chats are read: the chosen one, else the first.
pub(super) fn platform_of(
    opened: &[Opened],
    options: &ImportOptions,
) -> Result<Option<&'static str>, Error> {
    let found = platforms(opened);
    match &options.platform {
        None => Ok(found.first().copied()),
        Some(wanted) => {
            let chosen = found.into_iter().find(|platform| platform == wanted);
            chosen.map_or_else(
                || Err(Error::NoPlatform(wanted.clone())),
                |found| Ok(Some(found)),
            )
        }
    }
}

impl App {
    /// The account that takes files of a platform; none where one has to be made.
    pub(super) async fn account_for(
        &self,
        platform: Option<&str>,
        options: &ImportOptions,
    ) -> Result<Option<IntegrationRow>, Error> {
        let fits = |row: &IntegrationRow| {
            row.integration_type != SAMPLE
                && platform.is_none_or(|platform| platform == row.integration_type)
        };
        if let Some(id) = &options.account_id {
            let row = self.account(id).await?;
            return if fits(&row) {
                Ok(Some(row))
            } else {
                Err(Error::OtherPlatform(row.display_name))
            };
        }
        if options.new_account {
            return Ok(None);
        }
        Ok(self.mirror.integrations().await?.into_iter().find(fits))
    }

    /// Makes the account that takes files of a platform, on the server inside the app.
    pub(super) async fn make_account(
        &self,
        platform: Option<&str>,
        options: &ImportOptions,
    ) -> Result<IntegrationRow, Error> {
        let platform = platform.unwrap_or(USUAL_PLATFORM);
        let store = self.embedded.open().await?.store;
        let integration = if options.new_account {
            let known = self.mirror.integrations().await?;
            let same = known.iter().filter(|row| row.integration_type == platform);
            let display_name = match same.count() {
                0 => NEW_NAME.to_owned(),
                count => format!("{NEW_NAME} ({})", count + 1),
            };
            let new = server_store::NewIntegration {
                integration_type: platform.to_owned(),
                display_name,
                external_id: None,
            };
            store.create_integration(new).await?
        } else {
            find_or_create(&store, platform, NEW_NAME).await?
        };
        let account = self.adopt(integration).await?;
        self.account(&account.id).await
    }

    /// The chats of an account, to tell which of them an import joins.
    pub(super) async fn known_chats(&self, row: &IntegrationRow) -> Result<Known, Error> {
        let query = mirror::ChatQuery {
            filter: mirror::ChatFilter::All,
            integration: Some(row.pk),
            limit: u32::MAX,
            ..mirror::ChatQuery::default()
        };
        let mut known = Known::default();
        for chat in self.mirror.chats(query).await? {
            let join = ImportJoin {
                chat_id: chat.pk.to_string(),
                name: chat.name,
            };
            known
                .names
                .entry(loose::name(&join.name))
                .or_default()
                .push(join.clone());
            known.addresses.insert(chat.jid, join);
        }
        Ok(known)
    }
}

/// The chats of an account.
#[derive(Debug, Default)]
pub(super) struct Known {
    addresses: HashMap<String, ImportJoin>,
    names: HashMap<String, Vec<ImportJoin>>,
}

impl Known {
    /// The chat that one of the files is: by its address, or by its name where it has no other and only one chat
    /// here is called so.
    pub(super) fn find(&self, address: &str, name: &str) -> Option<ImportJoin> {
        if let Some(join) = self.addresses.get(address) {
            return Some(join.clone());
        }
        if !address.starts_with(loose::CHAT_PREFIX) {
            return None;
        }
        if let Some(digits) = loose::phone(name) {
            let address = format!("{digits}@s.whatsapp.net");
            return self.addresses.get(&address).cloned();
        }
        match self.names.get(&loose::name(name)).map(Vec::as_slice) {
            Some([only]) => Some(only.clone()),
            _ => None,
        }
    }
}
