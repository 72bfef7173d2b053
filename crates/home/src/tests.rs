use std::{
    fs,
    io::{self, ErrorKind},
};

use super::*;

fn home_in(folder: &tempfile::TempDir) -> Home {
    Home::resolve(Some(folder.path().join("home"))).unwrap()
}

#[test]
fn what_was_asked_for_wins_over_the_environment_and_that_over_the_system() {
    let choose = |asked: Option<&str>, variable: Option<&str>, system: Option<&str>| {
        Home::choose(asked.map(Into::into), variable.map(Into::into), || {
            system.map(Into::into)
        })
        .map(|home| home.0)
        .map_err(|error| error.code())
    };
    let root = std::path::absolute("/").unwrap();
    assert_eq!(
        choose(Some("/a"), Some("/b"), Some("/c")),
        Ok(root.join("a"))
    );
    assert_eq!(choose(None, Some("/b"), Some("/c")), Ok(root.join("b")));
    assert_eq!(choose(None, None, Some("/c")), Ok(root.join("c")));
    assert_eq!(
        choose(None, Some(""), Some("/c")),
        Ok(root.join("c")),
        "an empty variable names nothing"
    );
    assert_eq!(choose(None, None, None), Err("no_home"));
}

#[test]
fn a_relative_home_does_not_move_with_the_working_directory() {
    let home = Home::resolve(Some("somewhere".into())).unwrap();
    assert!(home.path().is_absolute());
    assert!(home.path().ends_with("somewhere"));
}

#[test]
fn a_home_is_made_once_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let home = home_in(&folder);
    home.create().unwrap();
    fs::write(home.mirror_file(), b"kept").unwrap();
    home.create().unwrap();
    assert_eq!(fs::read(home.mirror_file()).unwrap(), b"kept");
    for inner in [home.server_dir(), home.logs_dir(), home.media_dir()] {
        assert!(inner.is_dir(), "{} is missing", inner.display());
    }
}

#[test]
fn a_file_in_the_place_of_a_folder_is_named_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let home = home_in(&folder);
    fs::write(home.path(), b"a letter").unwrap();
    let error = home.create().unwrap_err();
    assert_eq!(error.code(), "not_a_folder");
    assert!(error.to_string().contains("home"), "{error}");
    assert_eq!(fs::read(home.path()).unwrap(), b"a letter");

    let below = Home::resolve(Some(home.path().join("deeper"))).unwrap();
    assert_eq!(below.create().unwrap_err().code(), "not_a_folder");
}

#[test]
fn each_refusal_of_the_system_has_its_own_code() {
    let path = Path::new("somewhere");
    let code = |kind: ErrorKind| HomeError::at(path, io::Error::from(kind)).code();
    assert_eq!(code(ErrorKind::PermissionDenied), "denied");
    assert_eq!(code(ErrorKind::ReadOnlyFilesystem), "read_only");
    assert_eq!(code(ErrorKind::StorageFull), "disk_full");
    assert_eq!(code(ErrorKind::QuotaExceeded), "disk_full");
    assert_eq!(code(ErrorKind::Interrupted), "io");
}

#[test]
fn a_second_lock_says_who_holds_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let home = home_in(&folder);
    home.create().unwrap();
    let first = home.lock("the first app, with a long name").unwrap();
    let error = home.lock("b").unwrap_err();
    assert_eq!(error.code(), "held");
    #[cfg(unix)]
    assert!(error.to_string().contains("the first app"), "{error}");
    drop(first);
    let _second = home.lock("b").unwrap();
    #[cfg(unix)]
    assert_eq!(
        home.lock("c").unwrap_err().to_string(),
        format!(
            "Threadkeep is already running (b, process {})",
            std::process::id()
        ),
        "nothing of the longer note before it is left"
    );
}

#[cfg(unix)]
mod permissions {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn every_folder_and_file_is_the_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let home = home_in(&folder);
        home.create().unwrap();
        let _lock = home.lock("a").unwrap();
        create_private(&home.secrets_file()).unwrap();
        for dir in [
            home.0.clone(),
            home.db_dir(),
            home.server_dir(),
            home.logs_dir(),
        ] {
            assert_eq!(mode(&dir), 0o700, "{}", dir.display());
        }
        assert_eq!(mode(&home.lock_file()), 0o600);
        assert_eq!(mode(&home.secrets_file()), 0o600);
    }

    #[test]
    fn a_home_that_was_opened_up_is_closed_again() {
        let folder = tempfile::tempdir().unwrap();
        let home = home_in(&folder);
        home.create().unwrap();
        set(home.path(), 0o755);
        set(&home.db_dir(), 0o755);
        home.create().unwrap();
        assert_eq!(mode(home.path()), 0o700);
        assert_eq!(mode(&home.db_dir()), 0o700);
    }

    #[test]
    fn a_folder_with_other_things_in_it_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let home = home_in(&folder);
        fs::create_dir(home.path()).unwrap();
        fs::write(home.path().join("holiday.txt"), b"").unwrap();
        set(home.path(), 0o755);
        home.create().unwrap();
        assert_eq!(mode(home.path()), 0o755, "it is not ours to close");
        assert_eq!(mode(&home.db_dir()), 0o700, "but what we put there is");
    }

    #[test]
    fn a_place_shared_by_all_stays_shared() {
        let folder = tempfile::tempdir().unwrap();
        let home = home_in(&folder);
        fs::create_dir(home.path()).unwrap();
        set(home.path(), 0o1777);
        home.create().unwrap();
        assert_eq!(mode(home.path()), 0o1777);
    }

    #[test]
    fn what_a_link_leads_to_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let home = home_in(&folder);
        let elsewhere = folder.path().join("big-disk");
        fs::create_dir(&elsewhere).unwrap();
        set(&elsewhere, 0o755);
        fs::create_dir(home.path()).unwrap();
        symlink(&elsewhere, home.media_dir()).unwrap();
        home.create().unwrap();
        assert_eq!(mode(&elsewhere), 0o755);
    }

    #[test]
    fn a_file_is_made_private_and_a_missing_one_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        set(&file, 0o644);
        make_private(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
        assert_eq!(
            make_private(&folder.path().join("nothing"))
                .unwrap_err()
                .code(),
            "io"
        );
    }
}
