//! What the first reading decides for the second.

use std::collections::{BTreeMap, HashMap, HashSet};

use threadkeep_protocol::{ConversationKind, loose};

use super::{
    date::Order,
    header::{Header, Shape},
    sender,
    survey::{Form, Seen, Survey},
    words,
};
use crate::{Decision, Options};

/// What the first reading decides for the second.
pub(super) struct Plan {
    /// The forms of headers that begin messages; lines of another form are text.
    forms: Vec<(Shape, Order)>,
    pub(super) has_returns: bool,
    /// What to make of what stands before the first colon, where it is not a name.
    names: HashMap<String, Naming>,
    people: HashSet<String>,
    pub(super) chat: Chat,
    /// The sender who is the person.
    pub(super) me: Option<String>,
}

/// The chat that a text is of.
pub(super) struct Chat {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: Option<ConversationKind>,
    /// Who is on the other side of a direct chat, and by which address.
    pub(super) partner: Option<(String, String)>,
}

/// What stands before the first colon of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// A name that goes on to the next colon.
    Longer,
    /// The first words of a line that names nobody.
    None,
}

/// A form of headers beside the most frequent one is taken for messages where it begins so much of all: a text that
/// was put together from two exports has it, a message that quotes another chat has not.
const SHARE: u64 = 5;

/// How often a name must be followed by the same words and a colon, to be taken as one name with a colon in it.
const OFTEN: u64 = 5;

impl Plan {
    /// Decides, and tells what a person should know. `None` where there is no message in it.
    pub(super) fn new(
        survey: Survey,
        title: &str,
        is_only: bool,
        options: &Options,
        tell: &mut dyn FnMut(Decision),
    ) -> Option<Self> {
        let most = survey.forms.iter().map(|form| form.count).max()?;
        let (mut forms, mut senders) = (Vec::new(), BTreeMap::<String, Seen>::new());
        let has_returns = survey.has_returns();
        for form in survey.forms {
            if form.count * SHARE < most {
                continue;
            }
            let (order, is_proven) = order(&form, options.day_first);
            let letters = order.letters(form.shape, &form.first, form.has_zeros);
            tell(Decision::DateOrder {
                order: letters,
                is_proven,
            });
            forms.push((form.shape, order));
            for (name, seen) in form.senders {
                senders.entry(name).or_default().add(seen);
            }
        }
        let title = words::chat_with(title).unwrap_or(title);
        let names = names(&senders, title);
        let people = people(&senders, &names);
        let mut name = sender::name(title);
        if name.is_empty() || name == "_chat" {
            let known = survey.created.or_else(|| survey.speaks_for_chat.clone());
            name = known.unwrap_or_else(|| {
                people
                    .iter()
                    .map(String::as_str)
                    .take(3)
                    .collect::<Vec<_>>()
                    .join(", ")
            });
        }
        // A person of this name writes here, or would, were they not silent.
        let is_same = |one: &str, other: &str| loose::name(one) == loose::name(other);
        let other = people
            .iter()
            .find(|person| is_same(person, &name))
            .or_else(|| {
                let speaker = survey.speaks_for_chat.as_ref()?;
                people.iter().find(|person| *person == speaker)
            });
        let kind = if survey.is_group || people.len() > 2 {
            Some(ConversationKind::Group)
        } else if other.is_some() || sender::address(&name).is_some() {
            Some(ConversationKind::Direct)
        } else {
            None
        };
        let is_direct = kind == Some(ConversationKind::Direct);
        let me = match &options.me {
            Some(me) => people.iter().find(|person| is_same(person, me)).cloned(),
            None => match (survey.deleted_by_me.first(), survey.deleted_by_me.len()) {
                (Some(me), 1) => Some(me.clone()),
                _ if is_direct && people.len() == 2 => {
                    people.iter().find(|person| Some(*person) != other).cloned()
                }
                _ => None,
            },
        };
        if let Some(me) = &me {
            tell(Decision::Me(me.clone()));
        }
        let chosen = options.chat.clone().filter(|_| is_only);
        let id = chosen
            .or_else(|| sender::address(&name).filter(|_| is_direct))
            .unwrap_or_else(|| loose::chat_id(&name));
        let partner = people.iter().find(|person| {
            Some(*person) == other || (me.is_some() && Some(*person) != me.as_ref())
        });
        let is_address = id.ends_with("@s.whatsapp.net") || id.ends_with("@lid");
        let partner =
            partner.filter(|partner| is_direct && is_address && Some(*partner) != me.as_ref());
        let partner = partner.map(|partner| (partner.clone(), id.clone()));
        let chat = Chat {
            id,
            name,
            kind,
            partner,
        };
        let people = people.into_iter().collect();
        Some(Self {
            forms,
            has_returns,
            names,
            people,
            chat,
            me,
        })
    }

