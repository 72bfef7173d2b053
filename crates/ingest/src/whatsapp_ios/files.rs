//! Which entries of an input are the databases and the media: of WhatsApp's own folder, or of an iPhone's backup, where
//! every file is named by a hash and `Manifest.db` says which is which.

use std::collections::HashMap;

use crate::{
    Entry, Input, InputError, ReadError,
    database::{Cells, Database},
};

/// The name of `ChatStorage.sqlite` in every backup: the SHA-1 of its domain and path, for WhatsApp and for WhatsApp
/// Business.
const HASHED: [&str; 2] = [
    "7c7fba66680ef796b916b067077cc246adacf01d",
    "724bd3b98b18518b455a87c1f3ac3a0d189c4466",
];

/// The parts of a backup that are WhatsApp's.
const DOMAINS: [&str; 2] = [
    "AppDomainGroup-group.net.whatsapp.WhatsApp.shared",
    "AppDomainGroup-group.net.whatsapp.WhatsAppSMB.shared",
];

const MANIFEST: &str = "Manifest.db";
const HEADER: &[u8] = b"SQLite format 3\0";
/// Enough for the schema, which stands at the beginning unless the app has moved it.
const HEAD_BYTES: u64 = 1024 * 1024;
/// Files of other names are looked into, but not all of an archive's.
const MAX_LOOKED_INTO: usize = 16;

/// Where the parts of an archive lie, as places among the input's entries.
pub(super) struct Files {
    /// `ChatStorage.sqlite`.
    pub(super) chats: usize,
    /// Other files by the path that the app knows them by.
    by_path: HashMap<String, usize>,
}

impl Files {
    /// Finds the parts of an archive.
    pub(super) fn find(input: &Input) -> Result<Option<Self>, ReadError> {
        let Some(chats) = chats(input)? else {
            return Ok(None);
        };
        let by_path = match backup(input, chats) {
            None => beside(input, chats),
            Some(root) => {
                // The app's own database is encrypted with its backup, and begins as nothing does.
                if !is_database(input, &input.entries()[chats])? {
                    return Err(ReadError::EncryptedBackup);
                }
                manifest(input, &root)?
            }
        };
        Ok(Some(Self { chats, by_path }))
    }

    /// A database beside the chats, and its log.
    pub(super) fn database(&self, name: &str) -> Option<(usize, Option<usize>)> {
        let log = format!("{name}-wal");
        Some((*self.by_path.get(name)?, self.by_path.get(&log).copied()))
    }

    /// The log of the chats.
    pub(super) fn log(&self) -> Option<usize> {
        self.by_path.get("ChatStorage.sqlite-wal").copied()
    }

    /// The file of a message, by what its row says (`Media/…`, in old ones with a slash before it).
    pub(super) fn media(&self, path: &str) -> Option<usize> {
        self.by_path.get(&in_media(path)?).copied()
    }
}

/// Whether there are chats in an input.
pub(super) fn has_chats(input: &Input) -> Result<bool, InputError> {
    Ok(chats(input)?.is_some())
}

/// `ChatStorage.sqlite`, under whatever name.
fn chats(input: &Input) -> Result<Option<usize>, InputError> {
    let is_backup = input.entries().iter().any(is_manifest);
    let mut looked_into = 0;
    let mut found = None;
    for (place, entry) in input.entries().iter().enumerate() {
        let name = entry.name();
        if HASHED.contains(&name) && is_backup {
            return Ok(Some(place));
        }
        if name == "ChatStorage.sqlite" && is_database(input, entry)? {
            return Ok(Some(place));
        }
        let is_likely = input.is_file()
            || [".sqlite", ".sqlite3", ".db"]
                .iter()
                .any(|end| name.ends_with(end));
        if is_likely && found.is_none() && looked_into < MAX_LOOKED_INTO {
            looked_into += 1;
            // What cannot be read is none of ours, and may lie beside what somebody else can read.
            let head = input.head(entry, HEAD_BYTES).unwrap_or_default();
            let has = |table: &[u8]| memchr::memmem::find(&head, table).is_some();
            if head.starts_with(HEADER) && has(b"ZWAMESSAGE") && has(b"ZWACHATSESSION") {
                found = Some(place);
            }
        }
    }
    Ok(found)
}

