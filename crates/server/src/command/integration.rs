//! `threadkeep-server integration`.

use clap::{Args, Subcommand};
use threadkeep_protocol::Integration as Account;
use threadkeep_server_store::NewIntegration;

use super::{Outcome, Shared, database, output::Output};

#[derive(Subcommand)]
pub(super) enum Integration {
    Create(Create),
    /// List the accounts
    List,
}

/// Add an account that a bridge or an import will fill
#[derive(Args)]
#[command(after_help = "\
Example:
  threadkeep-server integration create --type whatsapp --name \"My phone\" --account 15550001111@s.whatsapp.net")]
pub(super) struct Create {
    /// The platform
    #[arg(long = "type", value_name = "TYPE", default_value = "whatsapp", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    platform: String,
    /// What you call it
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    name: String,
    /// The account's own address or phone number, so that what it sends is known to be yours
    #[arg(long, value_name = "JID", value_parser = own_address)]
    account: Option<String>,
}

impl Integration {
    pub(super) async fn run(self, shared: &Shared, output: Output) -> anyhow::Result<Outcome> {
        match self {
            Self::Create(create) => create.run(shared, output).await,
            Self::List => list(shared, output).await,
        }
    }
}

impl Create {
    async fn run(self, shared: &Shared, output: Output) -> anyhow::Result<Outcome> {
        let store = database::open(shared)?;
        let created = store
            .create_integration(NewIntegration {
                integration_type: self.platform,
                display_name: self.name,
                external_id: self.account,
            })
            .await?;
        output.result(&created, words(&created))?;
        Ok(Outcome::Done)
    }
}

/// An address as it is, and a phone number as the address that the platform makes of it.
fn own_address(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if let Some((user, server)) = text.split_once('@') {
        let is_whole = !user.is_empty() && !server.is_empty();
        return is_whole
            .then(|| text.to_owned())
            .ok_or("an address has something on both sides of the @");
    }
    let number: String = text.chars().filter(|c| !"+-() ".contains(*c)).collect();
    let is_number = number.len() >= 5 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        .then(|| format!("{number}@s.whatsapp.net"))
        .ok_or("write it as 15550001111@s.whatsapp.net, or as a phone number with its country code")
}

async fn list(shared: &Shared, output: Output) -> anyhow::Result<Outcome> {
    let store = database::open(shared)?;
    let accounts = store.all_integrations().await?;
    let lines: Vec<String> = accounts.iter().map(words).collect();
    if lines.is_empty() {
        output.note("no integrations yet; make one with `threadkeep-server integration create`");
    }
    output.result(&accounts, lines.join("\n"))?;
    Ok(Outcome::Done)
}

fn words(account: &Account) -> String {
    let own = account.external_id.as_deref().unwrap_or("no address yet");
    format!(
        "integration {}: {} ({}, {own})",
        account.id, account.display_name, account.integration_type
    )
}
