//! From the command line to an open app.

use std::{
    ffi::OsString,
    path::PathBuf,
    time::{Duration, Instant},
};

use threadkeep_app::{App, Error};

use crate::error::UiError;

/// What the data folder's lock says of who holds it.
const WHO: &str = "the Threadkeep window";
/// How long a window that is being closed may take to give up the data folder.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the command line asks for.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Write the window's types to this file and stop.
    pub export_bindings: Option<PathBuf>,
    /// Where exports go without asking.
    pub export_to: Option<PathBuf>,
    /// What is imported without asking.
    pub import_from: Vec<PathBuf>,
    /// The data folder, instead of the operating system's place.
    home: Option<PathBuf>,
    /// Show the sample archive if there is nothing else to show.
    sample: bool,
}

impl Arguments {
    /// Reads what it knows and passes over the rest: desktops add arguments of their own.
    pub fn read(mut words: impl Iterator<Item = OsString>) -> Self {
        let mut arguments = Self::default();
        while let Some(word) = words.next() {
            match word.to_str() {
                Some("--export-bindings") => {
                    arguments.export_bindings = words.next().map(Into::into)
                }
                Some("--export-to") => arguments.export_to = words.next().map(Into::into),
                Some("--import-from") => arguments
                    .import_from
                    .extend(words.next().map(PathBuf::from)),
                Some("--home") => arguments.home = words.next().map(Into::into),
                Some("--sample") => arguments.sample = true,
                _ => {}
            }
        }
        arguments
    }
}

/// Opens the app; the window opens in any case, to say why there is none.
pub fn open(arguments: Arguments) -> Result<App, Error> {
    let app = open_home(arguments.home)?;
    tauri::async_runtime::block_on(async {
        if arguments.sample && app.accounts().await?.is_empty() {
            app.add_sample().await?;
        }
        app.stay_current().await?;
        app.fetch_by_itself();
        Ok(app)
    })
}

/// Waits for a window that is on its way out: had it meant to stay, it would have come to the front
/// instead of this one. Another program that holds the folder is not waited for.
fn open_home(home: Option<PathBuf>) -> Result<App, Error> {
    let begun = Instant::now();
    loop {
        match tauri::async_runtime::block_on(App::open(home.clone(), WHO)) {
            Err(error)
                if error.held_by().is_some_and(|by| by.starts_with(WHO))
                    && begun.elapsed() < PATIENCE =>
            {
                std::thread::sleep(Duration::from_millis(50));
            }
            opened => return opened,
        }
    }
}

/// The app, or why it could not be opened.
pub struct Opened(Result<App, Error>);

impl Opened {
    pub const fn new(opened: Result<App, Error>) -> Self {
        Self(opened)
    }

    /// The app, for a command.
    pub fn app(&self) -> Result<&App, UiError> {
        self.0.as_ref().map_err(UiError::from)
    }

    /// Ends what runs and closes the files.
    pub async fn close(&self) {
        if let Ok(app) = &self.0 {
            app.close().await;
        }
    }
}
