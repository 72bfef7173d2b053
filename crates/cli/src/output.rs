//! Answers on standard output, everything else on standard error.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use crate::arguments::Global;

pub const DONE: u8 = 0;
pub const FAILED: u8 = 1;
pub const USAGE: u8 = 2;
pub const PARTLY: u8 = 3;
pub const CANCELLED: u8 = 130;

/// The command line makes no sense, in a way that only the command can tell.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Logs to standard error: what no sentence of a command says, or more where asked.
pub fn start_logging(verbose: u8) {
    let level = match verbose {
        0 => "error",
        1 => "info",
        _ => "debug",
    };
    let filter =
        tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| level.into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
}

/// Prints the answer: the document, or the lines that a person reads.
pub fn answer(global: &Global, document: &Value, lines: impl FnOnce() -> String) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if global.json {
        writeln!(out, "{document}")
    } else {
        let text = lines();
        if text.is_empty() {
            Ok(())
        } else {
            writeln!(out, "{text}")
        }
    }
}

/// Says why a command failed, and how to exit.
pub fn report(global: &Global, error: &anyhow::Error) -> ExitCode {
    if let Some(usage) = error.downcast_ref::<Usage>() {
        eprintln!("error: {usage}");
        return ExitCode::from(USAGE);
    }
    let broken_pipe = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    if error.downcast_ref::<io::Error>().is_some_and(broken_pipe) {
        return ExitCode::from(FAILED); // whoever read us has heard enough
    }
    let code = error
        .downcast_ref::<threadkeep_app::Error>()
        .map_or("failed", |known| known.code());
    failed(global, code, &error.to_string())
}

/// The same with a code at hand.
pub fn failed(global: &Global, code: &str, message: &str) -> ExitCode {
    eprintln!("error: {message}");
    if global.json {
        // A script reads the code; if nobody listens, the exit code still tells.
        _ = answer(
            global,
            &json!({"error": {"code": code, "message": message}}),
            String::new,
        );
    }
    ExitCode::from(FAILED)
}

/// A time as JSON: RFC 3339 UTC, or null.
pub fn time(millis: Option<i64>) -> Value {
    millis
        .and_then(|millis| Timestamp::from_millisecond(millis).ok())
        .map_or(Value::Null, |time| {
            let text = if time.as_millisecond() % 1_000 == 0 {
                format!("{time:.0}")
            } else {
                format!("{time:.3}")
            };
            Value::String(text)
        })
}

/// A time as a person in this place reads it.
pub fn local_time(millis: i64) -> String {
    let Ok(time) = Timestamp::from_millisecond(millis) else {
        return String::new();
    };
    time.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// A size as a person reads it.
pub fn size(bytes: i64) -> String {
    indicatif::HumanBytes(bytes.try_into().unwrap_or_default()).to_string()
}

/// Text of other people on a terminal: control characters could move the cursor, change colours or
/// worse, so they are shown as what they are.
pub fn shown(text: &str) -> String {
    let harmless = |c: char| !c.is_control() || c == '\t';
    text.chars()
        .map(|c| if harmless(c) { c } else { control_picture(c) })
        .collect()
}

fn control_picture(c: char) -> char {
    char::from_u32(0x2400 + c as u32)
        .filter(|_| (c as u32) < 0x20)
        .unwrap_or('\u{fffd}')
}

/// Whether bars can be drawn.
pub fn is_terminal(global: &Global) -> bool {
    !global.quiet && io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_of_other_people_do_nothing() {
        assert_eq!(
            shown("a\u{1b}[31mred\nb"),
            "a␛[31mred␊b",
            "shown, not obeyed"
        );
        assert_eq!(shown("ça 你好 👍"), "ça 你好 👍", "what is plain stays");
        assert_eq!(shown("\u{9b}31m"), "\u{fffd}31m", "one-byte escapes too");
    }
}
