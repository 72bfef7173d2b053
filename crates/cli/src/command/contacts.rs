//! `threadkeep contacts`

use std::process::ExitCode;

use serde_json::{Value, json};
use threadkeep_app::{
    App,
    view::{ContactQuery, Person},
};

use crate::{
    arguments::{self, Global},
    output,
};

const PAGE: u32 = 1_000;

pub async fn run(global: &Global, contacts: arguments::Contacts) -> anyhow::Result<ExitCode> {
    let app = App::look(global.home.clone()).await?;
    let wanted = contacts.limit.map_or(usize::MAX, |limit| limit as usize);
    let account_id = contacts.integration.map(|number| number.to_string());
    let mut found: Vec<Person> = Vec::new();
    let mut after = None;
    while found.len() < wanted {
        let missing = u32::try_from(wanted - found.len()).unwrap_or(PAGE);
        let query = ContactQuery {
            text: contacts.find.clone(),
            account_id: account_id.clone(),
            after,
            limit: missing.min(PAGE),
        };
        let page = app.contacts(query).await?;
        found.extend(page.people);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let document = Value::Array(found.iter().map(document).collect());
    output::answer(global, &document, || {
        found.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

fn document(person: &Person) -> Value {
    json!({
        "id": person.id,
        "jid": person.jid,
        "name": person.name,
        "phone": person.phone,
        "account": person.account_id.parse::<i64>().ok(),
        "chat": person.chat_id,
    })
}

fn line(person: &Person) -> String {
    let number = person.phone.as_deref().unwrap_or(&person.jid);
    format!("{number:20}  {}", output::shown(&person.name))
}
