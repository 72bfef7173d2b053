//! An exported chat: its text, alone or in a zip with its pictures.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use threadkeep_protocol::MessageRecord;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{Counted, ME};

/// How long a picture is.
const PICTURE: usize = 4 << 20;
/// A picture for so many bytes of text.
const TEXT_A_PICTURE: u64 = 400_000;

/// All of them as one chat of two, as an Android phone writes it.
pub(super) fn alone(
    to: &Path,
    messages: &mut dyn Iterator<Item = MessageRecord>,
    most: u64,
) -> anyhow::Result<u64> {
    let mut file = Counted::new(BufWriter::new(File::create(to)?));
    let mut count = 0;
    while file.bytes < most
        && let Some(message) = messages.next()
    {
        line(&mut file, &message, &message.content)?;
        count += 1;
    }
    file.flush()?;
    Ok(count)
}

/// The same in a zip, with a picture every now and then.
pub(super) fn with_pictures(
    to: &Path,
    messages: &mut dyn Iterator<Item = MessageRecord>,
    most: u64,
) -> anyhow::Result<u64> {
    let mut zip = ZipWriter::new(BufWriter::new(File::create(to)?));
    zip.start_file(
        "WhatsApp Chat with Ana Souza.txt",
        SimpleFileOptions::default(),
    )?;
    let mut text = Counted::new(zip);
    let (mut count, mut pictures) = (0, 0);
    while text.bytes + pictures * (PICTURE as u64) < most
        && let Some(message) = messages.next()
    {
        if text.bytes / TEXT_A_PICTURE > pictures {
            line(
                &mut text,
                &message,
                &format!("{} (file attached)", name(pictures)),
            )?;
            pictures += 1;
        } else {
            line(&mut text, &message, &message.content)?;
        }
        count += 1;
    }
    let mut zip = text.inner;
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut picture = vec![0; PICTURE];
    let mut state = 1_u64;
    for number in 0..pictures {
        for eight in picture.chunks_exact_mut(8) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            eight.copy_from_slice(&state.to_le_bytes());
        }
        zip.start_file(name(number), stored)?;
        zip.write_all(&picture)?;
    }
    zip.finish()?.flush()?;
    Ok(count)
}

fn name(number: u64) -> String {
    format!("IMG-20200101-WA{number:06}.jpg")
}

fn line(file: &mut impl Write, message: &MessageRecord, text: &str) -> anyhow::Result<()> {
    let at = jiff::Timestamp::from_millisecond(message.timestamp.millis())?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    let sender = if message.is_from_me { ME } else { "Ana Souza" };
    writeln!(
        file,
        "{} - {sender}: {text}",
        at.strftime("%d/%m/%Y, %H:%M")
    )?;
    Ok(())
}
