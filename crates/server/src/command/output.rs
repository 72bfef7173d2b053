//! What a command prints: results on standard output, everything else on standard error.

use std::{
    fmt::Display,
    io::{IsTerminal, Write},
};

use serde::Serialize;

use super::fault::Fault;

/// How to print.
#[derive(Clone, Copy)]
pub(super) struct Output {
    json: bool,
    quiet: bool,
}

impl Output {
    pub(super) const fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// A command's result: the JSON document, or the words for a person.
    pub(super) fn result(
        self,
        document: &impl Serialize,
        words: impl Display,
    ) -> anyhow::Result<()> {
        if self.json {
            line(serde_json::to_string(document)?)?;
            return Ok(());
        }
        let words = words.to_string();
        if !words.is_empty() {
            line(words)?;
        }
        Ok(())
    }

    /// Something that helps a person and is no result.
    pub(super) fn note(self, words: impl Display) {
        if !self.quiet && !self.json {
            eprintln!("{words}");
        }
    }

    /// Something that went wrong while the command goes on.
    pub(super) fn warn(self, words: impl Display) {
        eprintln!("error: {words}");
    }

    /// The sentence of a failed command, and the same as JSON where that was asked for.
    pub(super) fn fault(self, fault: &Fault) {
        eprintln!("error: {}", fault.message);
        if self.json {
            let document = serde_json::json!({"error": fault});
            // Nobody is left to tell when this cannot be written either.
            _ = line(document);
        }
    }

    /// Whether somebody watches who likes a moving bar.
    pub(super) fn has_bars(self) -> bool {
        !self.quiet && !self.json && std::io::stderr().is_terminal()
    }
}

/// Writes a line now: whoever reads it through a pipe waits for it.
pub(super) fn line(words: impl Display) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{words}")?;
    out.flush()
}
