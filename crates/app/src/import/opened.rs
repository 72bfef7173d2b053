//! What a person gave, opened: what it is, and what of it can be read.

use std::path::{Path, PathBuf};

use threadkeep_ingest::{self as ingest, Format, Input, Limits};

use super::reading::{ImportGiven, problem};
use crate::{
    app::blocking,
    view::{ImportFile, Problem},
};

/// One of them, looked at.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: ImportFile,
    /// What can be read, and as what.
    pub(super) readable: Option<(Input, Vec<Format>)>,
    /// A single file that nobody knows: it may belong to another one.
    beside: Option<PathBuf>,
}

/// Looks at what was given, and tells the formats. Private copies are made in `scratch`.
pub(super) async fn open(
    given: &ImportGiven,
    format: Option<Format>,
    scratch: PathBuf,
) -> Vec<Opened> {
    let paths = given.paths.clone();
    blocking(move || {
        let each = paths.iter().flat_map(|path| look(path, format, &scratch));
        together(each.collect(), &scratch)
    })
    .await
}

/// A path; a folder of archives is each of them.
fn look(path: &Path, format: Option<Format>, scratch: &Path) -> Vec<Opened> {
    let found = match format {
        Some(format) => Input::open(path, Limits::default()).map(|input| {
            let input = input.with_scratch(scratch.to_owned());
            let formats = vec![format];
            vec![ingest::Found { input, formats }]
        }),
        None => ingest::find(&[path.to_owned()], Limits::default(), Some(scratch)),
    };
    match found {
        Ok(found) => found.into_iter().map(Opened::of).collect(),
        Err(error) => vec![Opened {
            file: file(name_of(path), 0, Some(problem(&error.into()))),
            readable: None,
            beside: None,
        }],
    }
}

/// What lies beside a file that can be read belongs to it, when nobody knows it by itself: the names beside a database, the
/// pictures beside a text.
fn together(mut opened: Vec<Opened>, scratch: &Path) -> Vec<Opened> {
    let is_known = |each: &Opened| {
        let known = each.readable.as_ref().filter(|(input, _)| input.is_file());
        known.is_some_and(|(_, formats)| formats.iter().any(|format| format.has_files_beside()))
    };
    let is_beside = |each: &Opened| each.beside.is_some();
    if !opened.iter().any(is_known) || !opened.iter().any(is_beside) {
        return opened;
    }
    let paths: Vec<PathBuf> = opened.iter().filter_map(Opened::loose).collect();
    let group = Input::of_files(&paths, Limits::default())
        .map(|input| input.with_scratch(scratch.to_owned()))
        .and_then(|input| {
            let formats = ingest::recognise(&input)?;
            Ok(ingest::Found { input, formats })
        });
    // Nothing was found wrong with any of them alone.
    let Ok(group) = group else { return opened };
    let names: Vec<String> = paths.iter().map(|path| name_of(path)).collect();
    let mut group = Opened::of(group);
    group.file.name = names.join(", ");
    let place = opened.iter().position(|each| each.loose().is_some());
    opened.retain(|each| each.loose().is_none());
    opened.insert(place.unwrap_or(0).min(opened.len()), group);
    opened
}

impl Opened {
    fn of(ingest::Found { input, formats }: ingest::Found) -> Self {
        let bytes = input.entries().iter().map(|entry| entry.bytes).sum();
        let mut file = file(name_of(input.path()), bytes, None);
        if formats.is_empty() {
            file.problem = Some(Problem {
                code: "unknown_format".to_owned(),
                message: "this is nothing that Threadkeep can read; nothing was changed".to_owned(),
            });
            return Self {
                file,
                readable: None,
                beside: input.is_file().then(|| input.path().to_owned()),
            };
        }
        let names = formats.iter().map(|format| format.name().to_owned());
        file.formats = names.collect();
        Self {
            file,
            readable: Some((input, formats)),
            beside: None,
        }
    }

    /// Where it lies, if it is a single file.
    fn loose(&self) -> Option<PathBuf> {
        let known = self.readable.as_ref().filter(|(input, _)| input.is_file());
        known
            .map(|(input, _)| input.path().to_owned())
            .or_else(|| self.beside.clone())
    }
}

fn file(name: String, bytes: u64, problem: Option<Problem>) -> ImportFile {
    ImportFile {
        name,
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        formats: Vec::new(),
        problem,
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
