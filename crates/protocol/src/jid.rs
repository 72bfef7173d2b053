//! Addresses on the platform, as far as the protocol has to understand them.

/// Stands for the account itself where a sender is named: a platform gives one's own messages no
/// sender, and the account's own address may be unknown.
pub const ME: &str = "me";

/// A reading of an address such as `491511234567@s.whatsapp.net`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jid<'a>(&'a str);

impl<'a> Jid<'a> {
    /// Reads an address; any text is one.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// What stands before the `@`, without the device (`user:7@…`) and agent (`user_1@…`) parts.
    #[must_use]
    pub fn user(self) -> &'a str {
        let user = self.0.split('@').next().unwrap_or_default();
        let user = user.split(':').next().unwrap_or_default();
        user.split('_').next().unwrap_or_default()
    }

    /// What stands behind the `@`.
    #[must_use]
    pub fn server(self) -> &'a str {
        self.0.rsplit_once('@').map_or("", |(_, server)| server)
    }

    /// The address without its device and agent: two devices of one person are one sender.
    #[must_use]
    pub fn bare(self) -> String {
        let server = match self.server() {
            "c.us" => "s.whatsapp.net",
            server => server,
        };
        match server {
            "s.whatsapp.net" | "lid" => format!("{}@{server}", self.user()),
            _ => self.0.to_owned(),
        }
    }

    /// A hidden id that stands for a phone number.
    #[must_use]
    pub fn is_lid(self) -> bool {
        self.server() == "lid"
    }

    /// A group.
    #[must_use]
    pub fn is_group(self) -> bool {
        self.server() == "g.us"
    }

    /// The telephone number in international form, where the address holds one.
    #[must_use]
    pub fn phone_number(self) -> Option<String> {
        let user = self.user();
        let is_phone = self.server() == "s.whatsapp.net"
            && !user.is_empty()
            && user.bytes().all(|b| b.is_ascii_digit());
        is_phone.then(|| format!("+{user}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::device("491511234567:12@s.whatsapp.net", "491511234567@s.whatsapp.net")]
    #[case::agent("491511234567_1:2@s.whatsapp.net", "491511234567@s.whatsapp.net")]
    #[case::old_server("491511234567@c.us", "491511234567@s.whatsapp.net")]
    #[case::lid("100000000100000:3@lid", "100000000100000@lid")]
    #[case::group("120363020000000003@g.us", "120363020000000003@g.us")]
    #[case::old_group("4915112345-1583617973@g.us", "4915112345-1583617973@g.us")]
    #[case::not_an_address("me", "me")]
    fn devices_of_one_person_are_one_address(#[case] jid: &str, #[case] bare: &str) {
        assert_eq!(Jid::new(jid).bare(), bare);
    }

    #[test]
    fn only_phone_addresses_have_a_number() {
        assert_eq!(
            Jid::new("491511@s.whatsapp.net").phone_number().as_deref(),
            Some("+491511")
        );
        assert_eq!(
            Jid::new("1000@lid").phone_number(),
            None,
            "a LID looks like a number and is none"
        );
    }
}
