//! What a first pull by snapshot would take: the files of a finished mirror and its index, packed once by the
//! server, then fetched, unpacked, hashed and checked by a client, which ends by looking into them.
//!
//! A prototype: it decides whether the protocol gets one, and holds no part of it. Bytes come over a bare
//! connection, for HTTP adds a head to a hundred megabytes.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use sha2::{Digest, Sha256};
use threadkeep_mirror::{Mirror, Search};

use crate::meter::{Meter, Used};

/// The files of a snapshot, as they are asked for.
const NAMES: [&str; 2] = ["mirror", "index"];
/// Of zstd: packing is paid once, unpacking by every client.
const LEVEL: i32 = 1;

/// Take everything at once, as files.
#[derive(Args)]
pub struct Snapshot {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// Pack a mirror and its index, and hand them out until the input ends.
    Serve {
        #[arg(long)]
        mirror: PathBuf,
        #[arg(long)]
        index: PathBuf,
        /// An empty folder for what is packed
        #[arg(long)]
        to: PathBuf,
    },
    /// Fetch both, check them, and look into them.
    Take {
        #[arg(long)]
        address: SocketAddr,
        #[arg(long)]
        mirror: PathBuf,
        #[arg(long)]
        index: PathBuf,
    },
    /// The limit: copy the files, and nothing else.
    Copy {
        #[arg(long, num_args = 2)]
        from: Vec<PathBuf>,
        #[arg(long, num_args = 2)]
        to: Vec<PathBuf>,
    },
}

/// What a step took, and how many bytes went over the wire.
#[derive(Debug, Serialize)]
pub struct Stepped {
    #[serde(flatten)]
    used: Used,
    wire_bytes: u64,
}

impl Snapshot {
    pub async fn run(self) -> anyhow::Result<Stepped> {
        match self.step {
            Step::Serve { mirror, index, to } => serve([mirror, index], &to),
            Step::Take {
                address,
                mirror,
                index,
            } => take(address, mirror, index).await,
            Step::Copy { from, to } => copy(&from, &to),
        }
    }
}

fn serve(files: [PathBuf; 2], to: &Path) -> anyhow::Result<Stepped> {
    let meter = Meter::start();
    let mut packed = Vec::new();
    for (name, file) in NAMES.iter().zip(files) {
        let place = to.join(name);
        let mut from = File::open(&file)?;
        zstd::stream::copy_encode(&mut from, File::create(&place)?, LEVEL)?;
        let mut whole = Sha256::new();
        io::copy(&mut File::open(&file)?, &mut whole)?;
        packed.push((place, whole.finalize().to_vec()));
    }
    let (used, mut wire_bytes) = (meter.read(), 0);
    for (place, _) in &packed {
        wire_bytes += fs::metadata(place)?.len();
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("packed on http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for near in listener.incoming().map_while(Result::ok) {
            let packed = packed.clone();
            thread::spawn(move || {
                if let Err(error) = hand_out(near, &packed) {
                    eprintln!("a file was not handed out: {error:#}");
                }
            });
        }
    });
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(Stepped { used, wire_bytes })
}

/// A line names the file; the answer is its hash when unpacked, and the file.
fn hand_out(near: TcpStream, packed: &[(PathBuf, Vec<u8>)]) -> anyhow::Result<()> {
    let mut line = String::new();
    BufReader::new(&near).read_line(&mut line)?;
    let wanted = NAMES.iter().position(|name| *name == line.trim());
    let (place, hash) = &packed[wanted.context("there is no such file")?];
    (&near).write_all(hash)?;
    io::copy(&mut File::open(place)?, &mut &near)?;
    Ok(())
}

async fn take(address: SocketAddr, mirror: PathBuf, index: PathBuf) -> anyhow::Result<Stepped> {
    ensure!(!mirror.exists(), "{} is there already", mirror.display());
    let meter = Meter::start();
    let files = [mirror, index];
    let fetched: Vec<_> = NAMES
        .iter()
        .zip(&files)
        .map(|(name, file)| {
            let (name, file) = (*name, file.clone());
            thread::spawn(move || fetch(address, name, &file))
        })
        .collect();
    let mut wire_bytes = 0;
    for each in fetched {
        wire_bytes += each.join().expect("fetching does not panic")?;
    }
    let [mirror, index] = files;
    let mirror = Mirror::open(&mirror)?;
    let search = Search::open(&mirror, &index)?;
    search.caught_up().await?;
    search.close().await;
    mirror.close().await;
    drop(mirror);
    Ok(Stepped {
        used: meter.read(),
        wire_bytes,
    })
}

/// Fetches a file beside its place, and puts it there once it is whole and sound; gives the bytes that came.
fn fetch(address: SocketAddr, name: &str, file: &Path) -> anyhow::Result<u64> {
    let mut near = TcpStream::connect(address)?;
    writeln!(near, "{name}")?;
    let mut wanted = [0; 32];
    near.read_exact(&mut wanted)?;
    let draft = file.with_extension("draft");
    let mut counted = Counted {
        from: near,
        bytes: 0,
    };
    let mut hashed = Hashed {
        to: File::create(&draft)?,
        hash: Sha256::new(),
    };
    zstd::stream::copy_decode(&mut counted, &mut hashed)?;
    hashed.to.sync_all()?;
    ensure!(
        hashed.hash.finalize().as_slice() == wanted,
        "{name} is not what was packed"
    );
    let conn = Connection::open_with_flags(&draft, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let verdict: String = conn.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
    ensure!(verdict == "ok", "{name} is damaged: {verdict}");
    drop(conn);
    fs::rename(draft, file)?;
    Ok(counted.bytes)
}

struct Counted<R> {
    from: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

struct Hashed {
    to: File,
    hash: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn copy(from: &[PathBuf], to: &[PathBuf]) -> anyhow::Result<Stepped> {
    let meter = Meter::start();
    let mut wire_bytes = 0;
    for (from, to) in from.iter().zip(to) {
        let mut copied = File::create(to)?;
        wire_bytes += io::copy(&mut File::open(from)?, &mut copied)?;
        copied.sync_all()?;
    }
    Ok(Stepped {
        used: meter.read(),
        wire_bytes,
    })
}