fn is_database(input: &Input, entry: &Entry) -> Result<bool, InputError> {
    Ok(input.head(entry, HEADER.len() as u64)? == HEADER)
}

fn is_manifest(entry: &Entry) -> bool {
    matches!(entry.name(), MANIFEST | "Manifest.mbdb" | "Manifest.plist")
}

/// The folder of the backup that the chats lie in, with a slash behind it; `None` where they lie in no backup.
fn backup(input: &Input, chats: usize) -> Option<String> {
    let entry = &input.entries()[chats];
    if !HASHED.contains(&entry.name()) {
        return None;
    }
    let of = |entry: &Entry| entry.path.strip_suffix(entry.name()).map(str::to_owned);
    let roots = input.entries().iter().filter(|entry| is_manifest(entry));
    roots
        .filter_map(of)
        .find(|root| entry.path.starts_with(root))
}

/// The files beside the chats: databases by their name, media by their path from `Media/` on.
fn beside(input: &Input, chats: usize) -> HashMap<String, usize> {
    let entry = &input.entries()[chats];
    let folder = entry.path.strip_suffix(entry.name()).unwrap_or_default();
    let log = format!("{}-wal", entry.path);
    let mut by_path = HashMap::new();
    for (place, other) in input.entries().iter().enumerate() {
        if other.path == log {
            by_path.insert("ChatStorage.sqlite-wal".to_owned(), place);
        } else if let Some(path) = in_media(&other.path) {
            by_path.entry(path).or_insert(place);
        } else if other.path.strip_prefix(folder) == Some(other.name()) {
            by_path.insert(other.name().to_owned(), place);
        }
    }
    by_path
}

/// The same of a backup.
fn manifest(input: &Input, root: &str) -> Result<HashMap<String, usize>, ReadError> {
    let path = format!("{root}{MANIFEST}");
    let Some(entry) = input.entries().iter().find(|entry| entry.path == path) else {
        // Backups of iOS 9 and before have another list; their chats are read without their files.
        return Ok(HashMap::new());
    };
    let database = Database::open(input, entry, None, MANIFEST)?;
    let damaged = |source| database.damaged(source);
    let columns = database.columns("Files")?;
    if !["fileID", "domain", "relativePath"]
        .iter()
        .all(|name| columns.iter().any(|column| column == name))
    {
        return Ok(HashMap::new());
    }
    let places: HashMap<&str, usize> = input
        .entries()
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.path.starts_with(root))
        .map(|(place, entry)| (entry.name(), place))
        .collect();
    let mut by_path = HashMap::new();
    let sql = "SELECT fileID, relativePath FROM Files WHERE domain IN (?1, ?2)";
    let mut statement = database.conn.prepare(sql).map_err(damaged)?;
    let mut rows = statement.query(DOMAINS).map_err(damaged)?;
    while let Some(row) = rows.next().map_err(damaged)? {
        let cells = Cells(row);
        let (Some(id), Some(path)) = (cells.text(0), cells.text(1)) else {
            continue;
        };
        // At most as many as the input has entries.
        if let Some(place) = places.get(&*id) {
            by_path.insert(in_media(&path).unwrap_or_else(|| path.into_owned()), *place);
        }
    }
    Ok(by_path)
}

/// A path from its folder `Media` on.
fn in_media(path: &str) -> Option<String> {
    let inner = path.strip_prefix("Media/");
    let inner = inner.or_else(|| path.split_once("/Media/").map(|(_, inner)| inner));
    inner.map(|inner| format!("Media/{inner}"))
}
