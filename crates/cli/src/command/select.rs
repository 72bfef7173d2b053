//! `threadkeep select`

use std::process::ExitCode;

use serde_json::{Value, json};
use threadkeep_app::{
    App, Error,
    view::{
        ChatRuleAsked, Freed, KeepRule, RunReport, SelectionAsked, SelectionPlan, SelectionView,
    },
};

use super::{read::start_of_day, sync};
use crate::{
    arguments::{self, Global},
    output::{self, Usage},
};

/// Everything of a chat.
const ALL: KeepRule = KeepRule {
    included: true,
    since: None,
    media: true,
};

/// Nothing of it.
const NONE: KeepRule = KeepRule {
    included: false,
    since: None,
    media: false,
};

pub async fn run(global: &Global, select: arguments::Select) -> anyhow::Result<ExitCode> {
    if !select.changes() {
        return show(global, &select).await;
    }
    let app = App::open(global.home.clone(), "threadkeep select").await?;
    if let Some(problem) = app.read_only() {
        return Ok(output::failed(global, &problem.code, &problem.message));
    }
    let account = account(&app, select.integration).await?;
    let asked = asked(&app, &account, &select).await?;
    let plan = app.plan_selection(&account, asked.clone()).await?;
    let code = if select.dry_run {
        output::answer(global, &planned(&plan), || {
            format!("{}\n{}", would_free(&plan.frees), fetches(plan.fetches))
        })?;
        output::DONE
    } else {
        choose(&app, global, &account, asked, &plan, &select).await?
    };
    app.close().await;
    Ok(ExitCode::from(code))
}

async fn show(global: &Global, select: &arguments::Select) -> anyhow::Result<ExitCode> {
    let app = App::look(global.home.clone()).await?;
    let account = account(&app, select.integration).await?;
    let selection = app.selection(&account).await?;
    let document = document(&app, &selection).await?;
    output::answer(global, &document, || words(&selection))?;
    Ok(ExitCode::SUCCESS)
}

/// Chooses, frees, and fetches what is missing.
async fn choose(
    app: &App,
    global: &Global,
    account: &str,
    asked: SelectionAsked,
    plan: &SelectionPlan,
    select: &arguments::Select,
) -> anyhow::Result<u8> {
    let chosen = app.select(account, asked, select.yes).await;
    let mut selection = match chosen {
        Err(error @ Error::WouldFree { .. }) => {
            output::failed(global, error.code(), &error.to_string());
            eprintln!("to do it, say the same with --yes; to see it first, with --dry-run");
            return Ok(output::FAILED);
        }
        chosen => chosen?,
    };
    let mut reports: Vec<RunReport> = Vec::new();
    if selection.pending && !select.no_fetch {
        let settings = app.sync_settings().await?;
        reports = sync::pull(app, global, settings, Some(account), &select.progress).await?;
        selection = app.selection(account).await?;
    }
    let mut answer = document(app, &selection).await?;
    answer["freed"] = freed(&plan.frees);
    answer["runs"] = reports.iter().map(sync::document).collect();
    output::answer(global, &answer, || {
        let mut lines = vec![words(&selection)];
        if plan.frees.messages + plan.frees.media > 0 {
            lines.push(format!("freed {}", amount(&plan.frees)));
        }
        lines.extend(reports.iter().map(sync::line));
        lines.join("\n")
    })?;
    for problem in reports.iter().flat_map(|report| &report.errors) {
        eprintln!("error: {}", problem.message);
    }
    Ok(if reports.is_empty() {
        output::DONE
    } else {
        sync::exit_code(&reports)
    })
}

/// The account that is meant: the one that was named, or the only one.
async fn account(app: &App, named: Option<i64>) -> anyhow::Result<String> {
    if let Some(id) = named {
        return Ok(id.to_string());
    }
    let mut accounts = app.accounts().await?;
    match (accounts.pop(), accounts.is_empty()) {
        (None, _) => Err(Error::NoAccounts.into()),
        (Some(only), true) => Ok(only.id),
        (Some(_), false) => {
            let several = "there are several accounts here; say which with --integration N";
            Err(Usage(several.to_owned()).into())
        }
    }
}

