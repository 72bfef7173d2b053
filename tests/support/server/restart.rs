//! Ending a server and starting it again on its files, or on older ones.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use threadkeep_server_store::Store;

use super::TestServer;

impl TestServer {
    /// Takes a copy of the database, as an operator does while it runs.
    pub fn back_up(&self, name: &str) -> PathBuf {
        let copy = self.folder.path().join(name);
        drop(fs::remove_file(&copy));
        Connection::open(self.file())
            .and_then(|conn| conn.execute("VACUUM INTO ?1", [copy.to_str()]))
            .expect("the copy can be made");
        copy
    }

    /// Stops it and starts it again at its address.
    pub async fn restart(&mut self) {
        self.restart_after(|_| {}).await;
    }

    /// The same, with the database replaced by a copy of it.
    pub async fn restore(&mut self, copy: &Path) {
        self.restart_after(|file| {
            for part in ["", "-wal", "-shm"] {
                drop(fs::remove_file(format!("{}{part}", file.display())));
            }
            fs::copy(copy, file).expect("the copy can be put back");
        })
        .await;
    }

    async fn restart_after(&mut self, change: impl FnOnce(&Path)) {
        self.stop().await;
        // The last handle's end lets go of the file.
        let elsewhere = self.folder.path().join("elsewhere.db");
        self.store = Store::open(&elsewhere).expect("another store opens");
        change(&self.file());
        self.store = Store::open(&self.file()).expect("the store opens again");
        self.resume().await;
    }
}
