//! The files that messages name, among the entries of an input.

use std::{
    collections::HashMap,
    fmt::Write,
    io::{self, Read},
};

use sha2::{Digest, Sha256};
use threadkeep_protocol::MediaRecord;

use crate::{Input, InputError, Options, Receive};

/// The files of an input by their paths.
pub(crate) struct Files<'a> {
    input: &'a Input,
    by_path: HashMap<&'a str, usize>,
    with_content: bool,
    /// What has been hashed: a sticker is sent a hundred times.
    hashes: HashMap<usize, String>,
}

impl<'a> Files<'a> {
    pub(crate) fn new(input: &'a Input, options: &Options) -> Self {
        let entries = input.entries().iter().enumerate();
        Self {
            input,
            by_path: entries
                .map(|(index, entry)| (entry.path.as_str(), index))
                .collect(),
            with_content: options.with_content,
            hashes: HashMap::new(),
        }
    }

    /// The entry with a path; an empty one is as good as none.
    pub(crate) fn find(&self, path: &str) -> Option<usize> {
        let found = self.by_path.get(path).copied();
        found.filter(|index| self.input.entries()[*index].bytes > 0)
    }

    /// Says in a message's media that its bytes are an entry: how many, and, unless this is a preview, which.
    pub(crate) fn attach(
        &mut self,
        index: usize,
        media: &mut MediaRecord,
        receiver: &mut dyn Receive,
    ) -> Result<(), InputError> {
        let entry = &self.input.entries()[index];
        receiver.file(index);
        media.file_size = i64::try_from(entry.bytes).ok();
        if !self.with_content {
            return Ok(());
        }
        let hash = match self.hashes.get(&index) {
            Some(hash) => hash.clone(),
            None => {
                let bytes = self.input.read(entry)?;
                let hash = sha256(bytes).map_err(|source| InputError::read(&entry.path, source))?;
                receiver.content(&hash, index);
                self.hashes.entry(index).or_insert(hash).clone()
            }
        };
        media.sha256 = Some(hash);
        Ok(())
    }
}

/// The path of what lies beside an entry.
pub(crate) fn beside(entry: &str, relative: &str) -> String {
    let relative = relative.trim_start_matches("./");
    match entry.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{relative}"),
        None => relative.to_owned(),
    }
}

fn sha256(mut bytes: impl Read) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut window = vec![0; 64 * 1024];
    loop {
        match bytes.read(&mut window) {
            Ok(0) => break,
            Ok(count) => hasher.update(&window[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let mut hex = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Ok(hex)
}
