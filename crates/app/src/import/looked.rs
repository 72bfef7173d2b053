//! The last look that has read files to their end: who imports the very same files right after it need not look again.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::reading::ImportGiven;
use crate::{app::blocking, view::ImportOptions};

/// More files than this are looked at again.
const FILES: usize = 20_000;

/// What was read, as what, and how it lay there then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Looked {
    given: ImportGiven,
    options: ImportOptions,
    /// The key itself is nobody's to keep.
    key: Option<u64>,
    files: Vec<(PathBuf, u64, SystemTime)>,
}

impl Looked {
    /// To be asked before anything is read. None where that cannot be told.
    pub(super) async fn at(given: &ImportGiven, options: &ImportOptions) -> Option<Self> {
        let paths: Vec<PathBuf> = given.paths.iter().chain(&given.key_file).cloned().collect();
        let files = blocking(move || {
            let mut files = Vec::new();
            let all = paths.iter().all(|path| list(path, &mut files).is_some());
            all.then_some(files)
        })
        .await?;
        let key = options.key.as_ref().map(|key| {
            let mut hasher = DefaultHasher::new();
            key.0.hash(&mut hasher);
            hasher.finish()
        });
        // Who takes it does not change what is read.
        let options = ImportOptions {
            account_id: None,
            new_account: false,
            key: None,
            ..options.clone()
        };
        Some(Self {
            given: given.clone(),
            options,
            key,
            files,
        })
    }
}

fn list(path: &Path, files: &mut Vec<(PathBuf, u64, SystemTime)>) -> Option<()> {
    let about = fs::symlink_metadata(path).ok()?;
    if about.is_dir() {
        let mut inside: Vec<PathBuf> = fs::read_dir(path)
            .ok()?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()
            .ok()?;
        inside.sort();
        return inside.iter().try_for_each(|path| list(path, files));
    }
    files.push((path.to_owned(), about.len(), about.modified().ok()?));
    (files.len() <= FILES).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::ImportKey;

    #[tokio::test]
    async fn the_same_files_are_the_same_until_one_of_them_changes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("chat.txt");
        fs::write(&file, "so").unwrap();
        let given = ImportGiven {
            paths: vec![folder.path().to_owned()],
            key_file: None,
        };
        let options = ImportOptions::default();
        let before = Looked::at(&given, &options).await.unwrap();
        let elsewhere = ImportOptions {
            new_account: true,
            ..ImportOptions::default()
        };
        let same = Looked::at(&given, &elsewhere).await.unwrap();
        assert_eq!(before, same, "who takes it makes no difference");
        let keyed = ImportOptions {
            key: Some(ImportKey("00".into())),
            ..ImportOptions::default()
        };
        assert_ne!(Looked::at(&given, &keyed).await.unwrap(), before);
        fs::write(&file, "so it is").unwrap();
        assert_ne!(Looked::at(&given, &options).await.unwrap(), before);
        fs::write(folder.path().join("more.txt"), "").unwrap();
        fs::write(&file, "so").unwrap();
        assert_ne!(Looked::at(&given, &options).await.unwrap(), before);
        fs::remove_dir_all(folder.path()).unwrap();
        assert_eq!(Looked::at(&given, &options).await, None, "nothing is there");
    }
}
