//! `threadkeep connect URL --token TOKEN`

use std::{io, process::ExitCode};

use serde_json::Value;
use threadkeep_app::{App, Keeper};

use crate::{
    arguments::{Connect, Global},
    command::accounts,
    output,
};

pub async fn run(global: &Global, connect: Connect) -> anyhow::Result<ExitCode> {
    let token = if connect.token == "-" {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        line
    } else {
        connect.token
    };
    let app = App::open(global.home.clone(), "threadkeep connect").await?;
    let connected = app
        .connect(&connect.url, &token, &connect.integration)
        .await?;
    if connected.keeper == Keeper::File && !global.quiet {
        let file = app.home().secrets_file();
        eprintln!(
            "No keychain here: the token is in {}, which only you can read.",
            file.display()
        );
    }
    let document = Value::Array(connected.accounts.iter().map(accounts::document).collect());
    output::answer(global, &document, || {
        let lines = connected
            .accounts
            .iter()
            .map(accounts::line)
            .collect::<Vec<_>>()
            .join("\n");
        format!("Connected. `threadkeep sync` brings what is there.\n{lines}")
    })?;
    app.close().await;
    Ok(ExitCode::SUCCESS)
}