/// What is kept now, with what was asked for over it.
async fn asked(
    app: &App,
    account: &str,
    select: &arguments::Select,
) -> anyhow::Result<SelectionAsked> {
    if select.everything {
        return Ok(SelectionAsked {
            rule: ALL,
            chats: Vec::new(),
        });
    }
    let now = app.selection(account).await?;
    let mut rule = now.rule;
    let mut own: Vec<ChatRuleAsked> = now
        .chats
        .into_iter()
        .map(|chat| ChatRuleAsked {
            chat_id: chat.chat_id,
            rule: chat.rule,
        })
        .collect();
    if !select.only.is_empty() {
        rule = NONE;
        own.clear();
    }
    let since = select.since.as_deref().map(start_of_day).transpose()?;
    let refined = |rule: KeepRule| KeepRule {
        included: rule.included,
        since: if select.from_the_beginning {
            None
        } else {
            since.or(rule.since)
        },
        media: (rule.media || select.media) && !select.no_media,
    };
    let mut named = Vec::new();
    for name in select.only.iter().chain(&select.with) {
        named.push((app.find_chat(name).await?.id, true));
    }
    for name in &select.without {
        named.push((app.find_chat(name).await?.id, false));
    }
    if select.only.is_empty() && select.with.is_empty() {
        rule = refined(rule);
        for chat in &mut own {
            chat.rule = refined(chat.rule);
        }
    }
    for (chat_id, is_kept) in named {
        let place = own.iter().position(|chat| chat.chat_id == chat_id);
        let before = place.map_or(rule, |place| own.remove(place).rule);
        let rule = match (is_kept, before.included) {
            (false, _) => NONE,
            (true, true) => refined(before),
            (true, false) => refined(ALL),
        };
        own.push(ChatRuleAsked { chat_id, rule });
    }
    Ok(SelectionAsked { rule, chats: own })
}

async fn document(app: &App, selection: &SelectionView) -> Result<Value, Error> {
    let mut chats = Vec::new();
    for chat in &selection.chats {
        let jid = app.chat(&chat.chat_id).await?.jid;
        let mut document = rule_document(&chat.rule);
        document["chat"] = jid.into();
        document["name"] = chat.title.as_str().into();
        chats.push(document);
    }
    Ok(json!({
        "integration_id": selection.account_id.parse::<i64>().ok(),
        "others": rule_document(&selection.rule),
        "chats": chats,
        "pending": selection.pending,
    }))
}

fn rule_document(rule: &KeepRule) -> Value {
    json!({
        "included": rule.included,
        "since": output::time(rule.since),
        "media": rule.media,
    })
}

fn planned(plan: &SelectionPlan) -> Value {
    json!({"frees": freed(&plan.frees), "fetches": plan.fetches})
}

fn freed(frees: &Freed) -> Value {
    json!({
        "chats": frees.chats,
        "messages": frees.messages,
        "media": frees.media,
        "bytes": frees.bytes,
    })
}

fn words(selection: &SelectionView) -> String {
    let own = selection.chats.iter();
    let mut lines: Vec<String> = own
        .map(|chat| format!("{}: {}", output::shown(&chat.title), rule_words(&chat.rule)))
        .collect();
    let others = if lines.is_empty() {
        "all chats"
    } else {
        "all others"
    };
    lines.push(format!("{others}: {}", rule_words(&selection.rule)));
    if selection.pending {
        lines.push("something is still to be fetched or freed; `threadkeep sync` does it".into());
    }
    lines.join("\n")
}

fn rule_words(rule: &KeepRule) -> String {
    if !rule.included {
        return "not kept here".to_owned();
    }
    let since = rule.since.map(output::local_time);
    let since = since.map_or_else(
        || "kept from the beginning".to_owned(),
        |since| format!("kept since {since}"),
    );
    if rule.media {
        since
    } else {
        format!("{since}, without files")
    }
}

fn amount(frees: &Freed) -> String {
    format!(
        "{} messages and {} files of {} chats, about {}; the server keeps them",
        frees.messages,
        frees.media,
        frees.chats,
        output::size(frees.bytes)
    )
}

fn would_free(frees: &Freed) -> String {
    if frees.messages + frees.media == 0 {
        "nothing would be freed".to_owned()
    } else {
        format!("this would free {}", amount(frees))
    }
}

const fn fetches(fetches: bool) -> &'static str {
    if fetches {
        "what is missing would be fetched"
    } else {
        "nothing is missing"
    }
}
