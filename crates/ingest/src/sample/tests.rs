use std::collections::{BTreeMap, BTreeSet, HashMap};

use threadkeep_protocol::{ConversationRecord, Jid, MessageKind, MessageRecord};

use super::*;

fn messages(records: &[Record]) -> impl Iterator<Item = &MessageRecord> {
    records.iter().filter_map(|record| match record {
        Record::Message(message) => Some(&**message),
        _ => None,
    })
}

fn chats(records: &[Record]) -> impl Iterator<Item = &ConversationRecord> {
    records.iter().filter_map(|record| match record {
        Record::Conversation(chat) => Some(chat),
        _ => None,
    })
}

#[test]
fn the_same_seed_gives_the_same_records_and_another_gives_others() {
    assert!(sample(7) == sample(7));
    assert!(sample(7) != sample(8));
}

#[test]
fn it_is_about_20_chats_and_20_000_messages_over_six_years() {
    let records = sample(1);
    let count = messages(&records).count();
    assert!((19_000..=21_000).contains(&count), "{count} messages");
    let count = chats(&records).count();
    assert!((18..=24).contains(&count), "{count} chats");
    let times: Vec<_> = messages(&records)
        .map(|message| message.timestamp)
        .collect();
    assert!(times.is_sorted(), "oldest first");
    let (first, last) = (times[0].to_string(), times[times.len() - 1].to_string());
    assert!(
        first.starts_with("2020-11") && last.starts_with("2026-10-31"),
        "{first} to {last}"
    );
}

#[test]
fn every_answer_points_to_an_earlier_message_of_the_same_chat() {
    let records = sample(2);
    let mut seen: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    let mut answers = 0;
    for message in messages(&records) {
        let chat = seen.entry(&message.external_conversation_id).or_default();
        if let Some(answered) = &message.reply_to_external_id {
            assert!(
                chat.contains(answered.as_str()),
                "{answered} comes before its answer"
            );
            answers += 1;
        }
        assert!(
            chat.insert(&message.external_message_id),
            "ids are unique in a chat"
        );
    }
    assert!(answers > 500, "{answers} answers");
}

#[test]
fn everything_that_can_happen_happens() {
    let records = sample(3);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for message in messages(&records) {
        *kinds.entry(message.message_type.name()).or_default() += 1;
    }
    assert_eq!(kinds.len(), MessageKind::ALL.len(), "{kinds:?}");
    let has = |what: &dyn Fn(&Record) -> bool| records.iter().filter(|record| what(record)).count();
    assert!(has(&|record| matches!(record, Record::Edit(_))) > 50);
    assert!(has(&|record| matches!(record, Record::Revoke(_))) > 20);
    assert!(has(&|record| matches!(record, Record::Reaction(_))) > 10);
    assert!(has(&|record| matches!(record, Record::Address(_))) > 5);
    assert!(has(&|record| matches!(record, Record::Participant(_))) > 20);
    let of_messages = |what: &dyn Fn(&MessageRecord) -> bool| {
        messages(&records).filter(|message| what(message)).count()
    };
    assert!(of_messages(&|message| !message.reactions.is_empty()) > 500);
    assert!(of_messages(&|message| !message.receipts.is_empty()) > 500);
    assert!(of_messages(&|message| message.is_starred == Some(true)) > 20);
    assert!(of_messages(&|message| message.is_forwarded == Some(true)) > 5);
    assert!(of_messages(&|message| !message.is_from_me) > 8_000);
    assert!(of_messages(&|message| message.is_from_me) > 5_000);
}

#[test]
fn chats_are_pinned_archived_muted_and_unread_as_they_say() {
    let records = sample(4);
    assert!(chats(&records).any(|chat| chat.is_pinned == Some(true)));
    assert!(chats(&records).any(|chat| chat.is_archived == Some(true)));
    assert!(chats(&records).any(|chat| chat.is_muted == Some(true)));
    let mut unread = 0;
    for chat in chats(&records) {
        let id = &chat.external_conversation_id;
        let of_chat: Vec<_> = messages(&records)
            .filter(|message| message.external_conversation_id == *id)
            .collect();
        let count = chat.unread_count.unwrap_or_default() as usize;
        let waiting = &of_chat[of_chat.len() - count..];
        assert!(
            waiting.iter().all(|message| !message.is_from_me),
            "{id}: one's own are read"
        );
        assert_eq!(
            chat.last_activity_at,
            of_chat.last().map(|message| message.timestamp)
        );
        unread += usize::from(count > 0);
    }
    assert!(unread >= 2, "{unread} chats wait to be read");
}

#[test]
fn no_slot_is_left_open_and_no_mark_is_left_over() {
    for message in messages(&sample(5)) {
        let text = &message.content;
        let is_clean = !text.contains(['{', '}', '\u{fffd}'])
            && !text.starts_with('[')
            && !text.contains(" | ");
        assert!(is_clean, "{text:?}");
        let speaks = message.message_type != MessageKind::Text || !text.is_empty();
        assert!(speaks, "a text says something");
    }
}

#[test]
fn people_seldom_say_the_same_long_sentence_twice_in_a_row() {
    let records = sample(6);
    let mut last: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut repeated = 0;
    for message in messages(&records).filter(|message| message.content.chars().count() > 25) {
        let said = last.entry(&message.external_conversation_id).or_default();
        repeated += usize::from(
            said.iter()
                .rev()
                .take(8)
                .any(|text| *text == message.content),
        );
        said.push(&message.content);
    }
    assert!(
        repeated < 100,
        "{repeated} sentences came again within eight"
    );
}

#[test]
fn senders_are_contacts_and_own_messages_have_none() {
    let records = sample(7);
    let contacts: BTreeSet<_> = records
        .iter()
        .filter_map(|record| match record {
            Record::Contact(contact) => Some(contact.external_contact_id.as_str()),
            _ => None,
        })
        .collect();
    for message in messages(&records) {
        match &message.sender_external_id {
            None => assert!(message.is_from_me, "somebody said it"),
            Some(sender) => {
                let is_channel = Jid::new(sender).server() == "newsletter";
                assert!(is_channel || contacts.contains(sender.as_str()), "{sender}");
            }
        }
        assert_eq!(message.is_from_me, message.delivery_status.is_some());
    }
}

#[test]
fn bulk_gives_as_many_messages_as_it_is_asked_for_in_ascending_time() {
    for (count, expected_chats) in [(0, 1), (1, 1), (10, 1), (2_000, 10)] {
        let records: Vec<Record> = bulk(1, count).collect();
        assert_eq!(messages(&records).count(), count);
        assert_eq!(chats(&records).count(), expected_chats);
        assert!(
            messages(&records)
                .map(|message| message.timestamp)
                .is_sorted()
        );
        let ids: BTreeSet<_> = messages(&records)
            .map(|message| &message.external_message_id)
            .collect();
        assert_eq!(ids.len(), count, "ids are unique");
    }
}

#[test]
fn bulk_texts_have_33_words_and_many_scripts() {
    let records: Vec<Record> = bulk(2, 2_000).collect();
    assert!(
        records == bulk(2, 2_000).collect::<Vec<_>>(),
        "the same seed gives the same"
    );
    let (mut words, mut latin, mut chinese) = (0, 0, 0);
    for message in messages(&records) {
        if message
            .content
            .chars()
            .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
        {
            chinese += 1;
        } else {
            latin += 1;
            words += message.content.split(' ').count();
        }
    }
    assert!(
        (30..=37).contains(&(words / latin)),
        "{} words",
        words / latin
    );
    assert!((100..400).contains(&chinese), "{chinese} in Chinese");
}
