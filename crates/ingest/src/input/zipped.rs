//! Zips: their names before their bytes.
//!
//! `zip` reads the directory and finds where an entry begins; the bytes are then read from a file of their own, so that
//! a reader does not hold the archive. Entries are stored or deflated; no tool that makes exports uses anything else.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
    sync::{Mutex, PoisonError},
};

use flate2::{Crc, read::DeflateDecoder};
use zip::{CompressionMethod, ZipArchive, result::ZipError};

use super::{Entry, InputError, Limits, directory};

/// Smaller entries may pack as well as they like.
const LARGE: u64 = 64 * 1024 * 1024;

/// The fixed part of what stands before an entry's bytes.
const HEADER_BYTES: u64 = 30;

/// What a directory needs for an entry on average, at most.
const DIRECTORY_BYTES: u64 = 1024;

/// A zip whose directory has been read.
#[derive(Debug)]
pub(super) struct Zip(Mutex<ZipArchive<BufReader<File>>>);

/// Whether a file begins as zips do.
pub(super) fn is_zip(path: &Path) -> Result<bool, InputError> {
    let mut head = Vec::new();
    let file = File::open(path).map_err(InputError::opening(path))?;
    let read = file.take(4).read_to_end(&mut head);
    read.map_err(InputError::opening(path))?;
    Ok(head == b"PK\x03\x04" || head == b"PK\x05\x06")
}

impl Zip {
    pub(super) fn open(path: &Path, limits: Limits) -> Result<Self, InputError> {
        let mut file = File::open(path).map_err(InputError::opening(path))?;
        // Looked at before `zip` makes a list of them.
        let announced = directory::announced(&mut file).map_err(InputError::opening(path))?;
        let most = limits.entries as u64;
        if announced.is_some_and(|it| it.entries > most || it.bytes > most * DIRECTORY_BYTES) {
            return Err(InputError::TooMany(limits.entries));
        }
        file.rewind().map_err(InputError::opening(path))?;
        let archive = ZipArchive::new(BufReader::new(file)).map_err(failed(path))?;
        Ok(Self(Mutex::new(archive)))
    }

    /// The files whose paths stay inside the zip, and how many others it has.
    pub(super) fn entries(
        &self,
        path: &Path,
        limits: Limits,
    ) -> Result<(Vec<Entry>, u64), InputError> {
        let archive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if archive.len() > limits.entries {
            return Err(InputError::TooMany(limits.entries));
        }
        let (mut entries, mut left_out, mut seen) = (Vec::new(), 0, HashSet::new());
        let mut places = Vec::new();
        let mut total = 0_u64;
        for index in 0..archive.len() {
            let file = archive.by_index_data(index).map_err(failed(path))?;
            let (packed, bytes) = (file.compressed_size(), file.size());
            let start = file.header_start();
            places.push((
                start,
                start.saturating_add(HEADER_BYTES).saturating_add(packed),
            ));
            if file.is_dir() {
                continue;
            }
            if file.encrypted() {
                return Err(InputError::Protected(path.to_owned()));
            }
            total = total.saturating_add(bytes);
            if bytes > LARGE && bytes / limits.ratio > packed {
                return Err(InputError::Bomb(path.to_owned()));
            }
            let decoded = file.name().map(|name| name.into_owned()).ok();
            let inside = inside(file.name_raw(), decoded);
            match inside {
                // What macOS puts beside each file; nobody's chats.
                Some(path) if path.starts_with("__MACOSX/") => {}
                Some(path) if !file.is_symlink() && seen.insert(path.clone()) => {
                    entries.push(Entry { path, bytes, index });
                }
                _ => left_out += 1,
            }
        }
        // One packed byte that belongs to two files would be unpacked twice, or a million times.
        places.sort_unstable();
        let overlap = places.windows(2).any(|pair| pair[0].1 > pair[1].0);
        if overlap || total > limits.total_bytes {
            return Err(InputError::Bomb(path.to_owned()));
        }
        Ok((entries, left_out))
    }

    /// The bytes of an entry.
    pub(super) fn read(&self, path: &Path, index: usize) -> Result<Box<dyn Read>, InputError> {
        let (start, packed, sum, method) = {
            let mut archive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let file = archive.by_index_raw(index).map_err(failed(path))?;
            let start = file.data_start().ok_or_else(|| {
                failed(path)(ZipError::InvalidArchive("an entry has no beginning".into()))
            })?;
            (
                start,
                file.compressed_size(),
                file.crc32(),
                file.compression(),
            )
        };
        let opened = File::open(path).and_then(|mut file| {
            file.seek(SeekFrom::Start(start))?;
            Ok(BufReader::new(file).take(packed))
        });
        let bytes = opened.map_err(InputError::opening(path))?;
        match method {
            CompressionMethod::Stored => Ok(Box::new(Summed::new(bytes, sum))),
            CompressionMethod::Deflated => {
                Ok(Box::new(Summed::new(DeflateDecoder::new(bytes), sum)))
            }
            _ => Err(failed(path)(ZipError::UnsupportedArchive(
                "neither stored nor deflated",
            ))),
        }
    }
}

/// The path of an entry, if it stays inside. The name is UTF-8 where it can be: phones write it so and do not always
/// say it; else it is what `zip` makes of it.
fn inside(raw: &[u8], decoded: Option<String>) -> Option<String> {
    const LONGEST: usize = 4096;
    let name = match str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => decoded?,
    };
    let name = name.replace('\\', "/");
    let has_drive =
        matches!(name.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    if name.len() > LONGEST || name.contains('\0') || name.starts_with('/') || has_drive {
        return None;
    }
    let parts: Vec<&str> = name
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    (!parts.is_empty() && !parts.contains(&"..")).then(|| parts.join("/"))
}

fn failed(path: &Path) -> impl Fn(ZipError) -> InputError {
    let path = path.to_owned();
    move |source| InputError::Zip {
        path: path.clone(),
        source,
    }
}

/// Bytes that must have the announced sum when they end.
struct Summed<R> {
    inner: R,
    sum: Crc,
    announced: u32,
}

impl<R> Summed<R> {
    fn new(inner: R, announced: u32) -> Self {
        Self {
            inner,
            sum: Crc::new(),
            announced,
        }
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.sum.update(&buffer[..count]);
        if count == 0 && !buffer.is_empty() && self.sum.sum() != self.announced {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "its bytes are not those that were packed",
            ));
        }
        Ok(count)
    }
}
