//! Scripts: what `texts/*.txt` say.
//!
//! `$slot: a | b` gives a slot its fillings. `= topic` begins a talk (`=1` one that
//! comes up only once, `=m` one for mornings, `=n` one for nights), and `A: one | another` is a line of
//! it: a speaker, and ways to say it. After the speaker, `?` leaves the line out at times, `>` answers
//! somebody, `~` passes something on. `M` is the owner, `O` the other one, `1` to `9` are the
//! others by their place; `A` to `E` are whoever is left.

use std::collections::BTreeMap;

use super::random::Random;

/// What a chat may talk about.
pub(super) struct Script {
    slots: BTreeMap<&'static str, Vec<&'static str>>,
    pub(super) topics: Vec<Topic>,
}

/// A topic, and whether it comes up only once.
#[derive(Default)]
pub(super) struct Topic {
    pub(super) is_single: bool,
    /// The part of the day that it belongs to.
    pub(super) hours: Option<(i64, i64)>,
    pub(super) lines: Vec<ScriptLine>,
}

/// A line of a talk.
pub(super) struct ScriptLine {
    pub(super) speaker: char,
    pub(super) is_optional: bool,
    pub(super) is_answer: bool,
    pub(super) is_forwarded: bool,
    pub(super) ways: Vec<&'static str>,
}

impl Script {
    pub(super) fn read(texts: &[&'static str]) -> Self {
        let (mut slots, mut topics) = (BTreeMap::new(), Vec::<Topic>::new());
        let lines = texts.iter().flat_map(|text| text.lines());
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (head, said) = line.split_once(':').unwrap_or((line, ""));
            let ways = || said.split(" | ").map(str::trim).collect::<Vec<_>>();
            if let Some(slot) = head.strip_prefix('$') {
                slots.insert(slot, ways());
            } else if head.starts_with('=') {
                topics.push(Topic {
                    is_single: head.starts_with("=1"),
                    hours: match head.as_bytes().get(1) {
                        Some(b'm') => Some((6, 8)),
                        Some(b'n') => Some((21, 22)),
                        _ => None,
                    },
                    lines: Vec::new(),
                });
            } else if let Some(topic) = topics.last_mut() {
                topic.lines.push(ScriptLine {
                    speaker: head.chars().next().unwrap_or('A'),
                    is_optional: head.contains('?'),
                    is_answer: head.contains('>'),
                    is_forwarded: head.contains('~'),
                    ways: ways(),
                });
            }
        }
        Self { slots, topics }
    }
}

/// The fillings of the slots in one talk.
pub(super) struct Fillings<'a> {
    script: &'a Script,
    filled: BTreeMap<String, &'static str>,
}

impl<'a> Fillings<'a> {
    pub(super) fn new(script: &'a Script, name: &'static str) -> Self {
        Self {
            script,
            filled: BTreeMap::from([("name".to_owned(), name)]),
        }
    }

    /// Fills the slots of a line. `{dish}` stays what it is for the talk, and `{dish2}` is another one.
    pub(super) fn fill(&mut self, line: &str, random: &mut Random) -> String {
        let mut text = line.to_owned();
        // A filling may hold slots itself; more rounds than that would be a loop in the texts.
        for _ in 0..4 {
            let Some((before, rest)) = text.split_once('{') else {
                break;
            };
            let mut filled = before.to_owned();
            let mut rest = rest;
            while let Some((slot, after)) = rest.split_once('}') {
                filled.push_str(self.filling(slot, random));
                rest = after;
                if let Some((between, next)) = after.split_once('{') {
                    filled.push_str(between);
                    rest = next;
                } else {
                    break;
                }
            }
            filled.push_str(rest);
            text = filled;
        }
        text
    }

    fn filling(&mut self, slot: &str, random: &mut Random) -> &'static str {
        if let Some(filling) = self.filled.get(slot) {
            return filling;
        }
        let base = slot.trim_end_matches(|c: char| c.is_ascii_digit());
        let Some(fillings) = self.script.slots.get(base) else {
            // A slip in the texts; a test looks for it.
            return "\u{fffd}";
        };
        let taken: Vec<&str> = self.filled.values().copied().collect();
        let mut filling = random.pick(fillings);
        for _ in 0..8 {
            if !taken.contains(&filling) {
                break;
            }
            filling = random.pick(fillings);
        }
        // Words that carry no topic may differ each time they are said.
        if !matches!(base, "ok" | "haha" | "thanks") {
            self.filled.insert(slot.to_owned(), filling);
        }
        filling
    }
}
