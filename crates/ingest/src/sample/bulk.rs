//! Many cheap messages, for measuring.

use threadkeep_protocol::{
    ConversationKind, ConversationRecord, DeliveryStatus, MessageKind, MessageRecord, Record,
    SyncSource, Timestamp,
};

use super::random::Random;

/// Messages of a chat, on average.
const MESSAGES_IN_A_CHAT: usize = 200;
const VOCABULARY: usize = 1 << 14;
/// 2010-01-01, in seconds since 1970.
const BEGINNING: i64 = 1_262_304_000;
/// Sixteen years.
const SPAN: i64 = 16 * 365 * 86_400;

/// Made-up chats, then `count` messages in them, oldest first: about 33 words each, a few words often and
/// most words rarely, as in any language; most in Latin letters, some with accents, Cyrillic or emoji,
/// some in Chinese characters.
pub fn bulk(seed: u64, count: usize) -> impl Iterator<Item = Record> {
    let chats = (count / MESSAGES_IN_A_CHAT).max(1);
    let mut random = Random::new(seed);
    let words: Vec<String> = (0..VOCABULARY).map(|_| word(&mut random)).collect();
    let opening = (0..chats).map(|chat| {
        Record::Conversation(ConversationRecord {
            external_conversation_id: address(chat),
            conversation_type: Some(ConversationKind::Direct),
            name: Some(format!("Chat {chat}")),
            ..ConversationRecord::default()
        })
    });
    opening.chain((0..count).map(move |place| {
        let chat = if place < chats {
            place
        } else {
            random.below(chats)
        };
        let seconds = BEGINNING + (SPAN as i128 * place as i128 / count as i128) as i64;
        Record::Message(Box::new(message(place, chat, seconds, &words, &mut random)))
    }))
}

fn address(chat: usize) -> String {
    format!("1202555{chat:07}@s.whatsapp.net")
}

fn message(
    place: usize,
    chat: usize,
    seconds: i64,
    words: &[String],
    random: &mut Random,
) -> MessageRecord {
    let is_from_me = random.chance(450);
    MessageRecord {
        external_conversation_id: address(chat),
        external_message_id: format!("B{place:011X}{:08X}", random.next() as u32),
        sender_external_id: (!is_from_me).then(|| address(chat)),
        sender_display_name: None,
        message_type: MessageKind::Text,
        content: text(words, random),
        timestamp: Timestamp::from_seconds(seconds),
        is_from_me,
        is_forwarded: None,
        is_starred: None,
        is_deleted: None,
        deleted_at: None,
        edited_at: None,
        edits: Vec::new(),
        reply_to_external_id: None,
        reply_to_preview: None,
        delivery_status: is_from_me.then_some(DeliveryStatus::Read),
        reactions: Vec::new(),
        receipts: Vec::new(),
        media: None,
        sync_source: SyncSource::HistorySync,
        is_loose: false,
        platform_metadata: None,
    }
}

fn text(words: &[String], random: &mut Random) -> String {
    let count = 5 + random.below(57);
    let kind = random.below(100);
    let mut text = String::with_capacity(count * 7);
    for place in 0..count {
        if kind < 10 {
            // Chinese: characters without spaces, from the thousand most common by code point.
            let character = 0x4e00 + zipf(2_500, random) as u32;
            text.extend(char::from_u32(character));
            continue;
        }
        if place > 0 {
            text.push(' ');
        }
        text.push_str(&words[zipf(words.len(), random)]);
        if kind < 25 && random.chance(150) {
            text.push_str(random.pick(&[
                " café",
                " übermorgen",
                " спасибо",
                " привет",
                " 👍",
                " señor",
            ]));
        }
    }
    text
}

/// A rank below `end`, by Zipf's law as far as integers need it: half of all draws fall into the first
/// square root of the ranks.
fn zipf(end: usize, random: &mut Random) -> usize {
    let bits = end.ilog2() as usize;
    let width = random.below(bits + 1);
    let low = (1 << width) >> 1;
    low + random.below((1_usize << width).div_ceil(2).min(end - low))
}

fn word(random: &mut Random) -> String {
    const HEADS: [&str; 16] = [
        "b", "br", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v",
    ];
    const HEARTS: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ou", "ea"];
    const TAILS: [&str; 8] = ["", "", "", "n", "r", "s", "l", "nd"];
    let mut word = String::new();
    for _ in 0..1 + random.below(3) {
        word.push_str(random.pick(&HEADS));
        word.push_str(random.pick(&HEARTS));
        word.push_str(random.pick(&TAILS));
    }
    word
}
