//! `threadkeep`: the app in a terminal, for computers without a screen, scripts and tests.
//!
//! Standard output holds the answer and nothing else (one JSON document with `--json`); progress and
//! errors go to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in part,
//! 130 cancelled.

mod arguments;
mod bars;
mod command;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    output::start_logging(arguments.global.verbose);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return output::failed(&arguments.global, "internal", &error.to_string()),
    };
    let global = arguments.global.clone();
    match runtime.block_on(command::run(arguments)) {
        Ok(code) => code,
        Err(error) => output::report(&global, &error),
    }
}
