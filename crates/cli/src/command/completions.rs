//! `threadkeep completions SHELL`

use clap::CommandFactory;

use crate::arguments::Arguments;

pub fn print(shell: clap_complete::Shell) {
    clap_complete::generate(
        shell,
        &mut Arguments::command(),
        "threadkeep",
        &mut std::io::stdout(),
    );
}
