//! Imports of before: listed, and taken back.

use threadkeep_protocol as protocol;
use threadkeep_sync::SyncOptions;

use super::{explained, tally::number};
use crate::{
    App, Error,
    turn::Who,
    view::{Import, ImportState, Outcome, RunReport, SyncProgress},
};

impl App {
    /// The imports of an account, newest first; none where its server keeps none.
    ///
    /// # Errors
    /// When there is no such account, or its server cannot be asked.
    pub async fn imports(&self, account: &str) -> Result<Vec<Import>, Error> {
        let row = self.account(account).await?;
        let listed = self.remote(&row).await?.imports(row.integration_id).await;
        let imports = match listed {
            Ok(imports) => imports,
            Err(error) if error.is_absence() => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let imports = imports.into_iter().rev();
        Ok(imports.map(|import| view(account, import)).collect())
    }

    /// Takes an import back: what only it brought goes, on the account's server and here. What others know too stays.
    ///
    /// # Errors
    /// When there is no such import, the server cannot be written to, or a sync runs.
    pub async fn undo_import<P>(
        &self,
        account: &str,
        id: &str,
        progress: P,
    ) -> Result<RunReport, Error>
    where
        P: Fn(SyncProgress) + Send + Sync + 'static,
    {
        let import = id.parse().map_err(|_| Error::NoImport(id.to_owned()))?;
        let errand = self.begin()?;
        let row = self.account(account).await?;
        let turn = self.turns.take(row.pk, Who::Person, &errand.cancel).await;
        let turn = turn.ok_or(Error::ImportCancelled)?;
        let remote = self.remote(&row).await?;
        let undone = remote.undo_import(row.integration_id, import).await;
        undone.map_err(|error| explained(error, &row))?;
        drop(turn);
        let options = SyncOptions {
            mode: "import".to_owned(),
            ..self.sync_settings().await?.options()
        };
        let mut runs = self.sync_within(errand, vec![row], options, progress).await;
        match runs.pop() {
            Some(run) if run.outcome != Outcome::Failed => Ok(run),
            Some(run) => Err(behind(run)),
            None => Err(Error::NoAccount(account.to_owned())),
        }
    }
}

/// It is undone on the server, and not here yet.
fn behind(run: RunReport) -> Error {
    let first = run.errors.into_iter().next();
    let (code, message) = first.map_or_else(
        || ("internal".to_owned(), "the sync failed".to_owned()),
        |problem| (problem.code, problem.message),
    );
    Error::Behind { code, message }
}

/// An import as the window shows it.
pub(crate) fn view(account: &str, import: protocol::Import) -> Import {
    let formats = import.format.split(' ').filter(|format| !format.is_empty());
    Import {
        id: import.id.to_string(),
        account_id: account.to_owned(),
        formats: formats.map(str::to_owned).collect(),
        files: import.inputs,
        begun_at: import.created_at.millis(),
        state: match import.state {
            protocol::ImportState::Running => ImportState::Running,
            protocol::ImportState::Complete => ImportState::Complete,
            protocol::ImportState::Cancelled => ImportState::Cancelled,
            protocol::ImportState::Undoing => ImportState::Undoing,
            protocol::ImportState::Undone => ImportState::Undone,
        },
        saved: number(import.saved),
        changed: number(import.updated),
    }
}
