//! Files that are really there: pictures, voice messages and documents, made up like the rest.

use std::{
    collections::{BTreeMap, HashSet},
    fmt::Write,
};

use sha2::{Digest, Sha256};
use threadkeep_protocol::{MediaRecord, MessageRecord, Record};

use super::{
    media::{Landscape, small},
    random::Random,
};

/// Of each chat, the newest so many of a kind.
const PICTURES: usize = 3;
const VOICES: usize = 1;
const DOCUMENTS: usize = 1;
/// Of all chats.
const ALL_PICTURES: usize = 28;

/// Samples a second of a voice message, a byte each.
const RATE: usize = 8_000;

/// Gives the newest files of each chat bytes, and their records what announces them.
pub(super) fn make(records: &mut [Record]) -> Vec<Vec<u8>> {
    let revoked = revoked(records);
    let mut files = Vec::new();
    let mut made: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let mut pictures = 0;
    for record in records.iter_mut().rev() {
        let Record::Message(message) = record else {
            continue;
        };
        let Some(kind) = kind(message).filter(|_| !revoked.contains(&message.external_message_id))
        else {
            continue;
        };
        let most = match kind {
            "picture" if pictures >= ALL_PICTURES => 0,
            "picture" => PICTURES,
            "voice" => VOICES,
            _ => DOCUMENTS,
        };
        let count = made
            .entry((message.external_conversation_id.clone(), kind))
            .or_default();
        if *count >= most {
            continue;
        }
        *count += 1;
        pictures += usize::from(kind == "picture");
        let mut random = Random::new(number(&message.external_message_id));
        let title = message
            .media
            .as_ref()
            .and_then(|media| media.file_name.clone());
        let (bytes, media) = match kind {
            "picture" => picture(&mut random),
            "voice" => voice(&mut random),
            _ => document(&title.unwrap_or_default()),
        };
        let told = message.media.take().unwrap_or_default();
        message.media = Some(MediaRecord {
            media_type: told.media_type,
            file_name: told.file_name,
            file_size: i64::try_from(bytes.len()).ok(),
            sha256: Some(sha256(&bytes)),
            ..media
        });
        files.push(bytes);
    }
    files
}

/// The names of messages that were taken back: nobody has their files.
fn revoked(records: &[Record]) -> HashSet<String> {
    let names = records.iter().filter_map(|record| match record {
        Record::Revoke(revoke) => Some(revoke.external_message_id.clone()),
        _ => None,
    });
    names.collect()
}

fn kind(message: &MessageRecord) -> Option<&'static str> {
    let media = message.media.as_ref()?;
    match (media.media_type.as_str(), media.mime_type.as_deref()?) {
        ("image", _) => Some("picture"),
        ("voice", _) => Some("voice"),
        ("document", "application/pdf") => Some("document"),
        _ => None,
    }
}

fn picture(random: &mut Random) -> (Vec<u8>, MediaRecord) {
    let landscape = Landscape::new(random);
    let (width, height) = random.pick(&[(320, 240), (320, 240), (240, 320), (280, 280)]);
    let media = MediaRecord {
        mime_type: Some("image/png".to_owned()),
        width: i64::try_from(width).ok(),
        height: i64::try_from(height).ok(),
        thumbnail: Some(small(&landscape)),
        ..MediaRecord::default()
    };
    (landscape.draw(width, height), media)
}

/// Somebody hums: a few notes of five, each dying away.
fn voice(random: &mut Random) -> (Vec<u8>, MediaRecord) {
    // Samples of a period.
    let notes = [36, 32, 29, 24, 21];
    let seconds = 3 + random.below(4);
    let mut samples = Vec::with_capacity(RATE * seconds);
    while samples.len() < RATE * seconds {
        let (period, length) = (random.pick(&notes), RATE / (2 + random.below(3)));
        for place in 0..length {
            let phase = place % period;
            // A triangle from 0 to 200 and back.
            let wave = 400 * phase.min(period - phase) / period;
            let loud = (length - place) * 90 / length;
            samples.push((128 + wave * loud / 200 - loud / 2) as u8);
        }
    }
    samples.truncate(RATE * seconds);
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + samples.len() as u32).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    // Plain samples, one channel.
    wav.extend([1, 0, 1, 0]);
    wav.extend((RATE as u32).to_le_bytes());
    wav.extend((RATE as u32).to_le_bytes());
    wav.extend([1, 0, 8, 0]);
    wav.extend(b"data");
    wav.extend((samples.len() as u32).to_le_bytes());
    wav.extend(samples);
    let media = MediaRecord {
        mime_type: Some("audio/wav".to_owned()),
        duration: i64::try_from(seconds).ok(),
        ..MediaRecord::default()
    };
    (wav, media)
}

/// A page that says what it is.
fn document(title: &str) -> (Vec<u8>, MediaRecord) {
    // What would end a text of the page early, and what its font has no letters for.
    let title: String = title
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !"()\\".contains(c) {
                c
            } else {
                ' '
            }
        })
        .collect();
    let page = format!(
        "BT /F1 22 Tf 72 740 Td ({title}) Tj /F1 12 Tf 0 -34 Td \
         (A page of the sample archive. Nothing in it is real.) Tj ET"
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (place, object) in objects.iter().enumerate() {
        // Writing to a String cannot fail.
        _ = writeln!(places, "{:010} 00000 n ", pdf.len());
        _ = writeln!(pdf, "{} 0 obj\n{object}\nendobj", place + 1);
    }
    let start = pdf.len();
    let count = objects.len() + 1;
    _ = write!(
        pdf,
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n\
         << /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    let media = MediaRecord {
        mime_type: Some("application/pdf".to_owned()),
        ..MediaRecord::default()
    };
    (pdf.into_bytes(), media)
}

/// A number of a name's own.
fn number(name: &str) -> u64 {
    let hash = Sha256::digest(name);
    let (first, _) = hash.split_at(8);
    first
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::with_files;

    #[test]
    fn some_files_of_many_chats_are_there_and_announced() {
        let (records, files) = with_files(1);
        let announced: HashSet<String> = records
            .iter()
            .filter_map(|record| match record {
                Record::Message(message) => message.media.as_ref()?.sha256.clone(),
                _ => None,
            })
            .collect();
        let hashes: HashSet<String> = files.iter().map(|file| sha256(file)).collect();
        assert_eq!(
            announced, hashes,
            "what is announced is there, and nothing else"
        );
        let begin = |head: &[u8]| files.iter().filter(|file| file.starts_with(head)).count();
        assert!(begin(b"\x89PNG") > 15, "{} pictures", begin(b"\x89PNG"));
        assert!(begin(b"RIFF") > 3, "{} voices", begin(b"RIFF"));
        assert!(begin(b"%PDF") > 0, "{} documents", begin(b"%PDF"));
        let all: usize = files.iter().map(Vec::len).sum();
        assert!(all < 4_000_000, "{all} bytes are not large");
    }

    #[test]
    fn a_document_says_where_its_objects_lie() {
        let (pdf, _) = document("Bill (final).pdf");
        let text = String::from_utf8(pdf).unwrap();
        let place = text
            .rsplit("startxref\n")
            .next()
            .unwrap()
            .lines()
            .next()
            .unwrap();
        assert!(text[place.parse::<usize>().unwrap()..].starts_with("xref"));
        assert!(
            text.contains("(Bill  final .pdf)"),
            "no title ends the text"
        );
    }
}
