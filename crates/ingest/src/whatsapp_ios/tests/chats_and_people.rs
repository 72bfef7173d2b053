use threadkeep_protocol::{ContactRecord, ParticipantRecord, Role};

use super::*;

fn contacts(told: &Told) -> Vec<&ContactRecord> {
    let contacts = told.records.iter().filter_map(|record| match record {
        Record::Contact(contact) => Some(contact),
        _ => None,
    });
    contacts.collect()
}

fn participants(told: &Told) -> Vec<&ParticipantRecord> {
    let participants = told.records.iter().filter_map(|record| match record {
        Record::Participant(participant) => Some(participant),
        _ => None,
    });
    participants.collect()
}

#[test]
fn chats_have_names_times_and_no_state_of_a_phone() {
    let archive = Archive::empty();
    archive.chat(1, ANA, "\u{200e}Ana");
    archive.chat(2, GROUP, "Hiking");
    archive.chat(3, BEN, "\u{202a}+49\u{a0}155 50002\u{202c}");
    archive.chat(4, "120363000000000002@newsletter", "News");
    archive.run(
        "UPDATE ZWACHATSESSION SET ZUNREADCOUNT = 5, ZARCHIVED = 1, ZREMOVED = 1",
        [],
    );
    archive.run(
        "UPDATE ZWACHATSESSION SET ZLASTMESSAGEDATE = 220903977600.0 WHERE Z_PK = 3",
        [],
    );
    archive.run(
        "INSERT INTO ZWAGROUPINFO (Z_PK, ZCREATIONDATE, ZOWNERJID) VALUES (9, ?1, ?2)",
        params![AT, ANA],
    );
    archive.run(
        "UPDATE ZWACHATSESSION SET ZGROUPINFO = 9 WHERE Z_PK = 2",
        [],
    );
    insta::assert_json_snapshot!(archive.read().records);
}

#[test]
fn the_address_book_comes_last_and_names_people() {
    let archive = Archive::new();
    archive.run(
        "UPDATE ZWAGROUPMEMBER SET ZCONTACTNAME = 'Benno' WHERE Z_PK = 2",
        [],
    );
    archive.run(
        "INSERT INTO ZWAPROFILEPUSHNAME (ZJID, ZPUSHNAME) VALUES (?1, 'annie')",
        [ANA],
    );
    let book = Connection::open(archive.path().join("ContactsV2.sqlite")).unwrap();
    book.execute_batch(
        "CREATE TABLE ZWAADDRESSBOOKCONTACT (Z_PK INTEGER PRIMARY KEY, ZWHATSAPPID VARCHAR, ZLID VARCHAR,
            ZFULLNAME VARCHAR, ZGIVENNAME VARCHAR, ZLASTNAME VARCHAR, ZBUSINESSNAME VARCHAR, ZABOUTTEXT VARCHAR);
         INSERT INTO ZWAADDRESSBOOKCONTACT VALUES
            (1, '4915550001@s.whatsapp.net', '100000000000001@lid', 'Ana Arden', 'Ana', 'Arden', NULL, 'Busy'),
            (2, '4915550002', NULL, 'Ben', 'Ben', '', 'Ben''s Bikes', NULL),
            (3, NULL, NULL, 'Nobody', NULL, NULL, NULL, NULL);",
    )
    .unwrap();
    let told = archive.read();
    insta::assert_json_snapshot!(contacts(&told));
    assert_eq!(
        told.skipped, 1,
        "who has no account is nobody on the platform"
    );
}

#[test]
fn a_member_with_two_rows_is_in_when_one_says_so() {
    let archive = Archive::empty();
    archive.chat(2, GROUP, "Hiking");
    archive.chat(3, ANA_LID, "Ana");
    archive.run(
        "UPDATE ZWACHATSESSION SET ZCONTACTIDENTIFIER = ?1 WHERE Z_PK = 3",
        [ANA],
    );
    archive.run(
        "INSERT INTO ZWAGROUPINFO (Z_PK, ZCREATORJID) VALUES (9, ?1)",
        [BEN],
    );
    archive.run(
        "UPDATE ZWACHATSESSION SET ZGROUPINFO = 9 WHERE Z_PK = 2",
        [],
    );
    for (jid, is_active, is_admin) in [
        (ANA, 1, 0),
        (ANA_LID, 0, 0),
        (BEN, 1, 1),
        ("4915550003@s.whatsapp.net", 0, 0),
    ] {
        archive.run(
            "INSERT INTO ZWAGROUPMEMBER (ZCHATSESSION, ZMEMBERJID, ZISACTIVE, ZISADMIN) VALUES (2, ?1, ?2, ?3)",
            params![jid, is_active, is_admin],
        );
    }
    let told = archive.read();
    let said = |who: &str| {
        let mut all = participants(&told)
            .into_iter()
            .filter(|one| one.external_participant_id == who);
        all.next_back()
            .map(|one| (one.has_left, one.role))
            .expect("they are told")
    };
    assert_eq!(
        said(ANA),
        (Some(false), Some(Role::Member)),
        "the last word is that she is in"
    );
    assert_eq!(
        said(BEN),
        (None, Some(Role::Owner)),
        "nothing says that he was ever away"
    );
    assert_eq!(
        said("4915550003@s.whatsapp.net"),
        (Some(true), Some(Role::Member))
    );
}

#[test]
fn members_of_a_list_are_no_members_of_a_group() {
    let archive = Archive::empty();
    archive.chat(1, "1600000000@broadcast", "List");
    archive.run(
        "INSERT INTO ZWAGROUPMEMBER (ZCHATSESSION, ZMEMBERJID, ZCONTACTNAME) VALUES (1, ?1, 'Ana')",
        [ANA],
    );
    let told = archive.read();
    assert_eq!(participants(&told), Vec::<&ParticipantRecord>::new());
    assert_eq!(
        contacts(&told)[0].display_name.as_deref(),
        Some("Ana"),
        "but they have names"
    );
}
