//! What a person gives to be read: a file, a folder or a zip, seen as a list of entries with relative paths.
//!
//! Invariants:
//! - A path of an entry is relative, has `/` between its parts and no `..`; what has another one is left out and counted.
//! - Nothing is unpacked to where a name of the input says: an entry is read as a stream, or copied to a private file of
//!   ours. So names that some system reserves (`CON`, `a:`), that differ only in case or that hold marks of direction
//!   are only text here.
//! - Links are never followed, so there are no circles. What a person names may itself be a link: they chose it.
//! - Limits count the bytes that really come. What a header announces is a limit too: more than that does not come.
//! - A zip inside a zip is a file like any other.

mod directory;
mod error;
mod limit;
mod private;
mod zipped;

use std::{
    fs::{self, File},
    io::{self, BufReader, Read, Write},
    path::{Path, PathBuf},
};

pub use error::InputError;
pub use limit::Limits;

/// Folders stand at most so deep in each other.
const MAX_DEPTH: usize = 32;

/// A file, a folder or a zip.
#[derive(Debug)]
pub struct Input {
    path: PathBuf,
    kind: Kind,
    entries: Vec<Entry>,
    /// Entries that were left out: links, paths that lead out, names that repeat.
    left_out: u64,
    limits: Limits,
    /// Where private copies are made; the system's place for such where there is none.
    scratch: Option<PathBuf>,
}

#[derive(Debug)]
enum Kind {
    /// Where each entry lies: a path of an entry is text, and need not be what the file system calls it.
    File(Vec<PathBuf>),
    Folder(Vec<PathBuf>),
    Zip(zipped::Zip),
}

