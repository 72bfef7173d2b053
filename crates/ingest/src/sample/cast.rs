//! The chats of the sample archive.

use threadkeep_protocol::ConversationKind::{self, Channel, Direct, Group};

use super::calendar::{
    FIRST_DAY, LAST_DAY,
    Rhythm::{self, Bulletin, Club, Daytime, Family, Friends, Work},
};

/// A chat as it is planned.
pub(super) struct Plan {
    /// The address of a group or channel; a direct chat has its person's.
    pub(super) id: &'static str,
    pub(super) kind: ConversationKind,
    /// Empty for direct chats: they are called as their person is.
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    /// Who takes part, beside the owner.
    pub(super) others: &'static [usize],
    /// What they talk about, and the words that go with it.
    pub(super) texts: &'static [&'static str],
    pub(super) messages: usize,
    pub(super) days: (i64, i64),
    pub(super) rhythm: Rhythm,
    pub(super) state: State,
}

/// What the owner did with a chat.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Plain,
    Pinned,
    Archived,
    Muted,
    /// The last messages wait to be read.
    Unread,
}

macro_rules! texts {
    ($($name:literal),*) => {
        &[$(include_str!(concat!("texts/", $name, ".txt"))),*]
    };
}

/// A chat with one person over all six years; others change what they need to.
const BASE: Plan = Plan {
    id: "",
    kind: Direct,
    name: "",
    description: "",
    others: &[],
    texts: &[],
    messages: 0,
    days: (FIRST_DAY, LAST_DAY),
    rhythm: Friends,
    state: State::Plain,
};

const fn direct(person: &'static [usize], texts: &'static [&'static str], messages: usize) -> Plan {
    Plan {
        others: person,
        texts,
        messages,
        ..BASE
    }
}

const fn group(
    id: &'static str,
    name: &'static str,
    others: &'static [usize],
    texts: &'static [&'static str],
    messages: usize,
) -> Plan {
    Plan {
        id,
        kind: Group,
        name,
        others,
        texts,
        messages,
        ..BASE
    }
}

/// All chats.
pub(super) const CHATS: &[Plan] = &[
    Plan {
        rhythm: Family,
        state: State::Pinned,
        days: (FIRST_DAY + 420, LAST_DAY),
        ..direct(&[1], texts!("english", "partner"), 4_100)
    },
    Plan {
        description: "Everybody. Yes, also you, Henrik.",
        rhythm: Family,
        state: State::Pinned,
        ..group(
            "120363040000000001@g.us",
            "Lindqvists 🏡",
            &[2, 3, 4, 5, 1],
            texts!("english", "family"),
            2_900,
        )
    },
    Plan {
        description: "Whoever cooks decides.",
        state: State::Unread,
        ..group(
            "120363040000000002@g.us",
            "Sunday Table 🍲",
            &[8, 9, 10, 11, 12],
            texts!("english", "friends"),
            3_000,
        )
    },
    Plan {
        rhythm: Club,
        days: (FIRST_DAY + 300, LAST_DAY),
        state: State::Unread,
        ..group(
            "120363040000000003@g.us",
            "Volleyball Altona 3",
            &[10, 13, 14, 16, 9],
            texts!("english", "club"),
            1_500,
        )
    },
    Plan {
        rhythm: Work,
        days: (FIRST_DAY + 90, LAST_DAY),
        ..group(
            "120363040000000004@g.us",
            "Studio North",
            &[15, 16, 17, 18],
            texts!("english", "work"),
            1_400,
        )
    },
    direct(&[25], texts!("english", "friend"), 1_700),
    Plan {
        rhythm: Family,
        ..direct(&[6], texts!("portuguese"), 1_900)
    },
    Plan {
        rhythm: Family,
        state: State::Pinned,
        ..direct(&[7], texts!("german", "grandmother"), 1_000)
    },
    Plan {
        rhythm: Work,
        days: (FIRST_DAY + 500, LAST_DAY - 3),
        ..direct(&[17], texts!("japanese"), 380)
    },
    Plan {
        rhythm: Work,
        days: (FIRST_DAY + 700, LAST_DAY - 1),
        state: State::Unread,
        ..direct(&[18], texts!("chinese"), 380)
    },
    Plan {
        days: (FIRST_DAY + 200, LAST_DAY),
        ..direct(&[19], texts!("arabic"), 340)
    },
    Plan {
        days: (FIRST_DAY + 150, LAST_DAY - 9),
        ..direct(&[20], texts!("hebrew"), 320)
    },
    Plan {
        rhythm: Daytime,
        ..direct(&[21], texts!("german", "landlord"), 130)
    },
    Plan {
        rhythm: Family,
        days: (FIRST_DAY + 800, LAST_DAY - 20),
        ..direct(&[22], texts!("german", "neighbour"), 60)
    },
    Plan {
        days: (FIRST_DAY, FIRST_DAY + 900),
        state: State::Archived,
        ..direct(&[24], texts!("english", "flatmate"), 240)
    },
    Plan {
        days: (FIRST_DAY + 1_230, FIRST_DAY + 1_300),
        state: State::Archived,
        ..group(
            "120363040000000005@g.us",
            "Lisbon!! 🇵🇹",
            &[8, 9, 12],
            texts!("english", "trip"),
            330,
        )
    },
    Plan {
        days: (FIRST_DAY + 600, LAST_DAY - 2),
        state: State::Muted,
        ..group(
            "120363040000000006@g.us",
            "Tuesday Book Club",
            &[26, 27, 8, 22],
            texts!("english", "bookclub"),
            360,
        )
    },
    Plan {
        rhythm: Daytime,
        ..direct(&[23], texts!("english", "service"), 24)
    },
    Plan {
        id: "120363040000000007@newsletter",
        kind: Channel,
        name: "Hamburg Weather",
        description: "One forecast a day.",
        rhythm: Bulletin,
        days: (FIRST_DAY + 1_600, LAST_DAY),
        state: State::Muted,
        ..direct(&[], texts!("english", "channel"), 240)
    },
    // What one writes to oneself.
    Plan {
        rhythm: Family,
        ..direct(&[0], texts!("english", "notes"), 70)
    },
    Plan {
        rhythm: Daytime,
        days: (LAST_DAY - 4, LAST_DAY - 4),
        state: State::Unread,
        ..direct(&[28], texts!("english", "unknown"), 2)
    },
];
