//! Tokens: in the OS keychain where there is one, else in a file that only its owner may read, and
//! whoever stores one is told which. Never in the mirror, never in a log.
//!
//! Rejected: a keychain that silently becomes a file (people believed their keys safe in other apps
//! for years), and refusing to work without a keychain (a server in a cupboard has none).

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::PathBuf,
};

use threadkeep_home::{Home, HomeError, create_private};

/// Set to `off`, tokens go to the file even where there is a keychain.
pub const KEYCHAIN_VARIABLE: &str = "THREADKEEP_KEYCHAIN";

const SERVICE: &str = "threadkeep";

/// Where a token was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// The keychain of the operating system.
    Keychain,
    /// `secrets.json` in the data folder, mode 0600.
    File,
}

/// A token could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be made private.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The file cannot be read or written.
    #[error("cannot use {}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is no JSON object of texts.
    #[error("{} is damaged; connect to the server again to store its token", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The thread that talks to the keychain died.
    #[error("the keychain did not answer")]
    Lost(#[from] tokio::task::JoinError),
}

/// The tokens of one data folder.
#[derive(Debug, Clone)]
pub(crate) struct Secrets {
    file: PathBuf,
    scope: String,
    keychain: bool,
}

impl Secrets {
    pub(crate) fn new(home: &Home) -> Self {
        Self {
            file: home.secrets_file(),
            scope: home.path().display().to_string(),
            keychain: std::env::var_os(KEYCHAIN_VARIABLE).is_none_or(|value| value != "off"),
        }
    }

    /// Stores a token under a name.
    pub(crate) async fn put(&self, name: String, token: String) -> Result<Keeper, SecretError> {
        let this = self.clone();
        tokio::task::spawn_blocking(move || {
            if this
                .entry(&name)
                .is_some_and(|entry| entry.set_password(&token).is_ok())
            {
                this.change_file(|tokens| tokens.remove(&name).is_some())?;
                return Ok(Keeper::Keychain);
            }
            this.change_file(|tokens| tokens.insert(name, token.clone()) != Some(token))?;
            Ok(Keeper::File)
        })
        .await?
    }

    /// The token of a name, wherever it is.
    pub(crate) async fn get(&self, name: String) -> Result<Option<String>, SecretError> {
        let this = self.clone();
        tokio::task::spawn_blocking(move || {
            let mut tokens = this.read_file()?;
            Ok(tokens.remove(&name).or_else(|| {
                this.entry(&name)
                    .and_then(|entry| entry.get_password().ok())
            }))
        })
        .await?
    }

    /// Forgets a name.
    pub(crate) async fn remove(&self, name: String) -> Result<(), SecretError> {
        let this = self.clone();
        tokio::task::spawn_blocking(move || {
            if let Some(entry) = this.entry(&name) {
                // No such entry is what we want; a keychain that is locked keeps a token of no use.
                _ = entry.delete_credential();
            }
            this.change_file(|tokens| tokens.remove(&name).is_some())
        })
        .await?
    }

    fn entry(&self, name: &str) -> Option<keyring::Entry> {
        // Two data folders on one computer may know one server with different tokens.
        self.keychain
            .then(|| keyring::Entry::new(SERVICE, &format!("{}|{name}", self.scope)).ok())
            .flatten()
    }

    fn read_file(&self) -> Result<BTreeMap<String, String>, SecretError> {
        match fs::read(&self.file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|source| SecretError::Damaged {
                path: self.file.clone(),
                source,
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(source) => Err(SecretError::File {
                path: self.file.clone(),
                source,
            }),
        }
    }

    /// Writes the file anew beside itself and renames it, so that a cut leaves the old one.
    fn change_file(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, String>) -> bool,
    ) -> Result<(), SecretError> {
        let mut tokens = self.read_file()?;
        if !change(&mut tokens) {
            return Ok(());
        }
        let beside = self.file.with_extension("json.new");
        let text = serde_json::to_vec_pretty(&tokens).map_err(|source| SecretError::Damaged {
            path: beside.clone(),
            source,
        })?;
        let mut file = create_private(&beside)?;
        file.set_len(0)
            .and_then(|()| file.write_all(&text))
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&beside, &self.file))
            .map_err(|source| SecretError::File {
                path: self.file.clone(),
                source,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(folder: &tempfile::TempDir) -> Secrets {
        let home = Home::resolve(Some(folder.path().join("home"))).unwrap();
        home.create().unwrap();
        Secrets {
            keychain: false,
            ..Secrets::new(&home)
        }
    }

    #[tokio::test]
    async fn without_a_keychain_a_token_is_kept_in_a_private_file() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = secrets(&folder);
        let kept = secrets.put("a".into(), "tk_1".into()).await.unwrap();
        assert_eq!(kept, Keeper::File, "the caller can say so");
        assert_eq!(
            secrets.get("a".into()).await.unwrap().as_deref(),
            Some("tk_1")
        );
        assert_eq!(secrets.get("b".into()).await.unwrap(), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&secrets.file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "nobody else may read a token");
        }
        secrets.remove("a".into()).await.unwrap();
        assert_eq!(
            secrets.get("a".into()).await.unwrap(),
            None,
            "what was removed is gone"
        );
    }

    #[tokio::test]
    async fn a_damaged_file_is_named_and_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = secrets(&folder);
        fs::write(&secrets.file, "{half").unwrap();
        let error = secrets.put("a".into(), "tk_1".into()).await.unwrap_err();
        assert!(matches!(error, SecretError::Damaged { .. }), "{error}");
        assert_eq!(
            fs::read_to_string(&secrets.file).unwrap(),
            "{half",
            "it may hold other tokens"
        );
    }
}
