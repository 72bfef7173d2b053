//! What hangs on a message: the one that it answers, and what others made of it.

use threadkeep_protocol::{ME, MessageReaction, Timestamp};

use super::{Reader, address::is_person, protobuf::Wire, row::Message, select::Column};

/// The id of the message that it answers.
pub(super) fn answered(message: Message<'_>) -> Option<String> {
    if let Some(parent) = message.text(Column::ParentStanza) {
        return Some(parent.into_owned());
    }
    let id = message.wire(Column::Metadata).text(&[5])?;
    let is_id = (8..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    is_id.then(|| id.to_owned())
}

/// Where a quoted message has its words, by its kinds: a text, a text with more to it, the captions of a picture, a
/// film and a document, a contact's name, a place's name and address, the question of a poll.
const QUOTED: [&[u64]; 10] = [
    &[19, 1],
    &[19, 6, 1],
    &[19, 3, 3],
    &[19, 9, 7],
    &[19, 7, 20],
    &[19, 4, 1],
    &[19, 5, 3],
    &[19, 5, 4],
    &[19, 49, 2],
    &[19, 64, 2],
];

/// The words of the message that it answers.
pub(super) fn quoted(message: Message<'_>) -> Option<String> {
    answered(message)?;
    if let Some(text) = message.text(Column::ParentText) {
        return Some(text.into_owned());
    }
    let wire = message.wire(Column::Metadata);
    QUOTED
        .iter()
        .find_map(|path| wire.text(path))
        .map(str::to_owned)
}

/// Reactions: `7.1 {2: who, 3: emoji, 4: milliseconds}` of others and `7.2 {2: emoji, 3: milliseconds}` of the person.
pub(super) fn reactions(message: Message<'_>, reader: &mut Reader<'_>) -> Vec<MessageReaction> {
    let mut reactions = Vec::new();
    let at = |part: Wire<'_>, number| {
        let millis = part.number(number).filter(|millis| *millis > 0);
        millis.map(Timestamp::from_millis)
    };
    for part in message.wire(Column::Info).all(7) {
        for other in part.all(1) {
            match (
                other.text(&[2]).filter(|jid| is_person(jid)),
                other.text(&[3]),
            ) {
                (Some(jid), Some(emoji)) => reactions.push(MessageReaction {
                    sender_external_id: reader.phones.plain(jid),
                    emoji: emoji.to_owned(),
                    at: at(other, 4),
                }),
                (None, Some(_)) => {
                    reader.error(
                        message.place(),
                        "a reaction was left out: nothing says whose it is",
                    );
                }
                _ => {}
            }
        }
        for own in part.all(2) {
            if let Some(emoji) = own.text(&[2]) {
                reactions.push(MessageReaction {
                    sender_external_id: ME.to_owned(),
                    emoji: emoji.to_owned(),
                    at: at(own, 3),
                });
            }
        }
    }
    reactions
}
