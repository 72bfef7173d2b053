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

use super::{Entry, InputError, Limits};

/// A zip whose directory has been read.
#[derive(Debug)]
pub(super) struct Zip(Mutex<ZipArchive<BufReader<File>>>);

/// Whether a file begins as zips do.
pub(super) fn is_zip(path: &Path) -> Result<bool, InputError> {
    let failed = |source| InputError::Open {
        path: path.to_owned(),
        source,
    };
    let mut head = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(4).read_to_end(&mut head).map_err(failed)?;
    Ok(head == b"PK\x03\x04" || head == b"PK\x05\x06")
}

impl Zip {
    pub(super) fn open(path: &Path) -> Result<Self, InputError> {
        let file = File::open(path).map_err(|source| InputError::Open {
            path: path.to_owned(),
            source,
        })?;
        let archive = ZipArchive::new(BufReader::new(file)).map_err(failed(path))?;
        Ok(Self(Mutex::new(archive)))
    }

    /// The files whose paths stay inside the zip, and how many others it has.
    pub(super) fn entries(
        &mut self,
        path: &Path,
        limits: Limits,
    ) -> Result<(Vec<Entry>, u64), InputError> {
        let archive = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if archive.len() > limits.entries {
            return Err(InputError::TooMany(limits.entries));
        }
        let (mut entries, mut left_out, mut seen) = (Vec::new(), 0, HashSet::new());
        for index in 0..archive.len() {
            let file = archive.by_index_raw(index).map_err(failed(path))?;
            if file.is_dir() {
                continue;
            }
            let inside = file
                .enclosed_name()
                .and_then(|path| Some(path.to_str()?.replace('\\', "/")));
            match inside {
                Some(path) if !file.is_symlink() && seen.insert(path.clone()) => {
                    let bytes = file.size();
                    entries.push(Entry { path, bytes, index });
                }
                _ => left_out += 1,
            }
        }
        Ok((entries, left_out))
    }

    /// The bytes of an entry.
    pub(super) fn read(&self, path: &Path, index: usize) -> Result<Box<dyn Read>, InputError> {
        let (start, packed, sum, method) = {
            let mut archive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let file = archive.by_index_raw(index).map_err(failed(path))?;
            if file.encrypted() {
                return Err(failed(path)(ZipError::UnsupportedArchive(
                    ZipError::PASSWORD_REQUIRED,
                )));
            }
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
        let bytes = opened.map_err(|source| InputError::Open {
            path: path.to_owned(),
            source,
        })?;
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
