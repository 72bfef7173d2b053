//! Inputs as people give them, and as somebody would who means harm: real files, made here.

mod finding;
mod folders;
mod mutated;
mod reading;
mod refused;
mod zips;

use std::{
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
};

use threadkeep_ingest::{Entry, Input, InputError, Limits};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A folder for one test.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder can be made")
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).expect("a folder can be made");
    }
    std::fs::write(&path, bytes).expect("a file can be written");
    keep(name, bytes);
    path
}

/// Keeps a zip as what the fuzz target of zips begins with (`npm run fuzz -- --seeds`).
fn keep(name: &str, bytes: &[u8]) {
    let Some(seeds) = std::env::var_os("THREADKEEP_SEEDS") else {
        return;
    };
    if name.ends_with(".zip") && bytes.len() < 16 * 1024 {
        let folder = Path::new(&seeds).join("zip");
        let sum = bytes.iter().fold(0_u64, |sum, byte| {
            sum.wrapping_mul(0x100_0000_01b3)
                .wrapping_add(u64::from(*byte))
        });
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        std::fs::write(folder.join(format!("{sum:016x}")), bytes).expect("a seed can be written");
    }
}

/// A zip of deflated files.
fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default())
            .expect("an entry begins");
        zip.write_all(bytes).expect("an entry is written");
    }
    zip.finish().expect("a zip ends").into_inner()
}

fn open(path: &Path) -> Input {
    Input::open(path, Limits::default()).expect("it is an input")
}

fn refused(path: &Path) -> InputError {
    Input::open(path, Limits::default()).expect_err("it is no input")
}

fn paths(input: &Input) -> Vec<&str> {
    input
        .entries()
        .iter()
        .map(|entry| entry.path.as_str())
        .collect()
}

fn bytes_of(input: &Input, entry: &Entry) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input
        .read(entry)
        .expect("it can be opened")
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
