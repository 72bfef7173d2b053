//! Files that somebody made to harm, and those that time has harmed.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

#[rstest::rstest]
#[case::view("CREATE VIEW ZWAMESSAGE AS SELECT 1 AS Z_PK, 1 AS ZCHATSESSION, 'x' AS ZTEXT")]
#[case::virtual_table("CREATE VIRTUAL TABLE ZWAMESSAGE USING fts5(Z_PK, ZCHATSESSION, ZTEXT)")]
#[case::nothing("CREATE TABLE other (Z_PK INTEGER)")]
fn what_is_no_plain_table_is_not_read(#[case] sql: &str) {
    let archive = Archive::empty();
    archive.db.execute_batch("DROP TABLE ZWAMESSAGE").unwrap();
    // Not every build of SQLite knows every kind of table; without it there is nothing to refuse.
    if archive.db.execute_batch(sql).is_err() {
        return;
    }
    let error = archive.try_read().unwrap_err();
    assert_eq!(
        error.to_string(),
        "ChatStorage.sqlite is damaged, or no ChatStorage.sqlite after all"
    );
}

#[test]
fn a_generated_column_is_a_program_and_is_not_read() {
    let archive = Archive::new();
    archive
        .db
        .execute_batch(
            "DROP TABLE ZWAPROFILEPUSHNAME;
         CREATE TABLE ZWAPROFILEPUSHNAME (ZJID TEXT, ZPUSHNAME TEXT AS (hex(zeroblob(1000))));
         INSERT INTO ZWAPROFILEPUSHNAME (ZJID) VALUES ('4915550001@s.whatsapp.net');",
        )
        .unwrap();
    let told = archive.read();
    let names = told
        .records
        .iter()
        .filter(|record| matches!(record, Record::Contact(_)));
    assert_eq!(names.count(), 0, "nothing was computed");
}

#[test]
fn an_old_schema_costs_what_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(folder.path().join("ChatStorage.sqlite")).unwrap();
    db.execute_batch(
        "CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZCONTACTJID VARCHAR);
         CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZTEXT VARCHAR, ZSTANZAID VARCHAR);
         INSERT INTO ZWACHATSESSION VALUES (1, '4915550001@s.whatsapp.net');
         INSERT INTO ZWAMESSAGE VALUES (1, 1, 'Hello', 'A1');",
    )
    .unwrap();
    let told = read_at(folder.path(), &Options::default()).unwrap();
    assert_eq!(told.messages()[0].content, "Hello");
}

#[test]
fn values_of_the_wrong_type_are_read_as_far_as_they_make_sense() {
    let archive = Archive::new();
    let media = archive.media(
        "ZTITLE, ZFILESIZE, ZLATITUDE, ZMOVIEDURATION, ZMETADATA, ZMEDIALOCALPATH",
        params![
            vec![0xff_u8, 0xfe],
            "many",
            "300",
            -5,
            7,
            "../../etc/passwd"
        ],
    );
    archive.message(&Row {
        kind: 2,
        media: Some(media),
        ..Row::default()
    });
    archive.run(
        "UPDATE ZWAMESSAGE SET ZMESSAGEDATE = 'x', ZISFROMME = '0', ZSTARRED = 'yes', ZFLAGS = 9e99,
            ZGROUPMEMBER = 'one', ZMESSAGEINFO = x'00'",
        [],
    );
    let message = archive.one();
    assert_eq!(message.content, "\u{fffd}\u{fffd}");
    assert_eq!(
        message.timestamp.millis(),
        0,
        "a message without a time keeps its place"
    );
    let media = message.media.expect("it is a file");
    assert_eq!(
        (media.file_size, media.width, media.duration),
        (None, Some(300), None)
    );
}

