//! The words of lines that the app writes into a chat, by the number of what happened.
//!
//! What other sources of the platform tell of too has their words, by the platform's number for it.

use crate::baileys::line;

/// The app's number of what happened, and the platform's for the same.
const SAME: [(i64, i64); 18] = [
    (1, 21),  // the group's name
    (4, 27),  // somebody was added
    (5, 32),  // somebody left
    (6, 22),  // the group's picture
    (7, 28),  // somebody was removed
    (9, 34),  // a broadcast list
    (10, 42), // another number
    (11, 20), // a new group
    (12, 27), // somebody was added
    (13, 32), // somebody left
    (14, 28), // somebody was removed
    (15, 29), // a new admin
    (18, 38), // another security code
    (19, 39), // end-to-end encrypted
    (20, 31), // joined by the link
    (27, 24), // the group's description
    (28, 42), // another number
    (57, 38), // another security code
];

/// Lines that only this source tells, or tells in more than one number.
const OWN: [(i64, &str); 5] = [
    (47, "This is an official business account"),
    (50, "This account is no longer a business account"),
    (56, "The timer of disappearing messages was changed"),
    (58, "This contact was blocked or unblocked"),
    (69, "This business uses another company for this chat"),
];

/// What a line is about.
pub(super) struct About {
    /// The people that it names, as they are written for people.
    pub(super) people: Vec<String>,
    /// A new name, text or description.
    pub(super) text: Option<String>,
}

/// The words of a line, and whether its number is known.
pub(super) fn words(action: i64, about: About) -> (String, bool) {
    let same = SAME.iter().find(|(number, _)| *number == action);
    if let Some((_, stub)) = same {
        let about = match action {
            1 | 11 | 27 => about.text.into_iter().collect(),
            _ => about.people,
        };
        if let Some((_, words)) = line(*stub, &about) {
            return (words, true);
        }
    }
    let own = OWN.iter().find(|(number, _)| *number == action);
    match own {
        Some((_, words)) => ((*words).to_owned(), true),
        None => (format!("System message {action}"), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_happened_to_whom() {
        let about = || About {
            people: vec!["+491511".to_owned(), "+491512".to_owned()],
            text: Some("Lake trip".to_owned()),
        };
        assert_eq!(words(12, about()).0, "+491511, +491512 was added");
        assert_eq!(words(11, about()).0, "The group “Lake trip” was created");
        assert_eq!(
            words(56, about()).0,
            "The timer of disappearing messages was changed"
        );
        assert_eq!(
            words(9999, about()),
            ("System message 9999".to_owned(), false)
        );
    }

    #[test]
    fn each_number_has_words() {
        for (number, stub) in SAME {
            assert!(
                line(stub, &[]).is_some(),
                "{number} is told as {stub}, which has words"
            );
        }
    }
}
