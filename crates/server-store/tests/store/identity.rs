//! Hidden ids and phone addresses.

use threadkeep_protocol::{
    Contact, ContactRecord, Conversation, MediaRecord, Message, MessageRecord, Participant,
    Receipt, Record,
};

use crate::bed::{
    ANA, ANA_LID, BOB, Bed, GROUP, ME, address, chat, contact, edit, message, mine, participant,
    reaction, read_by, said,
};

fn in_group(id: &str, sender: &str, seconds: i64) -> Record {
    let sender_external_id = Some(sender.to_owned());
    said(MessageRecord {
        sender_external_id,
        ..message(GROUP, id, seconds)
    })
}

#[tokio::test]
async fn what_came_under_the_hidden_id_is_rewritten_with_new_seqs() {
    let bed = Bed::new().await;
    bed.tell([
        in_group("m1", ANA_LID, 1),
        in_group("m2", BOB, 2),
        said(mine(GROUP, "m3", 3)),
        reaction(GROUP, "m2", ANA_LID, "👍", 4),
        read_by(GROUP, "m3", ANA_LID, 5),
        Record::Participant(participant(GROUP, ANA_LID)),
    ])
    .await;
    let before = bed.last_seq().await;
    assert_eq!(bed.tell([address(ANA_LID, ANA)]).await, (1, 0, 0));
    let (one, two) = (bed.message("m1").await, bed.message("m2").await);
    assert_eq!(one.sender_external_id.as_deref(), Some(ANA));
    assert_eq!(two.reactions[0].sender_external_id, ANA);
    let receipt = bed.rows::<Receipt>().await.remove(0);
    assert_eq!(receipt.participant_external_id, ANA);
    let member = bed.rows::<Participant>().await.remove(0);
    assert_eq!(member.external_participant_id, ANA);
    let contact = bed.contact(ANA).await;
    assert_eq!(
        contact.lid.as_deref(),
        Some(ANA_LID),
        "the contact was given its address"
    );
    assert_eq!(contact.phone_number.as_deref(), Some("+491511111111"));
    assert_eq!(member.contact_id, Some(contact.id));
    for seq in [one.seq, two.seq, receipt.seq, member.seq, contact.seq] {
        assert!(seq > before, "each is a change that a reader sees");
    }
    let last = bed.last_seq().await;
    assert_eq!(
        bed.tell([address(ANA_LID, ANA), in_group("m1", ANA_LID, 1)])
            .await,
        (0, 0, 2)
    );
    assert_eq!(bed.last_seq().await, last, "known is known");
    bed.assert_figures_hold().await;
}

#[tokio::test]
async fn an_address_counts_for_the_whole_call_wherever_it_stands_in_it() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA_LID, "m", 1)), address(ANA_LID, ANA)])
        .await;
    assert_eq!(bed.rows::<Conversation>().await.len(), 1);
    assert_eq!(
        bed.message("m").await.sender_external_id.as_deref(),
        Some(ANA)
    );
    assert_eq!(bed.rows::<Contact>().await.len(), 1);
    let late = Bed::new().await;
    let pair = ContactRecord {
        lid: Some(ANA_LID.into()),
        ..contact(ANA)
    };
    late.tell([said(message(ANA_LID, "m", 1)), Record::Contact(pair)])
        .await;
    assert_eq!(
        late.seen().await,
        bed.seen().await,
        "a contact record tells the pair as well"
    );
}

#[tokio::test]
async fn a_conversation_under_the_hidden_id_is_renamed_where_there_is_no_other() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA_LID, "m", 1))]).await;
    let before = bed.conversation(ANA_LID).await;
    bed.tell([address(ANA_LID, ANA)]).await;
    let after = bed.conversation(ANA).await;
    assert_eq!(after.id, before.id, "it is the same row");
    assert!(after.seq > before.seq);
}

#[tokio::test]
async fn two_conversations_of_one_person_become_one() {
    let bed = Bed::new().await;
    let with_file = MessageRecord {
        media: Some(MediaRecord {
            media_type: "image".into(),
            ..Default::default()
        }),
        ..mine(ANA_LID, "both", 2)
    };
    bed.tell([
        said(message(ANA_LID, "hidden", 1)),
        said(with_file),
        edit(ANA_LID, "both", "edited", 9),
        read_by(ANA_LID, "both", ANA_LID, 8),
        said(mine(ANA, "both", 2)),
        said(message(ANA, "open", 3)),
    ])
    .await;
    let hidden = bed
        .rows::<Message>()
        .await
        .into_iter()
        .find(|m| m.external_message_id == "hidden");
    bed.tell([address(ANA_LID, ANA)]).await;

    let (loser, winner) = (bed.conversation(ANA_LID).await, bed.conversation(ANA).await);
    assert_eq!(
        (loser.merged_into, loser.is_deleted),
        (Some(winner.id), true)
    );
    assert_eq!(winner.total_message_count, 3);
    let rows = bed.rows::<Message>().await;
    let moved = rows
        .iter()
        .find(|m| m.external_message_id == "hidden")
        .unwrap();
    assert_eq!(
        Some(moved.id),
        hidden.map(|m| m.id),
        "a moved message keeps its id"
    );
    assert_eq!(moved.conversation_id, winner.id);
    let both: Vec<_> = rows
        .iter()
        .filter(|m| m.external_message_id == "both")
        .collect();
    assert_eq!(both.len(), 2, "a row that was sent is never taken away");
    let (left, kept): (Vec<_>, Vec<_>) = both.into_iter().partition(|m| m.is_deleted);
    assert_eq!(
        (left[0].conversation_id, left[0].content.as_str()),
        (loser.id, "")
    );
    assert_eq!(
        (kept[0].conversation_id, kept[0].content.as_str()),
        (winner.id, "edited")
    );
    let media = bed.rows::<threadkeep_protocol::Media>().await.remove(0);
    assert_eq!(media.message_id, kept[0].id, "the file went with it");
    let receipt = bed
        .rows::<Receipt>()
        .await
        .into_iter()
        .find(|r| r.read_at.is_some())
        .unwrap();
    assert_eq!(
        (receipt.message_id, receipt.participant_external_id.as_str()),
        (kept[0].id, ANA)
    );

    let last = bed.last_seq().await;
    bed.tell([
        said(message(ANA_LID, "hidden", 1)),
        Record::Conversation(chat(ANA_LID)),
    ])
    .await;
    assert_eq!(
        bed.last_seq().await,
        last,
        "what comes under the hidden id is the open chat's now"
    );
    bed.assert_figures_hold().await;
}

