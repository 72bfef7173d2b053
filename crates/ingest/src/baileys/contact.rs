//! People.

use serde_json::{Value, json};
use threadkeep_protocol::{ContactRecord, Jid, Metadata, Record};

use super::{
    key::{is_person, person, phone_first},
    value::text,
};
use crate::translation::Sink;

/// Translates a contact; `filed` is the id that it is filed under.
pub(super) fn translate(
    contact: &Value,
    filed: Option<&str>,
    sink: &mut Sink,
) -> Result<(), &'static str> {
    let jid = ["id", "jid", "phoneNumber", "lid"];
    let jid = jid.iter().find_map(|field| text(contact, field)).or(filed);
    let jid = jid.ok_or("it has no id")?;
    let address = person(jid);
    if !is_person(&address) {
        // A history lists every chat among the contacts; a group's name comes with its chat.
        sink.skip();
        return Ok(());
    }
    let id = phone_first(
        jid,
        contact,
        &["phoneNumber", "jid", "pnJid", "lid", "lidJid"],
        sink,
    );
    let lid = [
        Some(address.as_str()),
        text(contact, "lid"),
        text(contact, "lidJid"),
    ];
    let lid = lid.into_iter().flatten().find(|jid| Jid::new(jid).is_lid());
    let owned = |name| text(contact, name).map(str::to_owned);
    let verified = text(contact, "verifiedName");
    let record = ContactRecord {
        lid: lid.map(person),
        display_name: owned("name"),
        push_name: owned("notify").or_else(|| verified.map(str::to_owned)),
        phone_number: Jid::new(&id).phone_number(),
        username: owned("username"),
        // `changed` says that there is a new picture, and not which.
        avatar_url: owned("imgUrl").filter(|url| url.starts_with("http")),
        about: owned("status"),
        is_business: verified.map(|_| true),
        platform_metadata: verified
            .map(|name| Metadata::from_iter([("verified_name".to_owned(), json!(name))])),
        external_contact_id: id,
        ..ContactRecord::default()
    };
    sink.push(Record::Contact(record));
    Ok(())
}

/// `blocklist.set` and `blocklist.update`.
pub(super) fn blocked(jid: &Value, is_blocked: bool, sink: &mut Sink) -> Result<(), &'static str> {
    let address = person(jid.as_str().ok_or("it is no id")?);
    sink.push(Record::Contact(ContactRecord {
        external_contact_id: address,
        is_blocked: Some(is_blocked),
        ..ContactRecord::default()
    }));
    Ok(())
}
