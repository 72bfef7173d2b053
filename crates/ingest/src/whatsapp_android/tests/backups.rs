//! Encrypted backups in a folder.

use super::{super::crypt::tests::Backup, schema::*, *};

const ONE: &str = "
INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data) VALUES (2, 1, 0, 'A', 1, 0, 'x');
";

fn database() -> Vec<u8> {
    let phone = Phone::with(&[NEW, PEOPLE, ONE]);
    std::fs::read(phone.path().join("msgstore.db")).unwrap()
}

fn empty() -> Phone {
    Phone {
        folder: TempDir::new().unwrap(),
    }
}

fn with(key: &[u8]) -> Options {
    Options {
        key: Some(Key::new(key.to_vec())),
        ..Options::default()
    }
}

#[test]
fn a_backup_is_read_with_its_key_and_the_names_beside_it() {
    let phone = empty();
    let backup = Backup::Crypt15;
    phone.file(
        "Databases/msgstore.db.crypt15",
        &backup.of(&database(), true),
    );
    phone.file("Databases/msgstore-2020-01-01.1.db.crypt15", b"older");
    phone.file(
        "Databases/msgstore-increment-1-2024-01-01.1.db.crypt15",
        b"changes",
    );
    let names = Phone::with(&[
        NAMES,
        "INSERT INTO wa_contacts (jid, display_name) VALUES ('4915550001@s.whatsapp.net', 'Ana');",
    ]);
    let names = std::fs::read(names.path().join("msgstore.db")).unwrap();
    phone.file("Backups/wa.db.crypt15", &backup.of(&names, false));
    assert!(recognise(&phone.input()).unwrap());
    let told = phone.try_read(&with(&backup.key())).unwrap();
    assert_eq!(told.message("A").content, "x");
    let is_named = told.records.iter().any(|(_, record)| {
        matches!(record, Record::Contact(contact) if contact.display_name.as_deref() == Some("Ana"))
    });
    assert!(
        is_named,
        "the backup of the names has no checksum and is read all the same"
    );
}

#[test]
fn what_lies_open_is_read_before_what_is_encrypted() {
    let phone = Phone::with(&[NEW, PEOPLE, ONE]);
    phone.file(
        "msgstore.db.crypt14",
        &Backup::Crypt14.of(&database(), true),
    );
    assert_eq!(phone.read().messages().len(), 1, "no key is asked for");
}

#[test]
fn what_cannot_be_read_is_refused_in_words() {
    let refused = |name: &str, bytes: &[u8], options: &Options| {
        let phone = empty();
        phone.file(name, bytes);
        let error = phone.try_read(options).unwrap_err();
        (error.to_string(), error)
    };
    let backup = Backup::Crypt15.of(&database(), true);
    let key = with(&Backup::Crypt15.key());
    let (_, error) = refused("msgstore.db.crypt15", &backup, &Options::default());
    assert!(matches!(error, ReadError::NeedsKey), "{error}");
    let (_, error) = refused("msgstore.db.crypt15", &backup, &with(&[1; 32]));
    assert!(matches!(error, ReadError::WrongKey), "{error}");
    let (_, error) = refused("msgstore.db.crypt15", &backup, &with(b"hello"));
    assert!(matches!(error, ReadError::WrongKey), "{error}");
    let (words, _) = refused(
        "msgstore-increment-1-2024-01-01.1.db.crypt15",
        &backup,
        &key,
    );
    assert!(words.contains("only what changed"), "{words}");
    let (words, _) = refused(
        "msgstore.db.crypt15",
        &Backup::Crypt15.packed(b"PK\x03\x04stickers", true),
        &key,
    );
    assert!(words.contains("several files"), "{words}");
    let names = Phone::with(&[NAMES]);
    let names = std::fs::read(names.path().join("msgstore.db")).unwrap();
    let (words, _) = refused(
        "msgstore.db.crypt15",
        &Backup::Crypt15.of(&names, true),
        &key,
    );
    assert!(words.contains("no messages"), "{words}");
    let (words, _) = refused("notes.txt", b"hello", &key);
    assert!(words.contains("no messages"), "{words}");
}
