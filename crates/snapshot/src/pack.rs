//! Packing a file.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use threadkeep_protocol::{SnapshotFile, SnapshotKind};
use tokio_util::sync::CancellationToken;

use crate::{
    Error,
    folder::{self, Folder, PACKED},
};

/// Paid once for a fifth more of rows, and saved by every client.
const LEVEL: i32 = 3;
/// Read at a time; between two of these it can be stopped.
const PIECE: usize = 1 << 20;

/// Packs a file of the folder under the name that its hash gives it.
pub(crate) fn pack(
    folder: &Folder,
    kind: SnapshotKind,
    from: &Path,
    stop: &CancellationToken,
) -> Result<SnapshotFile, Error> {
    require_folded(from)?;
    let stem = match kind {
        SnapshotKind::Index => "index",
        SnapshotKind::Mirror | SnapshotKind::Unknown => "mirror",
    };
    let draft = folder.draft(stem);
    let mut source = File::open(from)?;
    let whole = source.metadata()?.len();
    let mut encoder =
        zstd::stream::write::Encoder::new(Hashed::new(folder::create(&draft)?), LEVEL)?;
    encoder.set_pledged_src_size(Some(whole))?;
    let mut piece = vec![0; PIECE];
    let mut bytes = 0;
    loop {
        if stop.is_cancelled() {
            return Err(Error::Stopped);
        }
        let read = source.read(&mut piece)?;
        if read == 0 {
            break;
        }
        encoder.write_all(&piece[..read])?;
        bytes += read as u64;
    }
    let hashed = encoder.finish()?;
    hashed.to.sync_all()?;
    let sha256 = hex(&hashed.hash.finalize());
    let name = format!("{stem}-{sha256}{PACKED}");
    fs::rename(&draft, folder.packed(&name))?;
    Ok(SnapshotFile {
        kind,
        name,
        packed_bytes: hashed.bytes,
        bytes,
        sha256,
    })
}

/// A database whose log holds something is more than its file.
fn require_folded(path: &Path) -> io::Result<()> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    match fs::metadata(PathBuf::from(log)) {
        Ok(log) if log.len() > 0 => Err(io::Error::other("the log was not folded into its file")),
        _ => Ok(()),
    }
}

struct Hashed {
    to: File,
    hash: Sha256,
    bytes: u64,
}

impl Hashed {
    fn new(to: File) -> Self {
        Self {
            to,
            hash: Sha256::new(),
            bytes: 0,
        }
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
