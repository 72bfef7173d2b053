//! Which database, and opening it.

use std::{convert::Infallible, path::PathBuf, str::FromStr};

use threadkeep_server_store::Store;

use super::{Shared, fault::CommandError};

/// A database as `--database` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Database {
    /// `sqlite:PATH`
    Sqlite(PathBuf),
    /// A scheme that this build does not keep data in.
    Other(String),
}

impl FromStr for Database {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let path = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"));
        Ok(match path {
            Some(path) if !path.is_empty() => Self::Sqlite(path.into()),
            // Only the scheme is kept: what follows it may hold a password.
            _ => Self::Other(text.split(':').next().unwrap_or_default().to_owned()),
        })
    }
}

/// Opens the database asked for, else the home's, which is made where it is missing.
pub(super) fn open(shared: &Shared) -> anyhow::Result<Store> {
    Ok(Store::open(&file(shared)?)?)
}

/// Where its snapshots are kept: beside it.
pub(super) fn snapshots(shared: &Shared) -> anyhow::Result<PathBuf> {
    let mut name = file(shared)?.into_os_string();
    name.push(".snapshots");
    Ok(name.into())
}

fn file(shared: &Shared) -> anyhow::Result<PathBuf> {
    match &shared.database {
        Some(Database::Sqlite(file)) => Ok(file.clone()),
        Some(Database::Other(scheme)) => Err(CommandError::OtherDatabase(scheme.clone()).into()),
        None => {
            let home = shared.home()?;
            home.create()?;
            Ok(home.server_file())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("sqlite:/a/b.db", "/a/b.db")]
    #[case("sqlite:///a/b.db", "/a/b.db")]
    #[case("sqlite:b.db", "b.db")]
    fn a_file_is_named_behind_its_scheme(#[case] text: &str, #[case] file: &str) {
        assert_eq!(text.parse(), Ok(Database::Sqlite(file.into())));
    }

    #[rstest::rstest]
    #[case("postgres://me:secret@host/db", "postgres")]
    #[case("sqlite:", "sqlite")]
    fn nothing_behind_another_scheme_is_kept(#[case] text: &str, #[case] scheme: &str) {
        assert_eq!(text.parse(), Ok(Database::Other(scheme.to_owned())));
    }
}
