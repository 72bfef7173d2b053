//! Inputs of the tests, kept as what the fuzz targets begin with: where `THREADKEEP_SEEDS` names a folder, each lies in it
//! under the name of its target afterwards (`npm run fuzz -- --seeds`). Without it nothing is written.

use std::{env, fs, path::Path};

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::{Entry, Format, Input, recognise};

/// Longer ones make a fuzzer slow and teach it nothing.
const MAX_BYTES: usize = 64 * 1024;

/// Keeps the files of an input.
pub(crate) fn keep(input: &Input) {
    if env::var_os("THREADKEEP_SEEDS").is_none() {
        return;
    }
    for format in recognise(input).unwrap_or_default() {
        for entry in input.entries() {
            let path = input.copy(entry).unwrap();
            if fs::read(&path).unwrap().starts_with(b"SQLite format 3\0") {
                shrink(&path);
            }
            keep_bytes(target(format, entry), &fs::read(&path).unwrap());
        }
    }
}

/// Keeps the bytes for a target.
pub(crate) fn keep_bytes(target: &str, bytes: &[u8]) {
    let Some(seeds) = env::var_os("THREADKEEP_SEEDS") else {
        return;
    };
    if bytes.is_empty() || bytes.len() > MAX_BYTES {
        return;
    }
    let folder = Path::new(&seeds).join(target);
    fs::create_dir_all(&folder).unwrap();
    let name: String = Sha256::digest(bytes)[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    fs::write(folder.join(name), bytes).unwrap();
}

/// What reads an entry.
fn target(format: Format, entry: &Entry) -> &str {
    match (format, entry.name()) {
        (Format::WhatsappAndroid, name) if name.contains(".crypt") => "whatsapp_backup",
        (Format::WhatsappAndroid, "wa.db") => "whatsapp_android_names",
        (Format::WhatsappAndroid, _) => "whatsapp_android",
        (Format::WhatsappIos, "ContactsV2.sqlite" | "LID.sqlite") => "whatsapp_ios_names",
        (Format::WhatsappIos, _) => "whatsapp_ios",
        (Format::WhatsappExport, _) => "whatsapp_export",
        (Format::BaileysEvents, _) => "baileys_events",
        (Format::BaileysStore, _) => "baileys_store",
        (format, _) => format.name(),
    }
}

/// Small pages, for tables of a row or two.
fn shrink(path: &Path) {
    let pages = "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM;";
    // A damaged one stays as it is.
    let _ = Connection::open(path).and_then(|connection| connection.execute_batch(pages));
}
