//! One message is one, and where it belongs.

use super::*;

#[test]
fn a_message_that_the_app_keeps_twice_is_one() {
    let archive = Archive::new();
    for text in ["Hello", "Hello"] {
        archive.message(&Row {
            text: Some(text),
            ..Row::default()
        });
    }
    archive.message(&Row {
        text: Some("Hello"),
        chat: Some(2),
        member: Some(1),
        ..Row::default()
    });
    let told = archive.read();
    assert_eq!(told.messages().len(), 2, "an id is one of its chat");
    assert_eq!(told.skipped, 1);
}

#[test]
fn two_senders_of_one_id_are_two_and_the_second_is_named() {
    let archive = Archive::new();
    for member in [1, 2] {
        archive.message(&Row {
            text: Some("Hello"),
            chat: Some(2),
            member: Some(member),
            ..Row::default()
        });
    }
    let told = archive.try_read().unwrap();
    assert_eq!(told.messages().len(), 1);
    assert_eq!(
        told.errors,
        ["a message was left out: another one of its chat has its id"]
    );
}

#[test]
fn a_message_without_an_id_is_named_by_what_it_says() {
    let archive = Archive::new();
    for text in ["One", "Two", "One"] {
        archive.message(&Row {
            text: Some(text),
            stanza: None,
            ..Row::default()
        });
    }
    let ids: Vec<_> = archive
        .read()
        .messages()
        .into_iter()
        .map(|message| message.external_message_id)
        .collect();
    assert_eq!(
        ids.len(),
        2,
        "the same thing at the same time is one: {ids:?}"
    );
    let again: Vec<_> = archive
        .read()
        .messages()
        .into_iter()
        .map(|message| message.external_message_id)
        .collect();
    assert_eq!(ids, again, "another copy of the file names it so too");
    assert!(!ids.concat().contains("One"), "an id holds no content");
}

#[test]
fn senders_are_members_partners_or_oneself() {
    let archive = Archive::new();
    let row = Row {
        text: Some("Hi"),
        ..Row::default()
    };
    archive.message(&Row {
        stanza: Some("1"),
        ..row.clone()
    });
    archive.message(&Row {
        stanza: Some("2"),
        is_from_me: true,
        ..row.clone()
    });
    archive.message(&Row {
        stanza: Some("3"),
        chat: Some(2),
        member: Some(2),
        from: Some(GROUP),
        ..row.clone()
    });
    archive.message(&Row {
        stanza: Some("4"),
        chat: Some(2),
        from: Some(BEN),
        ..row.clone()
    });
    archive.message(&Row {
        stanza: Some("5"),
        chat: Some(2),
        from: Some(GROUP),
        ..row
    });
    let senders: Vec<_> = archive
        .read()
        .messages()
        .into_iter()
        .map(|message| (message.external_conversation_id, message.sender_external_id))
        .collect();
    let of = |chat: &str, sender: Option<&str>| (chat.to_owned(), sender.map(str::to_owned));
    assert_eq!(
        senders,
        [
            of(ANA, Some(ANA)),
            of(ANA, None),
            of(GROUP, Some(BEN)),
            of(GROUP, Some(BEN)),
            of(GROUP, None),
        ]
    );
}

#[test]
fn what_is_said_to_everybody_does_not_shadow_the_chat() {
    let archive = Archive::new();
    archive.chat(3, "4915550001@status", "Ana");
    archive.message(&Row {
        text: Some("To you"),
        stanza: Some("1"),
        ..Row::default()
    });
    archive.message(&Row {
        text: Some("To all"),
        stanza: Some("2"),
        chat: Some(3),
        ..Row::default()
    });
    let told = archive.read();
    let messages = told.messages();
    assert_eq!(messages[0].external_conversation_id, ANA);
    assert_eq!(messages[1].external_conversation_id, "status@broadcast");
    assert_eq!(messages[1].sender_external_id.as_deref(), Some(ANA));
    let named_ana = told.records.iter().filter(
        |record| matches!(record, Record::Conversation(chat) if chat.name.as_deref() == Some("Ana")),
    );
    assert_eq!(named_ana.count(), 1, "the status has no name of a person");
}

#[test]
fn a_message_without_a_chat_names_its_other_end_or_is_left_out() {
    let archive = Archive::new();
    archive.message(&Row {
        text: Some("Hi"),
        chat: None,
        from: Some(ANA),
        ..Row::default()
    });
    archive.message(&Row {
        text: Some("Hi"),
        chat: Some(77),
        stanza: Some("2"),
        ..Row::default()
    });
    let told = archive.try_read().unwrap();
    assert_eq!(told.messages()[0].external_conversation_id, ANA);
    assert_eq!(
        told.errors,
        ["a message was left out: it belongs to no chat"]
    );
}

#[test]
fn a_hidden_address_becomes_the_phones_where_a_file_knows_it() {
    let archive = Archive::empty();
    archive.chat(1, ANA_LID, "Ana");
    archive.chat(2, GROUP, "Hiking");
    archive.run(
        "UPDATE ZWACHATSESSION SET ZCONTACTIDENTIFIER = ?1 WHERE Z_PK = 1",
        [ANA],
    );
    archive.run(
        "INSERT INTO ZWAGROUPMEMBER (Z_PK, ZCHATSESSION, ZMEMBERJID, ZISACTIVE) VALUES (1, 2, '200@lid', 1)",
        [],
    );
    let lids = Connection::open(archive.path().join("LID.sqlite")).unwrap();
    lids.execute_batch(
        "CREATE TABLE ZWAZACCOUNT (Z_PK INTEGER PRIMARY KEY, ZIDENTIFIER VARCHAR, ZPHONENUMBER VARCHAR);
         INSERT INTO ZWAZACCOUNT VALUES (1, '200@lid', '4915550002');",
    )
    .unwrap();
    archive.message(&Row {
        text: Some("Hi"),
        ..Row::default()
    });
    archive.message(&Row {
        text: Some("Hi"),
        chat: Some(2),
        member: Some(1),
        ..Row::default()
    });
    let told = archive.read();
    let messages = told.messages();
    assert_eq!(messages[0].external_conversation_id, ANA);
    assert_eq!(messages[1].sender_external_id.as_deref(), Some(BEN));
    let pairs = told
        .records
        .iter()
        .filter(|record| matches!(record, Record::Address(_)));
    assert_eq!(
        pairs.count(),
        2,
        "each pair is told, so that what came before is found"
    );
}
