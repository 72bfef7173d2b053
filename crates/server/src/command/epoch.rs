//! `threadkeep-server epoch`.

use clap::Subcommand;

use super::{Outcome, Shared, database, output::Output};

#[derive(Subcommand)]
#[command(after_help = "\
An epoch is the name of a history. After the database was restored from an older copy, the cursors of
clients mean nothing; the server notices it when it opens the file and begins a new epoch by itself.
Where it cannot notice it (the file SERVER.db.epoch was restored too), begin one by hand. Clients then
pull everything again and keep what they have; nothing is deleted.")]
pub(super) enum Epoch {
    /// Say which epoch it is
    Show,
    /// Begin another one; safe beside a running server
    New,
}

impl Epoch {
    pub(super) async fn run(self, shared: &Shared, output: Output) -> anyhow::Result<Outcome> {
        let store = database::open(shared)?;
        if matches!(self, Self::New) {
            store.begin_epoch().await?;
        }
        let epoch = store.epoch_now().await?;
        let words = format!("epoch {}, {} changes so far", epoch.id, epoch.handed_out);
        output.result(&epoch, words)?;
        Ok(Outcome::Done)
    }
}
