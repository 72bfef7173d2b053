//! The first reading of an export: nothing is kept of it but counts, from which the second reading knows what is what.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::{
    date::Order,
    header::{End, Header, Shape, Written},
    sender::{self, is_marked, is_torn},
    words::{self, Say},
};

/// The most forms of headers that are told apart, and the most senders that are counted: an export has one of these
/// and some hundred of those.
const MAX_SHAPES: usize = 16;
const MAX_SENDERS: usize = 20_000;

/// How many lines of WhatsApp's are compared with all that it says in groups.
const MANY_NOTICES: u32 = 200;

/// What was counted.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) forms: Vec<Form>,
    pub(super) lines: u64,
    /// Lines that end with a carriage return, too.
    returns: u64,
    pub(super) damaged: u64,
    /// The group's name, where a line says that it was created.
    pub(super) created: Option<String>,
    pub(super) is_group: bool,
    notices: u32,
    /// Whom an iPhone lets say that all is encrypted: the chat itself.
    pub(super) speaks_for_chat: Option<String>,
    /// Who deleted messages that `you` deleted.
    pub(super) deleted_by_me: BTreeSet<String>,
}

/// What was counted of headers of one form.
pub(super) struct Form {
    pub(super) shape: Shape,
    pub(super) count: u64,
    pub(super) first: Written,
    last: Written,
    dates: [Option<(Date, bool)>; 3],
    pub(super) tallies: [Tally; 3],
    pub(super) has_zeros: bool,
    pub(super) is_of_twelve: bool,
    pub(super) senders: HashMap<String, Seen>,
}

/// How an order of the numbers fares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tally {
    /// Dates that no calendar has.
    pub(super) impossible: u64,
    /// Dates before there was WhatsApp, or far ahead.
    pub(super) implausible: u64,
    /// Days that come before the day of the line above.
    pub(super) backward: u64,
    last: Option<Date>,
}

/// What was counted of what stands before a colon.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) lines: u64,
    /// Lines that are not WhatsApp's own.
    pub(super) spoken: u64,
    /// What stands before the next colon, where that is always the same.
    pub(super) longer: Option<String>,
    /// It may be the first words of a line of WhatsApp's.
    pub(super) is_torn: bool,
}

impl Survey {
    /// Whether lines end as on Windows, all but those that were cut.
    pub(super) const fn has_returns(&self) -> bool {
        self.returns > 0 && self.returns + 1 >= self.lines
    }

    /// Whether too many lines are no UTF-8 for a file that was only damaged.
    pub(super) const fn is_foreign(&self) -> bool {
        self.damaged > 0 && self.damaged * 100 >= self.lines
    }

    pub(super) fn line(&mut self, text: &str, is_damaged: bool) {
        self.lines += 1;
        self.returns += u64::from(text.ends_with('\r'));
        self.damaged += u64::from(is_damaged);
        if let Some(header) = super::header::header(text) {
            self.header(&header);
        }
    }

    fn header(&mut self, header: &Header<'_>) {
        let known = self
            .forms
            .iter()
            .position(|form| form.shape == header.shape);
        let place = match known {
            Some(place) => place,
            None if self.forms.len() < MAX_SHAPES => {
                self.forms.push(Form::new(header));
                self.forms.len() - 1
            }
            None => return,
        };
        self.forms[place].date(header);
        let rest = header.rest.trim_end_matches('\r');
        match sender::split(rest) {
            Some((before, body)) => self.said(place, rest, before, body),
            None => self.noticed(rest),
        }
    }

    /// A line that names nobody. A group is created in its first lines, and seldom has many before one of a group.
    fn noticed(&mut self, line: &str) {
        self.notices += 1;
        if (!self.is_group || self.created.is_none()) && self.notices <= MANY_NOTICES {
            let line = line.trim_start_matches(super::cursor::is_mark);
            if let Some(name) = words::group_created(line) {
                self.created.get_or_insert_with(|| unquoted(name));
                self.is_group = true;
            } else if !self.is_group {
                self.is_group = words::is_group(line);
            }
        }
    }

    fn said(&mut self, place: usize, rest: &str, before: &str, body: &str) {
        let name = sender::name(before);
        let is_notice = is_notice(self.forms[place].shape.end, body);
        if is_notice {
            self.noticed(body);
            if self.speaks_for_chat.is_none() && words::is_encryption(body) {
                self.speaks_for_chat = Some(name.clone());
            }
        } else if words::say(body) == Some(Say::DeletedByMe) && self.deleted_by_me.len() < 3 {
            self.deleted_by_me.insert(name.clone());
        }
        let senders = &mut self.forms[place].senders;
        if !senders.contains_key(&name) && senders.len() >= MAX_SENDERS {
            return;
        }
        let seen = senders.entry(name).or_default();
        let next = rest.len() - body.len();
        let longer = || sender::split_from(rest, next).map(|(before, _)| sender::name(before));
        if seen.lines == 0 {
            seen.longer = longer();
            seen.is_torn =
                is_torn(before) || (is_marked(rest) && !is_marked(body)) || words::is_group(rest);
        } else if seen.longer.is_some() && seen.longer != longer() {
            seen.longer = None;
        }
        seen.lines += 1;
        seen.spoken += u64::from(!is_notice);
    }
}

/// A text that an iPhone marks as WhatsApp's own, and that stands for nothing a person sent.
fn is_notice(end: End, body: &str) -> bool {
    let is_theirs = || {
        let last = body.rsplit(['\u{200e}', '\u{200f}']).next().unwrap_or(body);
        body.contains(['<', '•'])
            || body.contains("://")
            || words::say_first(last).is_some()
            || last.trim_end().ends_with(':')
    };
    end == End::Bracket && is_marked(body) && !is_theirs()
}

fn unquoted(name: &str) -> String {
    let quotes = ['"', '“', '”', '„', '«', '»', '「', '」'];
    sender::name(name).trim_matches(quotes).to_owned()
}

impl Form {
    fn new(header: &Header<'_>) -> Self {
        Self {
            shape: header.shape,
            count: 0,
            first: header.date,
            last: header.date,
            dates: Order::ALL.map(|order| order.date(&header.date)),
            tallies: [Tally::default(); 3],
            has_zeros: false,
            is_of_twelve: false,
            senders: HashMap::new(),
        }
    }

    fn date(&mut self, header: &Header<'_>) {
        self.count += 1;
        self.is_of_twelve |= header.time.is_of_twelve;
        if self.last != header.date {
            self.last = header.date;
            self.dates = Order::ALL.map(|order| order.date(&header.date));
        }
        self.has_zeros |= header
            .date
            .numbers
            .iter()
            .any(|n| n.width == 2 && n.value < 10);
        for (tally, date) in self.tallies.iter_mut().zip(self.dates) {
            match date {
                None => tally.impossible += 1,
                Some((date, is_plausible)) => {
                    tally.implausible += u64::from(!is_plausible);
                    tally.backward += u64::from(tally.last.is_some_and(|last| date < last));
                    tally.last = Some(date);
                }
            }
        }
    }
}