#[tokio::test]
async fn two_contacts_of_one_person_become_one_that_knows_what_either_did() {
    let bed = Bed::new().await;
    let named = |address: &str, name: &str| {
        Record::Contact(ContactRecord {
            display_name: Some(name.into()),
            ..contact(address)
        })
    };
    let busy = ContactRecord {
        about: Some("busy".into()),
        ..contact(ANA_LID)
    };
    bed.tell([
        named(ANA_LID, "Hidden"),
        named(ANA, "Open"),
        Record::Contact(busy),
    ])
    .await;
    bed.tell([address(ANA_LID, ANA)]).await;
    let (loser, winner) = (bed.contact(ANA_LID).await, bed.contact(ANA).await);
    assert_eq!(loser.merged_into, Some(winner.id));
    assert_eq!(
        (winner.display_name.as_deref(), winner.about.as_deref()),
        (Some("Open"), Some("busy"))
    );
    assert_eq!(winner.lid.as_deref(), Some(ANA_LID));
}

#[tokio::test]
async fn somebody_in_a_group_under_both_is_in_it_once() {
    let bed = Bed::new().await;
    bed.tell([
        Record::Participant(participant(GROUP, ANA_LID)),
        Record::Participant(participant(GROUP, ANA)),
    ])
    .await;
    bed.tell([address(ANA_LID, ANA)]).await;
    let rows = bed.rows::<Participant>().await;
    let present: Vec<_> = rows.iter().filter(|row| row.left_at.is_none()).collect();
    assert_eq!((rows.len(), present.len()), (2, 1));
    assert_eq!(present[0].external_participant_id, ANA);
}

#[tokio::test]
async fn the_own_hidden_id_is_me_once_it_is_known() {
    let own_lid = "100000000000000@lid";
    let bed = Bed::new().await;
    bed.tell([
        in_group("m", own_lid, 1),
        reaction(GROUP, "m", own_lid, "👍", 2),
    ])
    .await;
    assert!(!bed.message("m").await.is_from_me, "nobody could know");
    bed.tell([address(own_lid, ME)]).await;
    let row = bed.message("m").await;
    assert!(row.is_from_me);
    assert_eq!(row.sender_external_id, None);
    assert_eq!(row.reactions[0].sender_external_id, "me");
}

#[tokio::test]
async fn a_pair_that_is_none_is_refused() {
    let bed = Bed::new().await;
    let report = bed
        .say([
            address(ANA, BOB),
            address(ANA_LID, ANA_LID),
            address(ANA_LID, ""),
        ])
        .await;
    assert_eq!(
        report.errors.iter().map(|e| e.index).collect::<Vec<_>>(),
        vec![0, 1, 2]
    );
}

#[tokio::test]
async fn what_was_left_behind_in_one_merge_stays_behind_in_the_next() {
    let bed = Bed::new().await;
    bed.tell([
        said(mine(ANA_LID, "m", 1)),
        read_by(ANA_LID, "m", ANA_LID, 5),
        read_by(ANA_LID, "m", ANA, 6),
        said(mine(ANA, "m", 1)),
        read_by(ANA, "m", ANA_LID, 7),
        Record::Participant(participant(ANA_LID, ANA_LID)),
        Record::Participant(participant(ANA_LID, ANA)),
        Record::Participant(participant(ANA, ANA_LID)),
    ])
    .await;
    bed.tell([address(ANA_LID, ANA)]).await;
    let rows = bed.rows::<Receipt>().await;
    let told: Vec<_> = rows.iter().filter(|row| row.read_at.is_some()).collect();
    let winner = bed.conversation(ANA).await;
    let message = bed
        .rows::<Message>()
        .await
        .into_iter()
        .find(|m| m.conversation_id == winner.id);
    let in_chat: Vec<_> = told
        .iter()
        .filter(|row| Some(row.message_id) == message.as_ref().map(|m| m.id))
        .collect();
    assert_eq!(in_chat.len(), 1, "one person read it once");
    assert_eq!(
        in_chat[0].read_at,
        Some(crate::bed::at(5)),
        "at the earliest time that was told"
    );
    let present = bed.rows::<Participant>().await;
    let present = present
        .iter()
        .filter(|row| row.conversation_id == winner.id && row.left_at.is_none());
    assert_eq!(present.count(), 1);
    bed.assert_figures_hold().await;
}