/// One file of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Relative, with `/` between its parts; the file's own name where the input is one file.
    pub path: String,
    /// As the file system or the zip says.
    pub bytes: u64,
    /// Where it lies in the zip or the folder.
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
        let meta = fs::metadata(path).map_err(InputError::opening(path))?;
        if meta.is_dir() {
            let mut walk = Walk::new(limits);
            walk.folder(path, "", 0)?;
            let left_out = walk.left_out;
            return Ok(
                Self::new(path, Kind::Folder(walk.places), walk.entries, limits).without(left_out),
            );
        }
        if !meta.is_file() {
            return Err(InputError::NotAFile(path.to_owned()));
        }
        if zipped::is_zip(path)? {
            let zip = zipped::Zip::open(path, limits)?;
            let (entries, left_out) = zip.entries(path, limits)?;
            return Ok(Self::new(path, Kind::Zip(zip), entries, limits).without(left_out));
        }
        let mut walk = Walk::new(limits);
        walk.add(name_of(path), path.to_owned(), meta.len())?;
        Ok(Self::new(
            path,
            Kind::File(walk.places),
            walk.entries,
            limits,
        ))
    }

    /// Several files that were given together, as if they lay in one folder: a database and the names beside it, a text
    /// and its pictures. Zips among them are files like any other.
    ///
    /// # Errors
    /// When one cannot be opened.
    pub fn of_files(paths: &[PathBuf], limits: Limits) -> Result<Self, InputError> {
        let mut walk = Walk::new(limits);
        for path in paths {
            let meta = fs::metadata(path).map_err(InputError::opening(path))?;
            if !meta.is_file() {
                return Err(InputError::NotAFile(path.clone()));
            }
            walk.add(name_of(path), path.clone(), meta.len())?;
        }
        let folder = paths.first().and_then(|path| path.parent());
        let folder = folder.unwrap_or(Path::new(""));
        Ok(Self::new(
            folder,
            Kind::Folder(walk.places),
            walk.entries,
            limits,
        ))
    }

    const fn without(mut self, left_out: u64) -> Self {
        self.left_out = left_out;
        self
    }

    fn new(path: &Path, kind: Kind, entries: Vec<Entry>, limits: Limits) -> Self {
        Self {
            path: path.to_owned(),
            kind,
            entries,
            left_out: 0,
            limits,
            scratch: None,
        }
    }

    /// Makes private copies in this folder, which is made for its owner alone where it is missing.
    #[must_use]
    pub fn with_scratch(mut self, folder: PathBuf) -> Self {
        self.scratch = Some(folder);
        self
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
        matches!(self.kind, Kind::File(_))
    }

    /// The bytes of an entry, as a stream that ends with an error at the limit.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn read(&self, entry: &Entry) -> Result<Box<dyn Read + '_>, InputError> {
        let (bytes, limit): (Box<dyn Read>, u64) = match &self.kind {
            Kind::File(places) | Kind::Folder(places) => {
                // An entry is one of ours, and each of ours has a place.
                let place = places.get(entry.index).unwrap_or(&self.path);
                let file = File::open(place).map_err(InputError::opening(place))?;
                (Box::new(file), self.limits.entry_bytes)
            }
            Kind::Zip(zip) => (
                zip.read(&self.path, entry.index)?,
                entry.bytes.min(self.limits.entry_bytes),
            ),
        };
        Ok(Box::new(BufReader::with_capacity(
            64 * 1024,
            limit::Limited::new(bytes, limit),
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
        let mut copy = private::file(self.scratch.as_deref())?;
        self.copy_into(entry, copy.as_file_mut())?;
        Ok(copy.into_temp_path())
    }

    /// Copies an entry into a file.
    ///
    /// # Errors
    /// When it cannot be read or the copy not be written.
    pub fn copy_into(&self, entry: &Entry, copy: &mut File) -> Result<u64, InputError> {
        let mut bytes = self.read(entry)?;
        let mut window = vec![0; 256 * 1024];
        let mut copied = 0;
        loop {
            let count = match bytes.read(&mut window) {
                Ok(0) => return Ok(copied),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(source) => return Err(InputError::read(&entry.path, source)),
            };
            copy.write_all(&window[..count]).map_err(InputError::Copy)?;
            copied += count as u64;
        }
    }

    /// A private folder for what a reader makes from the input; it is gone with what is returned.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn private_folder(&self) -> Result<tempfile::TempDir, InputError> {
        private::folder(self.scratch.as_deref())
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Finds the files of a folder.
struct Walk {
    limits: Limits,
    entries: Vec<Entry>,
    places: Vec<PathBuf>,
    left_out: u64,
}

impl Walk {
    const fn new(limits: Limits) -> Self {
        Self {
            limits,
            entries: Vec::new(),
            places: Vec::new(),
            left_out: 0,
        }
    }

    fn add(&mut self, path: String, place: PathBuf, bytes: u64) -> Result<(), InputError> {
        if self.entries.len() >= self.limits.entries {
            return Err(InputError::TooMany(self.limits.entries));
        }
        let index = self.entries.len();
        self.entries.push(Entry { path, bytes, index });
        self.places.push(place);
        Ok(())
    }

    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), InputError> {
        if depth > MAX_DEPTH {
            self.left_out += 1;
            return Ok(());
        }
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).map_err(InputError::opening(folder))? {
            found.push(entry.map_err(InputError::opening(folder))?);
            if found.len() + self.entries.len() > self.limits.entries {
                return Err(InputError::TooMany(self.limits.entries));
            }
        }
        found.sort_by_key(fs::DirEntry::file_name);
        for entry in found {
            let place = entry.path();
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            // Of the entry itself: a link is none of the two.
            let kind = entry.file_type().map_err(InputError::opening(&place))?;
            if kind.is_dir() {
                self.folder(&place, &format!("{name}/"), depth + 1)?;
            } else if kind.is_file() {
                let meta = entry.metadata().map_err(InputError::opening(&place))?;
                self.add(name, place, meta.len())?;
            } else {
                self.left_out += 1;
            }
        }
        Ok(())
    }
}
