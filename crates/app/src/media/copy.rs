//! Copies of files, for other programs.

use std::{fs, io, path::PathBuf};

use crate::Error;

/// What to do where the name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// It is the same file.
    Same,
    /// A name beside it.
    Free,
    /// The person wants it replaced, once the copy is whole.
    Replaced,
}

/// Copies, so that a program that writes into what it opened changes nothing of ours.
pub(super) async fn copy(
    from: PathBuf,
    folder: PathBuf,
    name: String,
    naming: Naming,
) -> Result<PathBuf, Error> {
    let shown = folder.join(&name).display().to_string();
    let copied = tokio::task::spawn_blocking(move || -> io::Result<PathBuf> {
        fs::create_dir_all(&folder)?;
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) => (stem, format!(".{ending}")),
            None => (name.as_str(), String::new()),
        };
        let mut to = folder.join(&name);
        if naming == Naming::Replaced {
            let beside = folder.join(format!(".{}-{name}.part", std::process::id()));
            let copied = fs::copy(&from, &beside).and_then(|_| fs::rename(&beside, &to));
            if copied.is_err() {
                _ = fs::remove_file(&beside);
            }
            return copied.map(|()| to);
        }
        for number in 2_u32.. {
            let made = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&to);
            match made {
                Ok(mut file) => {
                    io::copy(&mut fs::File::open(&from)?, &mut file)?;
                    break;
                }
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                Err(_) if naming == Naming::Same => break,
                Err(_) => to = folder.join(format!("{stem} ({number}){ending}")),
            }
        }
        Ok(to)
    });
    let copied = copied
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
    copied.map_err(|source| Error::SaveMedia {
        path: shown,
        source,
    })
}
