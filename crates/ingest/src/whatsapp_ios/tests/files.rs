//! Where the files lie, and which of them are brought.

use sha2::{Digest, Sha256};

use super::*;

const PHOTO: &[u8] = b"not much of a photo";
const PATH: &str = "Media/4915550001@s.whatsapp.net/a/b/photo.jpg";

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// An archive with a photo that is there and one that is not.
fn with_photos(path: &str) -> Archive {
    let archive = Archive::new();
    for (stanza, path) in [("1", path), ("2", "Media/gone.jpg")] {
        let media = archive.media("ZMEDIALOCALPATH, ZFILESIZE", params![path, 5]);
        archive.message(&Row {
            kind: 1,
            stanza: Some(stanza),
            media: Some(media),
            ..Row::default()
        });
    }
    archive
}

fn sizes(told: &Told) -> Vec<(Option<String>, Option<i64>)> {
    let media = told
        .messages()
        .into_iter()
        .filter_map(|message| message.media);
    media.map(|media| (media.sha256, media.file_size)).collect()
}

#[rstest::rstest]
#[case::of_now(PATH)]
#[case::of_old_versions("/Media/4915550001@s.whatsapp.net/a/b/photo.jpg")]
fn media_beside_the_database_is_found(#[case] path: &str) {
    let archive = with_photos(path);
    write(&archive.path().join("Message").join(PATH), PHOTO);
    let told = archive.read();
    let input = Input::open(archive.path(), Limits::default()).unwrap();
    let place = input
        .entries()
        .iter()
        .position(|entry| entry.name() == "photo.jpg")
        .unwrap();
    assert_eq!(told.contents, [(hash(PHOTO), place)]);
    assert_eq!(
        sizes(&told),
        [
            (Some(hash(PHOTO)), Some(PHOTO.len() as i64)),
            (None, Some(5))
        ]
    );
}

#[test]
fn a_preview_reads_no_files() {
    let archive = with_photos(PATH);
    write(&archive.path().join("Message").join(PATH), PHOTO);
    let options = Options {
        with_content: false,
        ..Options::default()
    };
    let told = read_at(archive.path(), &options).unwrap();
    assert_eq!(told.contents, []);
    assert_eq!(
        sizes(&told),
        [(None, Some(PHOTO.len() as i64)), (None, Some(5))]
    );
}

#[test]
fn what_is_only_in_the_log_is_read() {
    let archive = Archive::new();
    archive
        .db
        .pragma_update(None, "journal_mode", "wal")
        .unwrap();
    archive
        .db
        .pragma_update(None, "wal_autocheckpoint", 0)
        .unwrap();
    archive.message(&Row {
        text: Some("Just now"),
        ..Row::default()
    });
    assert!(
        archive.path().join("ChatStorage.sqlite-wal").exists(),
        "the app is still running"
    );
    assert_eq!(archive.one().content, "Just now");
    let alone = archive.path().join("ChatStorage.sqlite");
    let told = read_at(&alone, &Options::default()).unwrap();
    assert_eq!(
        told.messages().len(),
        1,
        "the log lies beside the file that was given"
    );
}

#[test]
fn a_database_that_says_it_has_a_log_is_read_without_one() {
    let archive = Archive::new();
    archive.message(&Row {
        text: Some("Hi"),
        ..Row::default()
    });
    archive
        .db
        .pragma_update(None, "journal_mode", "wal")
        .unwrap();
    let copy = tempfile::tempdir().unwrap();
    let path = copy.path().join("ChatStorage.sqlite");
    fs::copy(archive.path().join("ChatStorage.sqlite"), &path).unwrap();
    let told = read_at(&path, &Options::default()).unwrap();
    assert_eq!(told.messages().len(), 1);
}

const CHATS: &str = "7c7fba66680ef796b916b067077cc246adacf01d";

/// A backup of an iPhone in a folder, with the photo under a hashed name.
fn backup(archive: &Archive) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("00008030-000000000000001E");
    let photo = "ab00000000000000000000000000000000000001";
    let chats = fs::read(archive.path().join("ChatStorage.sqlite")).unwrap();
    write(&root.join("7c").join(CHATS), &chats);
    write(&root.join("ab").join(photo), PHOTO);
    write(&root.join("Manifest.plist"), b"");
    let manifest = Connection::open(root.join("Manifest.db")).unwrap();
    manifest
        .execute_batch(
            "CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB)",
        )
        .unwrap();
    let domain = "AppDomainGroup-group.net.whatsapp.WhatsApp.shared";
    for (id, domain, path) in [
        (CHATS, domain, "ChatStorage.sqlite"),
        (photo, domain, &*format!("Message/{PATH}")),
        (
            "ab00000000000000000000000000000000000002",
            "CameraRollDomain",
            "Media/gone.jpg",
        ),
    ] {
        manifest
            .execute(
                "INSERT INTO Files (fileID, domain, relativePath, flags) VALUES (?1, ?2, ?3, 1)",
                [id, domain, path],
            )
            .unwrap();
    }
    folder
}

#[test]
fn a_backup_of_an_iphone_is_read_through_its_list() {
    let folder = backup(&with_photos(PATH));
    let input = Input::open(folder.path(), Limits::default()).unwrap();
    assert!(recognise(&input).unwrap());
    let told = read_at(folder.path(), &Options::default()).unwrap();
    assert_eq!(
        sizes(&told),
        [
            (Some(hash(PHOTO)), Some(PHOTO.len() as i64)),
            (None, Some(5))
        ]
    );
}

#[test]
fn an_encrypted_backup_is_refused_in_words() {
    let folder = backup(&Archive::new());
    let root = folder.path().join("00008030-000000000000001E");
    write(&root.join("7c").join(CHATS), &[0xa5; 4096]);
    write(&root.join("Manifest.db"), &[0x5a; 4096]);
    let input = Input::open(folder.path(), Limits::default()).unwrap();
    assert!(recognise(&input).unwrap(), "it is known for what it is");
    let error = read_at(folder.path(), &Options::default()).unwrap_err();
    insta::assert_snapshot!(error);
}
