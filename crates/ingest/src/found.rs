//! Finding what there is to read in what a person gives: several files, folders and zips at once, in any order.

use std::path::{Path, PathBuf};

use crate::{Format, Input, InputError, Limits, recognise};

/// An input, and the formats that it holds.
#[derive(Debug)]
pub struct Found {
    /// The input.
    pub input: Input,
    /// What it holds; nothing where nobody knows what it is.
    pub formats: Vec<Format>,
}

/// Finds the inputs among what a person gives.
///
/// - Files that are no zips are one input: a database and the names beside it, a text and its pictures, several chats.
/// - Each folder and each zip is an input of its own.
/// - A folder that is no export itself may hold zips that are, as a folder of downloads does. Those inside other zips and
///   those deeper down are left alone: a file that somebody sent may be somebody else's export.
///
/// # Errors
/// When something cannot be opened or breaks a limit. A zip in a folder that cannot be read is left out.
pub fn find(
    paths: &[PathBuf],
    limits: Limits,
    scratch: Option<&Path>,
) -> Result<Vec<Found>, InputError> {
    let private = |input: Input| match scratch {
        Some(folder) => input.with_scratch(folder.to_owned()),
        None => input,
    };
    let (mut found, mut files) = (Vec::new(), Vec::new());
    for path in paths {
        let input = private(Input::open(path, limits)?);
        if input.is_file() {
            files.push(path.clone());
            continue;
        }
        let formats = recognise(&input)?;
        if formats.is_empty() && path.is_dir() {
            let before = found.len();
            found.extend(zips_of(&input, limits, &private));
            if found.len() > before {
                continue;
            }
        }
        found.push(Found { input, formats });
    }
    if !files.is_empty() {
        let input = match &files[..] {
            [file] => Input::open(file, limits)?,
            _ => Input::of_files(&files, limits)?,
        };
        let input = private(input);
        let formats = recognise(&input)?;
        found.push(Found { input, formats });
    }
    Ok(found)
}

/// The zips that lie in a folder and hold something.
fn zips_of(folder: &Input, limits: Limits, private: &impl Fn(Input) -> Input) -> Vec<Found> {
    let names = folder
        .entries()
        .iter()
        .filter(|entry| !entry.path.contains('/'));
    let mut found = Vec::new();
    for entry in names {
        let path = folder.path().join(&entry.path);
        let Ok(input) = Input::open(&path, limits) else {
            continue;
        };
        if input.is_file() {
            continue;
        }
        let input = private(input);
        match recognise(&input) {
            Ok(formats) if !formats.is_empty() => found.push(Found { input, formats }),
            _ => {}
        }
    }
    found
}
