//! Data folders that cannot be used: one sentence, a code, exit code 1, and nothing changed.

use std::fs;

use crate::place::{Place, RealServer};

fn filled() -> (Place, RealServer) {
    let (place, server) = (Place::new(), RealServer::with_messages(30));
    place.json(&["connect", &server.url, "--token", &server.token]);
    place.json(&["sync"]);
    (place, server)
}

#[test]
fn a_file_of_a_newer_version_can_be_read_and_is_not_changed() {
    let (place, _server) = filled();
    let file = place.home().join("db/mirror.db");
    let conn = rusqlite::Connection::open(&file).expect("the mirror opens");
    let sql = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
               SELECT 999, 'future', applied_on, checksum FROM refinery_schema_history LIMIT 1";
    conn.execute(sql, ()).expect("the history is a table");
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("the log is folded in");
    drop(conn);
    let before = fs::read(&file).expect("the file is there");

    let said = place.run(&["sync", "--json"]);
    assert_eq!(
        (said.code, said.error_code().as_str()),
        (1, "mirror_newer"),
        "{said:?}"
    );
    said.assert_one_sentence();
    assert!(said.err.contains("999"), "the version is named");
    assert_eq!(place.json(&["stats"])["messages"], 30, "reading works");
    assert_eq!(
        fs::read(&file).expect("the file is there"),
        before,
        "and it is as it was"
    );
}

#[rstest::rstest]
#[case::empty(b"")]
#[case::something_else(b"this is a shopping list, and has been one for years")]
fn a_mirror_that_is_none_is_left_as_it_is(#[case] content: &[u8]) {
    let place = Place::new();
    let file = place.home().join("db/mirror.db");
    fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("it can be made");
    fs::write(&file, content).expect("it can be written");
    for command in [&["sync", "--json"][..], &["stats", "--json"]] {
        let said = place.run(command);
        assert_eq!(said.code, 1, "{said:?}");
        assert!(said.error_code().starts_with("mirror_"), "{said:?}");
        said.assert_one_sentence();
    }
    assert_eq!(
        fs::read(&file).expect("it is still there"),
        content,
        "nothing was written over it"
    );
}

#[test]
fn a_file_where_the_folder_should_be() {
    let place = Place::new();
    fs::write(place.home(), "a file").expect("it can be written");
    let said = place.run(&["sync", "--json"]);
    assert_eq!(
        (said.code, said.error_code().as_str()),
        (1, "not_a_folder"),
        "{said:?}"
    );
    said.assert_one_sentence();
    assert_eq!(
        fs::read_to_string(place.home()).expect("it is still there"),
        "a file"
    );
}

/// Disks of their own need a privilege; without it there is nothing to see here.
#[cfg(target_os = "linux")]
mod disks {
    use std::{path::Path, process::Command};

    use super::*;

    struct Disk<'a>(&'a Path);

    impl<'a> Disk<'a> {
        fn mount(at: &'a Path, options: &str) -> Option<Self> {
            fs::create_dir_all(at).expect("it can be made");
            let mounted = Command::new("mount")
                .args(["-t", "tmpfs", "-o", options, "tmpfs"])
                .arg(at)
                .output();
            mounted
                .is_ok_and(|done| done.status.success())
                .then_some(Self(at))
        }

        fn remount(&self, options: &str) {
            let done = Command::new("mount")
                .args(["-o", &format!("remount,{options}")])
                .arg(self.0)
                .status();
            assert!(
                done.is_ok_and(|status| status.success()),
                "what was mounted can be mounted again"
            );
        }
    }

    impl Drop for Disk<'_> {
        fn drop(&mut self) {
            // A disk that is left behind is in memory and goes with the machine.
            _ = Command::new("umount").arg("-l").arg(self.0).status();
        }
    }

    #[test]
    fn a_folder_that_can_only_be_read_is_read() {
        let place = Place::new();
        let home = place.home();
        let Some(disk) = Disk::mount(&home, "size=64m") else {
            eprintln!("no privilege to mount: not tested here");
            return;
        };
        let server = RealServer::with_messages(30);
        place.json(&["connect", &server.url, "--token", &server.token]);
        place.json(&["sync"]);
        disk.remount("ro");
        let before = place.everything();
        let said = place.run(&["sync", "--json"]);
        assert_eq!(
            (said.code, said.error_code().as_str()),
            (1, "read_only"),
            "{said:?}"
        );
        said.assert_one_sentence();
        assert_eq!(place.json(&["stats"])["messages"], 30, "reading works");
        assert_eq!(place.everything(), before, "nothing changed");
    }

    #[test]
    fn an_export_that_does_not_fit_leaves_nothing_behind() {
        let place = Place::new();
        let small = place.file("small");
        let Some(_disk) = Disk::mount(&small, "size=64k") else {
            eprintln!("no privilege to mount: not tested here");
            return;
        };
        let server = RealServer::with_messages(1_000);
        place.json(&["connect", &server.url, "--token", &server.token]);
        place.json(&["sync"]);
        let to = small.join("out.jsonl").display().to_string();
        let said = place.run(&["export", "--json", "--to", &to]);
        assert_eq!(
            (said.code, said.error_code().as_str()),
            (1, "export_failed"),
            "{said:?}"
        );
        said.assert_one_sentence();
        assert!(said.err.contains(&to), "it names the file: {said:?}");
        let left = fs::read_dir(&small).expect("the disk is there");
        assert_eq!(left.count(), 0, "not even a part");
    }

    #[test]
    fn a_full_disk_keeps_what_was_saved_and_the_next_run_goes_on() {
        let place = Place::new();
        let home = place.home();
        let Some(disk) = Disk::mount(&home, "size=4m") else {
            eprintln!("no privilege to mount: not tested here");
            return;
        };
        let server = RealServer::with_messages(30_000);
        place.json(&["connect", &server.url, "--token", &server.token]);
        let said = place.run(&["sync", "--json"]);
        assert!(matches!(said.code, 1 | 3), "{said:?}");
        assert_eq!(said.error_code(), "mirror_full", "{said:?}");
        disk.remount("size=128m");
        assert_eq!(
            place.json(&["sync"])["runs"][0]["outcome"],
            "completed",
            "with room, it goes on"
        );
        assert_eq!(
            place.json(&["stats"])["messages"],
            30_000,
            "and ends with everything"
        );
    }
}
