//! The lock that admits one program.

use std::{
    fs::{File, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
};

use crate::{HomeError, create_private};

/// Held until dropped, or until the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Longer notes were not written by us.
const NOTE_BYTES: u64 = 200;

impl Lock {
    pub(crate) fn take(path: &Path, who: &str) -> Result<Self, HomeError> {
        let mut file = create_private(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let by = read_note(&mut file);
                return Err(HomeError::Held { by });
            }
            Err(TryLockError::Error(source)) => return Err(HomeError::at(path, source)),
        }
        // The note is a courtesy: a full disk must not keep the home from being opened for reading.
        _ = write_note(&mut file, who);
        Ok(Self { _file: file })
    }
}

fn write_note(file: &mut File, who: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{who}, process {}", std::process::id())?;
    file.flush()
}

/// What the holder wrote. Windows lets nobody read a locked file, and a holder may be between taking
/// and writing: then there is no name to tell.
fn read_note(file: &mut File) -> String {
    let mut note = String::new();
    let read = file.take(NOTE_BYTES).read_to_string(&mut note);
    let note: String = note.chars().filter(|c| !c.is_control()).collect();
    if read.is_err() || note.is_empty() {
        return "another program has its data open".to_owned();
    }
    note
}
