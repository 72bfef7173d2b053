//! A chat written out: its talks laid over time, and what happened to each message.

use threadkeep_protocol::{
    ConversationKind, ConversationRecord, DeliveryStatus, Edit, ME as MYSELF, MessageKind,
    MessageReaction, MessageRecord, ParticipantRecord, ReactionRecord, ReceiptTimes, Record,
    Revoke, Role, SyncSource, Timestamp, preview,
};

use super::{
    calendar::{LAST_DAY, at_hours, beginnings, pause},
    cast::{Plan, State},
    people::{self, ME, Person},
    random::Random,
    talk::{Said, Talker},
    things,
};

/// What is newer than this came live, in seconds since 1970.
const LIVE_SINCE: i64 = (LAST_DAY - 30) * 86_400;

/// A message and what happened to it later.
pub(super) struct Line {
    message: MessageRecord,
    later: Vec<Record>,
}

impl Line {
    pub(super) fn order(&self) -> (Timestamp, &str) {
        (self.message.timestamp, &self.message.external_message_id)
    }

    pub(super) fn into_records(self) -> impl Iterator<Item = Record> {
        std::iter::once(Record::Message(Box::new(self.message))).chain(self.later)
    }
}

/// The chat itself and its members.
pub(super) fn opening(plan: &Plan, lines: &[Line]) -> Vec<Record> {
    let people = people::all();
    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let named = plan
        .others
        .first()
        .map_or("", |person| people[*person].saved_as);
    let name = if plan.name.is_empty() {
        named
    } else {
        plan.name
    };
    let unread = lines
        .iter()
        .rev()
        .take_while(|line| !line.message.is_from_me);
    let unread = (plan.state == State::Unread).then(|| unread.count() as i64);
    let mut records = vec![Record::Conversation(ConversationRecord {
        external_conversation_id: address(plan, &people),
        conversation_type: Some(plan.kind),
        name: told(name),
        description: told(plan.description),
        is_archived: Some(plan.state == State::Archived),
        is_pinned: Some(plan.state == State::Pinned),
        is_muted: Some(plan.state == State::Muted),
        unread_count: Some(unread.unwrap_or_default()),
        last_activity_at: lines.last().map(|line| line.message.timestamp),
        history_complete: Some(true),
        ..ConversationRecord::default()
    })];
    if plan.kind == ConversationKind::Group {
        let members = plan.others.iter().chain([&ME]);
        records.extend(members.enumerate().map(|(place, person)| {
            let role = match place {
                0 => Role::Owner,
                1 => Role::Admin,
                _ => Role::Member,
            };
            Record::Participant(ParticipantRecord {
                external_conversation_id: address(plan, &people),
                external_participant_id: people[*person].address(),
                role: Some(role),
                joined_at: Some(Timestamp::from_seconds(plan.days.0 * 86_400)),
                ..ParticipantRecord::default()
            })
        }));
    }
    records
}

/// The messages of a chat, oldest first.
pub(super) fn written(plan: &Plan, random: &mut Random) -> Vec<Line> {
    let people = people::all();
    let mut writer = Writer {
        plan,
        conversation: address(plan, &people),
        people: &people,
        now: plan.days.0 * 86_400 + 28_800,
        lines: Vec::new(),
    };
    if plan.kind == ConversationKind::Group {
        writer.group_begins(random);
    }
    let mut talker = Talker::new(plan.texts, &people, plan.others);
    let (mut talks, mut said) = (Vec::new(), writer.lines.len());
    while said < plan.messages {
        let talk = talker.next(random);
        said += talk.said.len();
        talks.push(talk);
    }
    let beginnings = beginnings(talks.len(), plan.days, plan.rhythm, random);
    for (talk, beginning) in talks.iter().zip(beginnings) {
        let beginning = match talk.hours {
            Some(hours) => at_hours(beginning, hours, random),
            None => beginning,
        };
        writer.now = beginning.max(writer.now + 45);
        writer.talk(&talk.said, random);
    }
    writer.lines
}