#[test]
fn a_damaged_neighbour_costs_its_names() {
    let archive = Archive::new();
    archive.message(&Row {
        text: Some("Hi"),
        ..Row::default()
    });
    for name in ["ContactsV2.sqlite", "LID.sqlite"] {
        fs::write(
            archive.path().join(name),
            b"SQLite format 3\0 and then no more",
        )
        .unwrap();
    }
    let told = archive.try_read().unwrap();
    assert_eq!(told.messages().len(), 1);
    assert_eq!(
        told.errors,
        [
            "ContactsV2.sqlite was left out: it is damaged",
            "LID.sqlite was left out: it is damaged",
        ]
    );
}

#[test]
fn reasons_hold_nothing_of_what_is_in_the_file() {
    let archive = Archive::new();
    let info = archive.info(&field(7, field(1, field(3, "secret"))));
    archive.message(&Row {
        text: Some("secret"),
        info: Some(info),
        ..Row::default()
    });
    archive.message(&Row {
        text: Some("secret"),
        is_from_me: true,
        ..Row::default()
    });
    archive.message(&Row {
        text: Some("secret"),
        chat: Some(99),
        ..Row::default()
    });
    archive.run(
        "INSERT INTO ZWACHATSESSION (Z_PK, ZCONTACTJID) VALUES (50, 'secret')",
        [],
    );
    let told = archive.try_read().unwrap();
    insta::assert_json_snapshot!(told.errors);
}

/// A file with something of everything.
static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let archive = Archive::new();
    for kind in 0..70 {
        let stanza = format!("3A{kind:04}");
        let media = archive.media(
            "ZTITLE, ZFILESIZE, ZVCARDNAME, ZVCARDSTRING, ZMETADATA",
            params![
                "title",
                5,
                "name",
                "a/b",
                [field(5, "3A0000AA"), field(19, field(1, "quoted"))].concat()
            ],
        );
        let info = archive.info(&field(
            7,
            field(1, [field(2, ANA), field(3, "x"), number(4, 9)].concat()),
        ));
        let (event, chat) = (kind, 1 + kind % 2);
        archive.message(&Row {
            kind,
            event,
            chat: Some(chat),
            member: (chat == 2).then_some(1),
            text: Some("text"),
            stanza: Some(&stanza),
            media: Some(media),
            info: Some(info),
            ..Row::default()
        });
    }
    archive.db.execute_batch("VACUUM").unwrap();
    fs::read(archive.path().join("ChatStorage.sqlite")).unwrap()
});

fn read_bytes(bytes: &[u8]) -> Result<Told, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ChatStorage.sqlite");
    fs::write(&path, bytes).unwrap();
    read_at(&path, &Options::default())
}

#[test]
fn pages_that_refer_to_each_other_come_to_an_end() {
    let size = 4096;
    for page in 1..BYTES.len() / size {
        // Each page becomes an interior one whose children are all pages of the file, itself among them.
        let mut bytes = BYTES.clone();
        let body = &mut bytes[page * size..(page + 1) * size];
        body.fill(0);
        body[0] = 5;
        body[3..5].copy_from_slice(&200_u16.to_be_bytes());
        body[8..12].copy_from_slice(&(page as u32 + 1).to_be_bytes());
        for cell in 0..200_usize {
            let at = size - 5 * (cell + 1);
            body[12 + 2 * cell..14 + 2 * cell].copy_from_slice(&(at as u16).to_be_bytes());
            let child = (cell % (BYTES.len() / size)) as u32 + 1;
            body[at..at + 4].copy_from_slice(&child.to_be_bytes());
            body[at + 4] = cell as u8 & 0x7f;
        }
        let _ = read_bytes(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_mutated_file_is_read_or_refused(
        changes in proptest::collection::vec((0..BYTES.len(), any::<u8>()), 1..40),
        end in proptest::option::of(0..BYTES.len()),
    ) {
        let mut bytes = BYTES.clone();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        bytes.truncate(end.unwrap_or(bytes.len()));
        if let Ok(told) = read_bytes(&bytes) {
            prop_assert!(told.messages().len() <= bytes.len(), "no more messages than bytes");
        }
    }
}
