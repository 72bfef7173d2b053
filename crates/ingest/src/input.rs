//! What a person gives to be read: a file, a folder or a zip, seen as a list of entries with relative paths.
//!
//! Invariants:
//! - A path of an entry is relative, has `/` between its parts and no `..`; what has another one is left out and counted.
//! - Nothing is unpacked to where a name of the input says. An entry is read as a stream, or copied to a file of ours.
//! - Limits count the bytes that really come, not those that a header announces.

mod error;
mod limit;
mod zipped;

use std::{
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

pub use error::InputError;
pub use limit::Limits;

/// A file, a folder or a zip.
#[derive(Debug)]
pub struct Input {
    path: PathBuf,
    kind: Kind,
    entries: Vec<Entry>,
    /// Entries that were left out: links, paths that lead out, names that repeat.
    left_out: u64,
    limits: Limits,
}

#[derive(Debug)]
enum Kind {
    File,
    Folder,
    Zip(zipped::Zip),
}

/// One file of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Relative, with `/` between its parts; the file's own name where the input is one file.
    pub path: String,
    /// As the file system or the zip says.
    pub bytes: u64,
    /// Where it lies in the zip.
    index: usize,
}

impl Entry {
    /// The last part of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

impl Input {
    /// Looks at what lies at a path, and reads nothing but names.
    ///
    /// # Errors
    /// When it cannot be opened, is no zip although it begins as one, or has more than the limits allow.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, InputError> {
        let meta = fs::metadata(path).map_err(|source| InputError::Open {
            path: path.to_owned(),
            source,
        })?;
        let mut input = Self {
            path: path.to_owned(),
            kind: Kind::File,
            entries: Vec::new(),
            left_out: 0,
            limits,
        };
        if meta.is_dir() {
            input.kind = Kind::Folder;
            input.walk(path, "")?;
        } else if zipped::is_zip(path)? {
            let mut zip = zipped::Zip::open(path)?;
            (input.entries, input.left_out) = zip.entries(path, limits)?;
            input.kind = Kind::Zip(zip);
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            input.add(name.into_owned(), meta.len())?;
        }
        Ok(input)
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its files.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many entries were left out because of their name or their kind.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Whether the input is one file and no container of files.
    #[must_use]
    pub const fn is_file(&self) -> bool {
        matches!(self.kind, Kind::File)
    }

    /// The bytes of an entry, as a stream that ends with an error at the limit.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn read(&self, entry: &Entry) -> Result<Box<dyn Read + '_>, InputError> {
        let open = |path: &Path| {
            File::open(path).map_err(|source| InputError::Open {
                path: path.to_owned(),
                source,
            })
        };
        let bytes: Box<dyn Read> = match &self.kind {
            Kind::File => Box::new(open(&self.path)?),
            Kind::Folder => Box::new(open(&self.path.join(&entry.path))?),
            Kind::Zip(zip) => zip.read(&self.path, entry.index)?,
        };
        Ok(Box::new(BufReader::with_capacity(
            64 * 1024,
            limit::Limited::new(bytes, self.limits.entry_bytes),
        )))
    }

    /// The first bytes of an entry, at most so many.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn head(&self, entry: &Entry, bytes: u64) -> Result<Vec<u8>, InputError> {
        let mut head = Vec::new();
        self.read(entry)?
            .take(bytes)
            .read_to_end(&mut head)
            .map_err(|source| InputError::read(&entry.path, source))?;
        Ok(head)
    }

    /// A copy of an entry as a private file that is gone with what is returned: for readers that must seek.
    ///
    /// # Errors
    /// When it cannot be read or the copy not be written.
    pub fn copy(&self, entry: &Entry) -> Result<tempfile::TempPath, InputError> {
        let mut copy = tempfile::NamedTempFile::new().map_err(InputError::Copy)?;
        let mut bytes = self.read(entry)?;
        io::copy(&mut bytes, &mut copy).map_err(|source| InputError::read(&entry.path, source))?;
        Ok(copy.into_temp_path())
    }

    fn add(&mut self, path: String, bytes: u64) -> Result<(), InputError> {
        if self.entries.len() >= self.limits.entries {
            return Err(InputError::TooMany(self.limits.entries));
        }
        let index = self.entries.len();
        self.entries.push(Entry { path, bytes, index });
        Ok(())
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> Result<(), InputError> {
        let failed = |source| InputError::Open {
            path: folder.to_owned(),
            source,
        };
        let mut found: Vec<_> = fs::read_dir(folder)
            .map_err(failed)?
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        found.sort_by_key(fs::DirEntry::file_name);
        for entry in found {
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                self.walk(&entry.path(), &format!("{prefix}{name}/"))?;
            } else if kind.is_file() {
                let bytes = entry.metadata().map_err(failed)?.len();
                self.add(format!("{prefix}{name}"), bytes)?;
            } else {
                self.left_out += 1;
            }
        }
        Ok(())
    }
}
