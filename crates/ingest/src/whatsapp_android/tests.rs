use std::{collections::BTreeMap, path::Path};

use rusqlite::Connection;
use tempfile::TempDir;
use threadkeep_protocol::Record;

use super::*;
use crate::{
    Key, Limits,
    collected::{Collected, seed},
};

mod around;
mod backups;
mod hostile;
mod new;
mod old;
mod same;
mod schema;

pub(super) const ANA: &str = "4915550001@s.whatsapp.net";
const BEN: &str = "4915550002@s.whatsapp.net";
const BEN_LID: &str = "100000000000002@lid";
const GROUP: &str = "120363000000000001@g.us";

/// A folder as a person would give it.
pub(super) struct Phone {
    pub(super) folder: TempDir,
}

impl Phone {
    /// A phone whose database has these statements run in it.
    pub(super) fn with(statements: &[&str]) -> Self {
        let phone = Self {
            folder: TempDir::new().unwrap(),
        };
        phone.database("msgstore.db", statements);
        phone
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn database(&self, name: &str, statements: &[&str]) {
        let connection = Connection::open(self.path().join(name)).unwrap();
        for statement in statements {
            connection.execute_batch(statement).unwrap();
        }
    }

    fn file(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn input(&self) -> Input {
        let input = Input::open(self.path(), Limits::default()).unwrap();
        seed::keep(&input);
        input
    }

    fn try_read(&self, options: &Options) -> Result<Collected, ReadError> {
        let mut told = Collected::default();
        super::read(&self.input(), options, &mut told)?;
        Ok(told)
    }

    pub(super) fn read(&self) -> Collected {
        let options = Options::default();
        self.try_read(&options).unwrap()
    }
}

/// A phone of the new generation.
fn of_2025(statements: &[&str]) -> Phone {
    Phone::with(&[&[schema::NEW, schema::PEOPLE], statements].concat())
}
