//! A process that brings a file into a data folder, made to be killed.
//!
//! `importer HOME FILE` says `brought N` once the server inside the app has taken so many messages, before the last,
//! and waits there for ever. It never ends by itself.

use std::{error::Error, path::PathBuf, thread};

use threadkeep_app::{
    App, ImportGiven,
    view::{ImportOptions, ImportPhase},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [home, file] = arguments.as_slice() else {
        return Err("importer HOME FILE".into());
    };
    let app = App::open(Some(PathBuf::from(home)), "the importer").await?;
    let given = ImportGiven {
        paths: vec![file.into()],
        key_file: None,
    };
    let report = app
        .import(&given, &ImportOptions::default(), |word| {
            if word.phase == ImportPhase::Messages && word.messages > 0 {
                println!("brought {}", word.messages);
                loop {
                    thread::park();
                }
            }
        })
        .await?;
    Err(format!("nothing stopped it: {report:?}").into())
}
