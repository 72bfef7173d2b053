//! Archives as people have them, made up: one chat as WhatsApp exports it, the database of a phone, and others.

mod database;
mod json;
mod text;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde::Serialize;
use threadkeep_ingest::sample;
use threadkeep_protocol::{MessageRecord, Record};

/// Who exports.
pub const ME: &str = "Robin Example";

/// No message of the sample takes less.
const LEAST_BYTES: u64 = 100;

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// One chat, as WhatsApp exports it.
    Txt,
    /// The same with pictures, which have most of the bytes.
    Zip,
    /// The database of a phone.
    Msgstore,
    /// One chat of Telegram Desktop.
    Telegram,
    /// The store of a Baileys client.
    Baileys,
}

/// Write an archive of made-up messages: so many of them, or until it has so many bytes.
#[derive(Args)]
pub struct Archive {
    #[arg(long)]
    to: PathBuf,
    #[arg(long)]
    form: Form,
    #[arg(long, required_unless_present = "bytes")]
    messages: Option<usize>,
    #[arg(long, conflicts_with = "messages")]
    bytes: Option<u64>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What was written.
#[derive(Serialize)]
pub struct Written {
    messages: u64,
    bytes: u64,
}

impl Archive {
    pub fn run(self) -> anyhow::Result<Written> {
        let bytes = self.bytes.unwrap_or(u64::MAX);
        let Some(count) = self.messages.or(usize::try_from(bytes / LEAST_BYTES).ok()) else {
            bail!("that is more than this computer can count");
        };
        let messages = sample::bulk(self.seed, count).filter_map(|record| match record {
            Record::Message(message) => Some(*message),
            _ => None,
        });
        let messages: &mut dyn Iterator<Item = MessageRecord> = &mut { messages };
        let messages = match self.form {
            Form::Txt => text::alone(&self.to, messages, bytes)?,
            Form::Zip => text::with_pictures(&self.to, messages, bytes)?,
            Form::Msgstore => database::phone(&self.to, messages, bytes)?,
            Form::Telegram => json::telegram(&self.to, messages, bytes)?,
            Form::Baileys => json::baileys(&self.to, messages, bytes)?,
        };
        let bytes = std::fs::metadata(&self.to)?.len();
        Ok(Written { messages, bytes })
    }
}

/// Counts what goes through it.
struct Counted<W> {
    inner: W,
    bytes: u64,
}

impl<W: Write> Counted<W> {
    const fn new(inner: W) -> Self {
        Self { inner, bytes: 0 }
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
