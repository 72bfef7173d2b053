//! Encrypted backups: `msgstore.db.crypt12`, `.crypt14`, `.crypt15`.
//!
//! A header, then the zlib stream of the database in AES-256-GCM, the tag (16 bytes), the MD5 of all before it (16
//! bytes), and in `crypt12` the end of the phone number (4 bytes). Files beside the messages (`wa.db.crypt15`) have no
//! MD5. The tag comes last, so nothing can be trusted before the end: the database is written to a private file in
//! pieces and handed out only once the tag fits. A wrong key is seen at once by the first bytes, which are no zlib.

mod gcm;
mod header;
mod key;

use std::{
    fs::File,
    io::{self, Read, Write},
};

use flate2::write::ZlibDecoder;
use md5::{Digest, Md5};
use tempfile::TempDir;

use self::{
    gcm::{BLOCK, Gcm},
    header::{Header, MAX_LENGTH},
    key::Secret,
};
use crate::{Entry, Input, InputError, Key, Limits, ReadError, database::COPY};

/// How much is decrypted at a time.
const PIECE: usize = 256 * 1024;
const TAG: usize = 16;
const MD5: usize = 16;

const DAMAGED: ReadError = ReadError::Refused(
    "this backup is cut off or damaged: its checksum does not fit. Copy it from the phone once more",
);
const SEVERAL: ReadError = ReadError::Refused(
    "this backup holds several files and not the messages: choose the one called msgstore",
);

/// Whether an entry begins as a backup does.
pub(super) fn is_backup(input: &Input, entry: &Entry) -> Result<bool, InputError> {
    let head = input.head(entry, MAX_LENGTH as u64)?;
    Ok(Header::read(&head).is_some())
}

/// Decrypts an entry into the file [`COPY`] of a private folder, and says how many bytes that is.
pub(super) fn decrypt(
    input: &Input,
    entry: &Entry,
    key: &Key,
) -> Result<(TempDir, u64), ReadError> {
    let head = input.head(entry, MAX_LENGTH as u64)?;
    let header = Header::read(&head).ok_or(DAMAGED)?;
    let secret = Secret::read(key.bytes()).ok_or(ReadError::WrongKey)?;
    let key = secret
        .cipher_key(header.salt.as_deref())
        .ok_or(ReadError::WrongKey)?;
    let folder = input.private_folder()?;
    let file = File::create_new(folder.path().join(COPY)).map_err(InputError::Copy)?;
    let stream = Stream {
        gcm: Gcm::new(&key, &header.iv),
        md5: Md5::new(),
        plain: Plain::Unknown(Some(file)),
    };
    stream.run(&header, &mut *input.read(entry)?, &entry.path)?;
    let written = folder
        .path()
        .join(COPY)
        .metadata()
        .map_err(InputError::Copy)?;
    Ok((folder, written.len()))
}

struct Stream {
    gcm: Gcm,
    md5: Md5,
    plain: Plain,
}

impl Stream {
    fn run(mut self, header: &Header, bytes: &mut dyn Read, path: &str) -> Result<(), ReadError> {
        let failed = |source| ReadError::from(InputError::read(path, source));
        let mut before = vec![0; header.length];
        bytes.read_exact(&mut before).map_err(failed)?;
        self.md5.update(&before);
        // What may be the end is held back until it is known to be none.
        let ending = TAG + MD5 + header.footer;
        let mut held = Vec::with_capacity(PIECE + ending + BLOCK);
        loop {
            let mut piece = Read::take(&mut *bytes, PIECE as u64);
            let count = piece.read_to_end(&mut held).map_err(failed)?;
            if count == 0 {
                break;
            }
            let ready = held.len().saturating_sub(ending) / BLOCK * BLOCK;
            self.piece(&mut held[..ready])?;
            held.drain(..ready);
        }
        self.end(&mut held, header.footer)
    }

    fn piece(&mut self, piece: &mut [u8]) -> Result<(), ReadError> {
        self.md5.update(&*piece);
        self.gcm.decrypt(piece);
        self.plain.write(piece)
    }

    fn end(mut self, held: &mut [u8], footer: usize) -> Result<(), ReadError> {
        let ends = held.len().checked_sub(footer).ok_or(DAMAGED)?;
        let held = &mut held[..ends];
        let with_md5 = ends.checked_sub(TAG + MD5).filter(|text| {
            let md5 = self
                .md5
                .clone()
                .chain_update(&held[..text + TAG])
                .finalize();
            md5[..] == held[text + TAG..]
        });
        let text = with_md5.or_else(|| ends.checked_sub(TAG)).ok_or(DAMAGED)?;
        let tag: [u8; TAG] = held[text..text + TAG].try_into().map_err(|_| DAMAGED)?;
        self.piece(&mut held[..text])?;
        if self.gcm.tag() != tag {
            return Err(DAMAGED);
        }
        self.plain.finish()
    }
}

/// Where the decrypted bytes go: it is told by the first of them.
enum Plain {
    Unknown(Option<File>),
    Zlib(Box<ZlibDecoder<Bounded>>),
    Database(Bounded),
}

impl Plain {
    fn write(&mut self, piece: &[u8]) -> Result<(), ReadError> {
        if piece.is_empty() {
            return Ok(());
        }
        if let Self::Unknown(file) = self {
            let to = Bounded {
                file: file.take().ok_or(DAMAGED)?,
                left: Limits::default().entry_bytes,
            };
            *self = match piece {
                [0x50, 0x4b, 3, 4, ..] => return Err(SEVERAL),
                piece if piece.starts_with(b"SQLite format 3\0") => Self::Database(to),
                &[first, second, ..] if is_zlib(first, second) => {
                    Self::Zlib(Box::new(ZlibDecoder::new(to)))
                }
                _ => return Err(ReadError::WrongKey),
            };
        }
        let written = match self {
            Self::Unknown(_) => Ok(()),
            Self::Zlib(decoder) => decoder.write_all(piece),
            Self::Database(file) => file.write_all(piece),
        };
        written.map_err(|source| match source.kind() {
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::WriteZero => {
                DAMAGED
            }
            _ => InputError::Copy(source).into(),
        })
    }

    fn finish(self) -> Result<(), ReadError> {
        match self {
            Self::Unknown(_) => Err(DAMAGED),
            Self::Zlib(decoder) => decoder.finish().map(drop).map_err(|_| DAMAGED),
            Self::Database(_) => Ok(()),
        }
    }
}

fn is_zlib(first: u8, second: u8) -> bool {
    first == 0x78 && u16::from_be_bytes([first, second]).is_multiple_of(31)
}

/// A file of ours that does not grow past the limit, whatever is unpacked into it.
struct Bounded {
    file: File,
    left: u64,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
pub(super) mod tests;