    /// The order of the numbers, where a header begins a message.
    pub(super) fn order(&self, header: &Header<'_>) -> Option<Order> {
        self.forms
            .iter()
            .find_map(|(shape, order)| (*shape == header.shape).then_some(*order))
    }

    pub(super) fn is_person(&self, name: &str) -> bool {
        self.people.contains(name)
    }

    pub(super) fn naming(&self, name: &str) -> Option<Naming> {
        self.names.get(name).copied()
    }
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.longer = if self.lines == 0 || self.longer == other.longer {
            other.longer
        } else {
            None
        };
        self.is_torn = other.is_torn && (self.lines == 0 || self.is_torn);
        self.lines += other.lines;
        self.spoken += other.spoken;
    }
}

/// The order of the numbers of a date, and whether the text proves it.
pub(super) fn order(form: &Form, day_first: Option<bool>) -> (Order, bool) {
    let custom = match day_first {
        Some(true) if Order::Day.fits(form.shape) => Order::Day,
        Some(false) if Order::Month.fits(form.shape) => Order::Month,
        _ => Order::customary(form.shape, form.has_zeros, form.is_of_twelve),
    };
    let tallies = Order::ALL
        .into_iter()
        .zip(form.tallies)
        .filter(|(order, _)| order.fits(form.shape));
    // A message that quotes another phone's dates must not turn the balance.
    let errors = |count: u64| count.saturating_sub(form.count / 200);
    let rank = |tally: &super::survey::Tally| {
        (
            errors(tally.impossible),
            errors(tally.implausible),
            tally.backward,
        )
    };
    let mut ranked: Vec<_> = tallies
        .map(|(order, tally)| (rank(&tally), order != custom, order))
        .collect();
    ranked.sort_by_key(|(rank, is_other, _)| (*rank, *is_other));
    let best = ranked[0];
    let is_proven = ranked.get(1).is_none_or(|second| second.0 != best.0);
    (best.2, is_proven)
}

fn names(senders: &BTreeMap<String, Seen>, title: &str) -> HashMap<String, Naming> {
    let title = loose::name(title);
    let named = senders.iter().filter_map(|(name, seen)| {
        if let Some(longer) = &seen.longer
            && (seen.lines >= OFTEN || loose::name(longer) == title)
        {
            return Some((name.clone(), Naming::Longer));
        }
        (seen.lines == 1 && seen.is_torn).then(|| (name.clone(), Naming::None))
    });
    named.collect()
}

/// Those who wrote, by their whole names.
fn people(senders: &BTreeMap<String, Seen>, names: &HashMap<String, Naming>) -> Vec<String> {
    let spoke = senders.iter().filter(|(_, seen)| seen.spoken > 0);
    let people = spoke.filter_map(|(name, seen)| match names.get(name) {
        None => Some(name.clone()),
        Some(Naming::Longer) => seen.longer.clone(),
        Some(Naming::None) => None,
    });
    people.collect()
}
