//! The commands, one file each.

mod accounts;
mod chats;
mod check;
mod completions;
mod connect;
mod contacts;
mod demo;
mod export;
mod history;
mod import;
mod imports;
mod media;
mod read;
mod search;
mod select;
mod stats;
mod sync;

use std::process::ExitCode;

use crate::arguments::{self, Arguments, Command};

/// Runs the command and says how to exit.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let global = &arguments.global;
    match arguments.command {
        Command::Connect(connect) => connect::run(global, connect).await,
        Command::Accounts => accounts::run(global).await,
        Command::Sync(sync) => sync::run(global, sync).await,
        Command::Check(check) => check::run(global, check).await,
        Command::Stats => stats::run(global).await,
        Command::Chats(chats) => chats::run(global, chats).await,
        Command::Contacts(contacts) => contacts::run(global, contacts).await,
        Command::Read(read) => read::run(global, read).await,
        Command::History(history) => history::run(global, history).await,
        Command::Search(search) => search::run(global, search).await,
        Command::Select(select) => select::run(global, select).await,
        Command::Media(media) => media::run(global, media).await,
        Command::Index(arguments::Index::Rebuild) => search::rebuild(global).await,
        Command::Import(import) => import::run(global, import).await,
        Command::Imports(imports) => imports::run(global, imports).await,
        Command::Export(export) => export::run(global, export).await,
        Command::Demo(progress) => demo::run(global, &progress).await,
        Command::Completions { shell } => {
            completions::print(shell);
            Ok(ExitCode::SUCCESS)
        }
    }
}
