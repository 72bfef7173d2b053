//! Contacts and participants.

use threadkeep_protocol::{
    Contact, ContactRecord, MessageRecord, Participant, ParticipantRecord, Record, Role, Timestamp,
};

use crate::bed::{ANA, BOB, Bed, GROUP, at, contact, message, mine, participant, said};

fn named(name: &str, seconds: i64) -> Record {
    let id = format!("m{seconds}{name}");
    said(MessageRecord {
        sender_display_name: Some(name.into()),
        ..message(ANA, &id, seconds)
    })
}

fn calls_herself(name: &str) -> Record {
    Record::Contact(ContactRecord {
        push_name: Some(name.into()),
        ..contact(ANA)
    })
}

#[tokio::test]
async fn whoever_writes_becomes_a_contact_by_the_name_they_give_themselves() {
    let bed = Bed::new().await;
    bed.tell([named("Ana", 10), said(mine(BOB, "mine", 11))])
        .await;
    assert_eq!(
        bed.rows::<Contact>().await.len(),
        1,
        "writing to somebody makes no contact"
    );
    let row = bed.contact(ANA).await;
    assert_eq!(row.push_name.as_deref(), Some("Ana"));
    assert_eq!(
        row.display_name, None,
        "the address book says that, not a message"
    );
    assert_eq!(row.phone_number.as_deref(), Some("+491511111111"));
    bed.tell([named("Before", 5)]).await;
    assert_eq!(
        bed.contact(ANA).await.push_name.as_deref(),
        Some("Ana"),
        "an older message"
    );
    bed.tell([named("Anita", 20)]).await;
    assert_eq!(bed.contact(ANA).await.push_name.as_deref(), Some("Anita"));
}

#[tokio::test]
async fn a_name_that_a_contact_record_says_holds_until_a_newer_message_says_another() {
    let bed = Bed::new().await;
    bed.tell([calls_herself("Now"), named("Old", 10)]).await;
    assert_eq!(
        bed.contact(ANA).await.push_name.as_deref(),
        Some("Now"),
        "the message is older"
    );
    let later =
        Timestamp::from_millis(bed.contact(ANA).await.created_at.unwrap().millis() + 60_000);
    let newer = MessageRecord {
        sender_display_name: Some("Later".into()),
        timestamp: later,
        ..message(ANA, "later", 0)
    };
    bed.tell([said(newer)]).await;
    assert_eq!(bed.contact(ANA).await.push_name.as_deref(), Some("Later"));
    assert_eq!(
        bed.tell([calls_herself("Now")]).await,
        (0, 0, 1),
        "a replay undoes nothing"
    );
}

#[tokio::test]
async fn a_contact_record_changes_what_it_says_and_nothing_else() {
    let bed = Bed::new().await;
    let first = ContactRecord {
        display_name: Some("Ana Souza".into()),
        about: Some("busy".into()),
        is_blocked: Some(true),
        ..contact(ANA)
    };
    assert_eq!(bed.tell([Record::Contact(first.clone())]).await, (1, 0, 0));
    let second = ContactRecord {
        display_name: Some("Ana S.".into()),
        ..contact(ANA)
    };
    assert_eq!(bed.tell([Record::Contact(second)]).await, (0, 1, 0));
    let row = bed.contact(ANA).await;
    assert_eq!(
        (row.display_name.as_deref(), row.about.as_deref()),
        (Some("Ana S."), Some("busy"))
    );
    assert!(row.is_blocked);
}

#[tokio::test]
async fn somebody_who_left_stays_a_row_and_may_come_back() {
    let bed = Bed::new().await;
    let leaves = || {
        let record = ParticipantRecord {
            has_left: Some(true),
            ..participant(GROUP, ANA)
        };
        Record::Participant(record)
    };
    let admin = ParticipantRecord {
        role: Some(Role::Admin),
        ..participant(GROUP, ANA)
    };
    assert_eq!(
        bed.tell([Record::Participant(admin), leaves()]).await,
        (1, 1, 0)
    );
    let left = bed.rows::<Participant>().await.remove(0);
    assert_eq!(left.role, Role::Admin);
    assert!(
        left.left_at.is_some(),
        "the clock's time, since nobody told one"
    );
    assert_eq!(
        bed.tell([leaves()]).await,
        (0, 0, 1),
        "leaving twice is leaving once"
    );
    assert_eq!(bed.rows::<Participant>().await, vec![left]);
    let told = ParticipantRecord {
        left_at: Some(at(7)),
        ..participant(GROUP, ANA)
    };
    bed.tell([Record::Participant(told)]).await;
    assert_eq!(bed.rows::<Participant>().await[0].left_at, Some(at(7)));
    let back = ParticipantRecord {
        has_left: Some(false),
        ..participant(GROUP, ANA)
    };
    bed.tell([Record::Participant(back)]).await;
    assert_eq!(bed.rows::<Participant>().await[0].left_at, None);
}

#[tokio::test]
async fn a_participant_is_tied_to_the_contact_whichever_comes_first() {
    let bed = Bed::new().await;
    bed.tell([Record::Participant(participant(GROUP, ANA))])
        .await;
    let alone = bed.rows::<Participant>().await.remove(0);
    assert_eq!(alone.contact_id, None);
    bed.tell([Record::Contact(contact(ANA)), Record::Contact(contact(BOB))])
        .await;
    bed.tell([Record::Participant(participant(GROUP, BOB))])
        .await;
    for row in bed.rows::<Participant>().await {
        let contact = bed.contact(&row.external_participant_id).await;
        assert_eq!(row.contact_id, Some(contact.id));
        assert!(
            row.seq > alone.seq,
            "being tied is a change that a reader sees"
        );
    }
}
