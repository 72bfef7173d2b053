//! Who of the people in the chats is the person whose download it is.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{mojibake, thread::Head};
use crate::{Entry, Input, InputError, json};

/// The longest profile that is read.
const MAX_PROFILE: u64 = 1024 * 1024;
/// A download has one for each platform.
const MAX_PROFILES: usize = 16;

/// The person's name as the chats write it; `None` where nothing tells.
pub(super) fn find(input: &Input, heads: &[Head]) -> Result<Option<String>, InputError> {
    let names: HashSet<&str> = heads
        .iter()
        .flat_map(|head| head.participants.iter().map(String::as_str))
        .collect();
    let own = own_names(input)?;
    if let Some(own) = own.into_iter().find(|own| names.contains(own.as_str())) {
        return Ok(Some(own));
    }
    Ok(in_all(heads).or_else(|| last(heads)))
}

/// The names that the download's profile gives the person.
fn own_names(input: &Input) -> Result<Vec<String>, InputError> {
    const PROFILES: [&str; 3] = [
        "profile_information/profile_information.json",
        "personal_information/personal_information.json",
        "profile_information.json",
    ];
    let is_profile = |entry: &&Entry| PROFILES.iter().any(|end| entry.path.ends_with(end));
    let mut names = Vec::new();
    for entry in input.entries().iter().filter(is_profile).take(MAX_PROFILES) {
        let text = input.head(entry, MAX_PROFILE)?;
        // A profile that cannot be read is one that says nothing.
        if let Ok(mut profile) = json::parse(&text) {
            mojibake::repair(&mut profile);
            texts(&profile, &mut names);
        }
    }
    Ok(names)
}

/// All texts of a profile: its fields are named in the person's language.
fn texts(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::String(text) => names.push(text.clone()),
        Value::Array(elements) => elements.iter().for_each(|element| texts(element, names)),
        Value::Object(members) => members.values().for_each(|member| texts(member, names)),
        _ => {}
    }
}

/// The only name that is in all chats, where there are several.
fn in_all(heads: &[Head]) -> Option<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for head in heads {
        let names: HashSet<&str> = head.participants.iter().map(String::as_str).collect();
        for name in names {
            *counts.entry(name).or_default() += 1;
        }
    }
    let mut all = counts.iter().filter(|(_, count)| **count == heads.len());
    match (all.next(), all.next()) {
        (Some((name, _)), None) if heads.len() > 1 => Some((*name).to_owned()),
        _ => None,
    }
}

/// The name that is most often the last of a chat's.
fn last(heads: &[Head]) -> Option<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let lasts = heads.iter().filter_map(|head| head.participants.last());
    for name in lasts {
        *counts.entry(name).or_default() += 1;
    }
    let most = counts
        .into_iter()
        .max_by(|one, other| one.1.cmp(&other.1).then_with(|| other.0.cmp(one.0)));
    most.map(|(name, _)| name.to_owned())
}

#[cfg(test)]
mod tests;