fn address(plan: &Plan, people: &[Person]) -> String {
    match plan.others.first() {
        Some(person) if plan.kind == ConversationKind::Direct => people[*person].address(),
        _ => plan.id.to_owned(),
    }
}

struct Writer<'a> {
    plan: &'a Plan,
    conversation: String,
    people: &'a [Person],
    now: i64,
    lines: Vec<Line>,
}

impl Writer<'_> {
    /// The lines that the platform writes into a new group.
    fn group_begins(&mut self, random: &mut Random) {
        let owner = self.plan.others[0];
        let members = self.plan.others[1..].iter().chain([&ME]);
        let added: Vec<&str> = members
            .map(|person| self.people[*person].push_name)
            .collect();
        for words in [
            format!("The group “{}” was created", self.plan.name),
            format!("{} was added", added.join(", ")),
        ] {
            let mut message = self.message(owner, random);
            message.message_type = MessageKind::System;
            message.content = words;
            self.lines.push(Line {
                message,
                later: Vec::new(),
            });
            self.now += 3;
        }
    }

    fn talk(&mut self, talk: &[Said], random: &mut Random) {
        let first = self.lines.len();
        for said in talk {
            let mut message = self.message(said.by, random);
            let thing = things::read(&said.text, random);
            message.message_type = thing.kind;
            message.content = thing.content;
            message.media = thing.media;
            message.platform_metadata = thing.metadata;
            message.is_forwarded = said.is_forwarded.then_some(true);
            message.is_starred = random.chance(6).then_some(true);
            if let Some(answered) = said.answers.map(|place| &self.lines[first + place].message) {
                let text = preview(&answered.content);
                message.reply_to_external_id = Some(answered.external_message_id.clone());
                message.reply_to_preview = (!text.is_empty()).then_some(text);
            }
            let later = self.later(&mut message, said.by, random);
            self.lines.push(Line { message, later });
            self.now += pause(random);
        }
    }

    /// A message with all that does not depend on what is said.
    fn message(&self, by: usize, random: &mut Random) -> MessageRecord {
        let is_from_me = by == ME;
        let is_live = self.now >= LIVE_SINCE;
        let prefix = if is_from_me { "3EB0" } else { "3A" };
        let sender = self.people.get(by);
        let receipts = if is_from_me && self.plan.kind == ConversationKind::Group {
            self.receipts(random)
        } else {
            Vec::new()
        };
        MessageRecord {
            external_conversation_id: self.conversation.clone(),
            external_message_id: format!("{prefix}{:016X}", random.next()),
            // A channel speaks for itself.
            sender_external_id: (!is_from_me)
                .then(|| sender.map_or_else(|| self.conversation.clone(), Person::address)),
            sender_display_name: sender
                .filter(|_| !is_from_me)
                .map(|person| person.push_name.to_owned()),
            message_type: MessageKind::Text,
            content: String::new(),
            timestamp: Timestamp::from_seconds(self.now),
            is_from_me,
            is_forwarded: None,
            is_starred: None,
            is_deleted: None,
            deleted_at: None,
            edited_at: None,
            edits: Vec::new(),
            reply_to_external_id: None,
            reply_to_preview: None,
            delivery_status: is_from_me.then(|| self.status(random)),
            reactions: Vec::new(),
            receipts,
            media: None,
            sync_source: if is_live {
                SyncSource::Realtime
            } else {
                SyncSource::HistorySync
            },
            is_loose: false,
            platform_metadata: None,
        }
    }

    fn status(&self, random: &mut Random) -> DeliveryStatus {
        let days_ago = LAST_DAY - self.now / 86_400;
        match random.below(100) {
            0..=1 if days_ago < 2 => DeliveryStatus::Sent,
            0..=25 if days_ago < 2 => DeliveryStatus::Delivered,
            0..=2 => DeliveryStatus::Delivered,
            _ => DeliveryStatus::Read,
        }
    }

    /// Who of a group got and read a message of the owner's.
    fn receipts(&self, random: &mut Random) -> Vec<ReceiptTimes> {
        if random.chance(400) {
            return Vec::new();
        }
        let mut receipts = Vec::new();
        for person in self.plan.others {
            let delivered = self.now + random.between(1, 40);
            let read = delivered + random.between(5, 5_000);
            receipts.push(ReceiptTimes {
                participant_external_id: self.people[*person].address(),
                delivered_at: Some(Timestamp::from_seconds(delivered)),
                read_at: random.chance(900).then(|| Timestamp::from_seconds(read)),
                played_at: None,
            });
        }
        receipts
    }

    /// What happens to a message after it was sent.
    fn later(&self, message: &mut MessageRecord, by: usize, random: &mut Random) -> Vec<Record> {
        let mut later = Vec::new();
        let at = |seconds| Timestamp::from_seconds(self.now + seconds);
        if message.message_type == MessageKind::Text && random.chance(14) {
            let meant = message.content.clone();
            if let Some(slip) = slip(&meant, random) {
                message.content = slip;
                later.push(Record::Edit(Edit {
                    external_conversation_id: self.conversation.clone(),
                    external_message_id: message.external_message_id.clone(),
                    content: meant,
                    at: at(random.between(9, 90)),
                }));
            }
        } else if random.chance(6) {
            later.push(Record::Revoke(Revoke {
                external_conversation_id: self.conversation.clone(),
                external_message_id: message.external_message_id.clone(),
                at: Some(at(random.between(5, 400))),
            }));
            return later;
        }
        let is_group = self.plan.kind == ConversationKind::Group;
        let is_picture = message.message_type == MessageKind::Image;
        let chance = if is_picture { 260 } else { 75 };
        if self.plan.kind != ConversationKind::Channel && random.chance(chance) {
            let count = if is_group { 1 + random.below(3) } else { 1 };
            self.reactions(message, by, count, &mut later, random);
        }
        later
    }

    fn reactions(
        &self,
        message: &mut MessageRecord,
        by: usize,
        count: usize,
        later: &mut Vec<Record>,
        random: &mut Random,
    ) {
        let mut reactors: Vec<usize> = self.plan.others.to_vec();
        reactors.push(ME);
        reactors.retain(|person| *person != by);
        random.shuffle(&mut reactors);
        for person in reactors.into_iter().take(count) {
            let emoji = random.pick(&[
                "❤️", "❤️", "😂", "😂", "👍", "👍", "😮", "🙏", "🎉", "😍", "🔥", "😢",
            ]);
            let sender_external_id = match person {
                ME => MYSELF.to_owned(),
                _ => self.people[person].address(),
            };
            let at = Some(Timestamp::from_seconds(self.now + random.between(4, 4_000)));
            if message.sync_source == SyncSource::Realtime {
                later.push(Record::Reaction(ReactionRecord {
                    external_conversation_id: self.conversation.clone(),
                    external_message_id: message.external_message_id.clone(),
                    sender_external_id,
                    emoji: emoji.to_owned(),
                    at,
                }));
            } else {
                message.reactions.push(MessageReaction {
                    sender_external_id,
                    emoji: emoji.to_owned(),
                    at,
                });
            }
        }
    }
}

/// The text as it was before somebody saw the mistake: two letters changed places, or the end is missing.
fn slip(text: &str, random: &mut Random) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    if chars.len() < 4 {
        return None;
    }
    let at = 1 + random.below(chars.len() - 2);
    if chars[at].is_ascii_lowercase()
        && chars[at + 1].is_ascii_lowercase()
        && chars[at] != chars[at + 1]
    {
        chars.swap(at, at + 1);
    } else {
        chars.pop();
    }
    Some(chars.into_iter().collect())
}
