//! Files and folders.

use super::*;

#[test]
fn a_folder_is_its_files_in_order() {
    let home = folder();
    write(home.path(), "b/2.txt", b"two");
    write(home.path(), "a.txt", b"one");
    write(home.path(), "b/1.txt", b"");
    let input = open(home.path());
    assert_eq!(paths(&input), ["a.txt", "b/1.txt", "b/2.txt"]);
    assert_eq!(bytes_of(&input, &input.entries()[2]).unwrap(), b"two");
    assert!(!input.is_file());
    assert!(open(&home.path().join("a.txt")).is_file());
}

#[test]
fn names_that_are_odd_are_names() {
    let home = folder();
    let odd = [
        "CON",
        "aux.txt",
        "A.txt",
        "a.txt",
        "\u{202e}gpj.exe",
        "trailing. ",
        "x\\y",
    ];
    for name in odd {
        write(home.path(), name, name.as_bytes());
    }
    let input = open(home.path());
    assert_eq!(input.entries().len(), odd.len(), "{:?}", paths(&input));
    for entry in input.entries() {
        assert_eq!(bytes_of(&input, entry).unwrap(), entry.path.as_bytes());
    }
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_read_all_the_same() {
    use std::os::unix::ffi::OsStrExt;

    let home = folder();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    std::fs::write(home.path().join(name), "latin").unwrap();
    let input = open(home.path());
    assert_eq!(paths(&input), ["caf\u{fffd}.txt"]);
    assert_eq!(bytes_of(&input, &input.entries()[0]).unwrap(), b"latin");
}

#[cfg(unix)]
#[test]
fn links_are_left_out_and_circles_are_not_walked() {
    use std::os::unix::fs::symlink;

    let home = folder();
    let secret = write(home.path(), "secret.txt", b"not given");
    write(home.path(), "given/chat.txt", b"given");
    let given = home.path().join("given");
    symlink(&secret, given.join("link.txt")).unwrap();
    symlink(&given, given.join("again")).unwrap();
    symlink("/dev/zero", given.join("zero")).unwrap();
    let input = open(&given);
    assert_eq!(paths(&input), ["chat.txt"]);
    assert_eq!(input.left_out(), 3);
    symlink(&given, home.path().join("shortcut")).unwrap();
    assert_eq!(
        paths(&open(&home.path().join("shortcut"))),
        ["chat.txt"],
        "the person chose this link"
    );
}

#[cfg(unix)]
#[test]
fn what_has_no_end_is_refused() {
    let error = refused(Path::new("/dev/zero"));
    assert!(matches!(error, InputError::NotAFile(_)), "{error}");
}

#[test]
fn folders_without_end_are_left_out_at_some_depth() {
    let home = folder();
    let deep = "d/".repeat(100);
    write(home.path(), &format!("{deep}x.txt"), b"");
    let input = open(home.path());
    assert_eq!((input.entries().len(), input.left_out()), (0, 1));
}

#[test]
fn too_many_files_are_refused() {
    let home = folder();
    for number in 0..11 {
        write(home.path(), &format!("{number}/x"), b"");
    }
    let limits = Limits {
        entries: 10,
        ..Limits::default()
    };
    let error = Input::open(home.path(), limits).unwrap_err();
    assert!(matches!(error, InputError::TooMany(10)), "{error}");
}

#[test]
fn a_file_that_grows_past_the_limit_ends_with_an_error() {
    let home = folder();
    let path = write(home.path(), "big", &[0; 1001]);
    let input = Input::open(
        &path,
        Limits {
            entry_bytes: 1000,
            ..Limits::default()
        },
    )
    .unwrap();
    assert!(
        bytes_of(&input, &input.entries()[0]).is_err(),
        "what is cut off is not the whole"
    );
    let error = input.copy(&input.entries()[0]).unwrap_err();
    assert!(
        matches!(error, InputError::TooLarge { limit: 1000, .. }),
        "{error}"
    );
}

#[test]
fn what_is_not_there_is_said() {
    let error = refused(Path::new("/nowhere/at/all"));
    assert_eq!(error.code(), "file_not_found");
}

#[cfg(unix)]
#[test]
fn copies_are_private_and_go() {
    use std::os::unix::fs::PermissionsExt;

    let home = folder();
    let scratch = home.path().join("made/here");
    let input = open(&write(home.path(), "db", b"bytes")).with_scratch(scratch.clone());
    let copy = input.copy(&input.entries()[0]).unwrap();
    assert_eq!(std::fs::read(&copy).unwrap(), b"bytes");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(&scratch), mode(&copy)),
        (0o700, 0o600),
        "nobody else may look"
    );
    let folder = input.private_folder().unwrap();
    assert_eq!(mode(folder.path()), 0o700);
    drop((copy, folder));
    assert_eq!(
        std::fs::read_dir(&scratch).unwrap().count(),
        0,
        "nothing is left behind"
    );
}

/// A disk without room: a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_in_words() {
    let home = folder();
    let input = open(&write(home.path(), "db", b"bytes"));
    let mut full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let error = input.copy_into(&input.entries()[0], &mut full).unwrap_err();
    assert_eq!(error.code(), "disk_full");
    assert!(error.to_string().contains("the disk is full"), "{error}");
}
