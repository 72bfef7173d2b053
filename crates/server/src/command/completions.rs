//! `threadkeep-server completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Outcome};

/// Print a completion script for a shell.
#[derive(Args)]
#[command(after_help = "\
Example:
  threadkeep-server completions bash > ~/.local/share/bash-completion/completions/threadkeep-server")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let mut script = Vec::new();
        clap_complete::generate(
            self.shell,
            &mut Cli::command(),
            "threadkeep-server",
            &mut script,
        );
        std::io::Write::write_all(&mut std::io::stdout(), &script)?;
        Ok(Outcome::Done)
    }
}
