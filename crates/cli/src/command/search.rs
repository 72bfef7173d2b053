//! `threadkeep search QUERY` and `threadkeep index rebuild`

use std::{process::ExitCode, time::Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use threadkeep_app::{
    App,
    view::{Excerpt, SearchHit, SearchOrder, SearchPage, SearchQuery},
};

use crate::{
    arguments::{self, Global},
    output,
};

pub async fn run(global: &Global, search: arguments::Search) -> anyhow::Result<ExitCode> {
    let app = open(global).await?;
    let query = SearchQuery {
        text: typed(&search.query),
        order: Some(match search.order {
            arguments::Order::Newest => SearchOrder::Newest,
            arguments::Order::Best => SearchOrder::Best,
        }),
        place: search.after,
        limit: search.limit,
        ..SearchQuery::default()
    };
    let page = app.search(query).await?;
    output::answer(global, &document(&page), || {
        page.hits.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    if !global.quiet && !global.json {
        for remark in remarks(&page) {
            eprintln!("{remark}");
        }
    }
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The query as it was typed before the shell took the quotes away. One argument is the whole query;
/// of several, one with a space in it was a phrase or a name.
fn typed(arguments: &[String]) -> String {
    let [one] = arguments else {
        let quoted = arguments
            .iter()
            .map(|argument| match argument.split_once(':') {
                _ if !argument.contains(char::is_whitespace) || argument.contains('"') => {
                    argument.clone()
                }
                Some((name, value)) if name.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                    format!("{name}:\"{value}\"")
                }
                _ => format!("\"{argument}\""),
            });
        return quoted.collect::<Vec<_>>().join(" ");
    };
    one.clone()
}

/// Makes the index anew and waits for it.
pub async fn rebuild(global: &Global) -> anyhow::Result<ExitCode> {
    let app = App::open(global.home.clone(), "threadkeep index").await?;
    if let Some(problem) = app.read_only() {
        return Ok(output::failed(global, &problem.code, &problem.message));
    }
    let begun = Instant::now();
    app.index_rebuild().await?;
    index(global, &app).await?;
    let stats = app.stats().await?;
    let seconds = begun.elapsed().as_secs_f64();
    let document = json!({
        "messages": stats.messages,
        "bytes": stats.bytes.search,
        "seconds": seconds,
    });
    output::answer(global, &document, || {
        format!(
            "{} messages indexed, {} in {seconds:.1} s",
            stats.messages,
            output::size(stats.bytes.search)
        )
    })?;
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Opens the data folder. Where the index is behind and no other program sees to it, it is brought up to
/// date first; else the answer says how far it is behind.
async fn open(global: &Global) -> anyhow::Result<App> {
    let app = App::look(global.home.clone()).await?;
    if app.search_behind().await? == 0 {
        return Ok(app);
    }
    if app.is_indexing() {
        index(global, &app).await?;
        return Ok(app);
    }
    match App::open(global.home.clone(), "threadkeep search").await {
        Ok(writer) if writer.read_only().is_none() => {
            app.close().await;
            if let Err(error) = index(global, &writer).await {
                eprintln!("error: {error}");
            }
            Ok(writer)
        }
        Ok(_) => Ok(app),
        Err(error) if error.held_by().is_some() => Ok(app),
        Err(error) => Err(error.into()),
    }
}

async fn index(global: &Global, app: &App) -> anyhow::Result<()> {
    let bar = if output::is_terminal(global) {
        ProgressBar::new(0).with_prefix("index")
    } else {
        ProgressBar::hidden()
    };
    let style = "{prefix:>14} {bar:32} {human_pos:>9} of {human_len:<9} {per_sec}";
    bar.set_style(
        ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let done = app
        .index_all(|progress| {
            bar.set_length(number(progress.total));
            bar.set_position(number(progress.done));
        })
        .await;
    bar.finish_and_clear();
    Ok(done?)
}

fn document(page: &SearchPage) -> Value {
    json!({
        "about": page.about,
        "more": page.more,
        "complete": page.behind == 0,
        "behind": page.behind,
        "unknown": page.unknown,
        "hits": page.hits.iter().map(hit).collect::<Vec<_>>(),
        "next": page.next,
    })
}

fn hit(hit: &SearchHit) -> Value {
    let (sender, sender_name) = match &hit.sender {
        Some(sender) => (sender.jid.as_str(), sender.name.as_str()),
        None if hit.from_me => ("me", ""),
        None => ("", ""),
    };
    json!({
        "message": hit.message_id,
        "id": hit.external_id,
        "chat": hit.chat_id,
        "chat_name": hit.chat_name,
        "sender": sender,
        "sender_name": sender_name,
        "at": output::time(Some(hit.at)),
        "type": hit.kind,
        "text": hit.text.text,
        "text_start": hit.text.start,
        "marks": marks(&hit.text),
        "file_name": hit.file.as_ref().map(|file| &file.text),
        "file_marks": hit.file.as_ref().map(marks),
    })
}

/// In UTF-16 code units of the message's whole text.
fn marks(excerpt: &Excerpt) -> Vec<(u32, u32)> {
    let marks = excerpt.marks.iter();
    marks
        .map(|(from, to)| (excerpt.start + from, excerpt.start + to))
        .collect()
}

fn line(hit: &SearchHit) -> String {
    let sender = match &hit.sender {
        Some(sender) => output::shown(&sender.name),
        None if hit.from_me => "you".to_owned(),
        None => String::new(),
    };
    let before = if hit.text.start > 0 { "…" } else { "" };
    let after = if hit.text.cut { "…" } else { "" };
    let file = hit.file.as_ref().map_or_else(String::new, |file| {
        format!("[{}] ", output::shown(&file.text))
    });
    format!(
        "{}  {}  {sender}: {file}{before}{}{after}",
        output::local_time(hit.at),
        output::shown(&hit.chat_name),
        output::shown(&hit.text.text),
    )
}

fn remarks(page: &SearchPage) -> Vec<String> {
    let mut remarks = Vec::new();
    match page.about {
        Some(0) => remarks.push("nothing found".to_owned()),
        Some(about) if page.more => remarks.push(format!("more than {about} messages")),
        Some(1) => remarks.push("1 message".to_owned()),
        Some(about) => remarks.push(format!("{about} messages")),
        None => {}
    }
    for name in &page.unknown {
        remarks.push(format!(
            "nobody and nothing is called {:?}",
            output::shown(name)
        ));
    }
    if page.behind > 0 {
        remarks.push(format!(
            "the index has not seen about {} messages yet",
            page.behind
        ));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&["from:anna soup"], "from:anna soup")]
    #[case(&["from:Anna Lee", "the soup", "-x"], "from:\"Anna Lee\" \"the soup\" -x")]
    #[case(&["\"a b\" c", "d"], "\"a b\" c d")]
    #[case(&["at 10:30", "x"], "\"at 10:30\" x")]
    fn what_a_shell_took_apart_is_put_together(#[case] arguments: &[&str], #[case] query: &str) {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        assert_eq!(typed(&arguments), query);
    }
}
