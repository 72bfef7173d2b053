//! A talk: one topic of a script, said by the people of a chat.

use std::collections::VecDeque;

use super::{
    people::{ME, Person},
    random::Random,
    script::{Fillings, Script, ScriptLine},
};

/// People that everybody knows, by their number: Henrik, Sofia and Imke.
const TALKED_ABOUT: [usize; 3] = [4, 5, 26];

/// How many of its last texts a chat does not repeat.
const REMEMBERED: usize = 300;

/// Something said, before it has a time and an id.
pub(super) struct Said {
    pub(super) by: usize,
    pub(super) text: String,
    /// The place in the talk of what it answers.
    pub(super) answers: Option<usize>,
    pub(super) is_forwarded: bool,
}

/// A talk, and the part of the day that it belongs to.
pub(super) struct Talk {
    pub(super) said: Vec<Said>,
    pub(super) hours: Option<(i64, i64)>,
}

/// Makes the talks of one chat, none of them like the last few.
pub(super) struct Talker<'a> {
    script: Script,
    people: &'a [Person],
    others: &'a [usize],
    topics: VecDeque<usize>,
    /// Topics that come up only once, and did.
    over: Vec<usize>,
    texts: VecDeque<String>,
}

impl<'a> Talker<'a> {
    pub(super) fn new(texts: &[&'static str], people: &'a [Person], others: &'a [usize]) -> Self {
        Self {
            script: Script::read(texts),
            people,
            others,
            topics: VecDeque::new(),
            over: Vec::new(),
            texts: VecDeque::new(),
        }
    }

    /// The next talk.
    pub(super) fn next(&mut self, random: &mut Random) -> Talk {
        let topic = self.topic(random);
        let mut speakers: Vec<usize> = self.others.to_vec();
        if speakers != [ME] {
            speakers.push(ME);
        }
        let lines = &self.script.topics[topic].lines;
        let is_fixed = |person: &usize| lines.iter().any(|line| self.fixed(line) == Some(*person));
        speakers.retain(|person| !is_fixed(person));
        random.shuffle(&mut speakers);
        // The fourth speaker is who a group talks about; two people talk about somebody else.
        let named = match speakers.get(3) {
            Some(person) => *person,
            None => random.pick(&TALKED_ABOUT),
        };
        let name = self.people[named].first_name();
        let mut fillings = Fillings::new(&self.script, name);
        let mut talk: Vec<Said> = Vec::new();
        let mut fresh = Vec::new();
        for line in lines {
            if line.is_optional && random.chance(420) {
                continue;
            }
            let letter = (line.speaker as usize).saturating_sub('A' as usize);
            let by = self
                .fixed(line)
                .unwrap_or_else(|| speakers[letter % speakers.len()]);
            let Some(text) = self.way(line, &mut fillings, random) else {
                continue;
            };
            fresh.push(text.clone());
            let text = in_their_manner(by, text, random);
            let from_somebody_else = talk.iter().rposition(|said| said.by != by);
            let answers = from_somebody_else.filter(|_| line.is_answer || random.chance(70));
            talk.push(Said {
                by,
                text,
                answers,
                is_forwarded: line.is_forwarded,
            });
        }
        self.texts.extend(fresh);
        let too_many = self.texts.len().saturating_sub(REMEMBERED);
        self.texts.drain(..too_many);
        Talk {
            said: talk,
            hours: self.script.topics[topic].hours,
        }
    }

    /// Who says a line, where the script says who: the owner, or one of the others by their place.
    fn fixed(&self, line: &ScriptLine) -> Option<usize> {
        let place = match line.speaker {
            'M' => return Some(ME),
            // A channel speaks for itself, and is nobody.
            'O' => return Some(self.others.first().copied().unwrap_or(usize::MAX)),
            place => place.to_digit(10)? as usize,
        };
        self.others.get(place.checked_sub(1)?).copied()
    }

    /// A way to say a line that was not heard lately; `None` where it can be left unsaid instead.
    fn way(
        &self,
        line: &ScriptLine,
        fillings: &mut Fillings<'_>,
        random: &mut Random,
    ) -> Option<String> {
        let mut ways = line.ways.clone();
        random.shuffle(&mut ways);
        let mut text = String::new();
        for way in ways {
            text = fillings.fill(way, random);
            let is_short = text.chars().count() < 14 || text.starts_with('[');
            if is_short || !self.texts.contains(&text) {
                return Some(text);
            }
        }
        (!line.is_optional).then_some(text)
    }

    fn topic(&mut self, random: &mut Random) -> usize {
        let count = self.script.topics.len();
        let mut topic = random.below(count);
        while self.topics.contains(&topic) || self.over.contains(&topic) {
            topic = random.below(count);
        }
        if self.script.topics[topic].is_single {
            self.over.push(topic);
        }
        self.topics.push_back(topic);
        if self.topics.len() > (count - self.over.len()) * 2 / 3 {
            self.topics.pop_front();
        }
        topic
    }
}

/// Some people begin with a capital, some put a full stop, some never go without an emoji.
fn in_their_manner(by: usize, text: String, random: &mut Random) -> String {
    let is_marked = text.starts_with('[') || text.starts_with("http");
    let is_latin = text.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    if is_marked || !is_latin {
        return text;
    }
    let mut text = text;
    if by % 3 != 1 {
        text[..1].make_ascii_uppercase();
    }
    let ends_plainly = text.chars().last().is_some_and(char::is_alphanumeric);
    if ends_plainly && by % 4 == 2 && text.contains(' ') {
        text.push('.');
    } else if ends_plainly && by % 4 == 1 && random.chance(120) {
        text.push_str(random.pick(&[" 😊", " 🙃", " ✨", " 🙈", " 😅", "!", "!!", " 🎈"]));
    }
    text
}
