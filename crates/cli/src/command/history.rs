//! `threadkeep history CHAT`

use std::{io::Write, process::ExitCode};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use threadkeep_app::{
    App, Error, HistoryGoal,
    view::{Gap, History, HistoryStatus},
};

use super::sync::stopped;
use crate::{
    arguments::{self, Global},
    output,
};

pub async fn run(global: &Global, asked: arguments::History) -> anyhow::Result<ExitCode> {
    let app = App::open(global.home.clone(), "threadkeep history").await?;
    if let Some(problem) = app.read_only() {
        return Ok(output::failed(global, &problem.code, &problem.message));
    }
    let chat = app.find_chat(&asked.chat).await?;
    let history = if asked.show {
        app.history(&chat.id).await
    } else if asked.cancel {
        app.cancel_history(&chat.id).await
    } else {
        load(&app, global, &chat.id, &asked).await
    };
    let history = history?;
    output::answer(global, &document(&history, &chat.jid), || {
        words(&history, &chat.name)
    })?;
    app.close().await;
    let is_only_look = asked.show || asked.cancel;
    Ok(ExitCode::from(if is_only_look {
        output::DONE
    } else {
        exit_code(history.status)
    }))
}

/// Asks and follows; an interrupt cancels the request, and what has come stays.
async fn load(
    app: &App,
    global: &Global,
    chat: &str,
    asked: &arguments::History,
) -> Result<History, Error> {
    let goal = if asked.full {
        HistoryGoal::Beginning
    } else {
        HistoryGoal::Messages(asked.max)
    };
    let shown = Shown::new(global, asked.progress.progress_json);
    let running = app.load_history(chat, goal, asked.resume, |history| shown.step(&history));
    tokio::pin!(running);
    let ended = tokio::select! {
        ended = &mut running => ended,
        () = stopped() => match app.cancel_history(chat).await {
            Ok(_) => running.await,
            Err(error) => Err(error),
        },
    };
    shown.finish();
    ended
}

/// Where progress goes.
enum Shown {
    Terminal(ProgressBar),
    Json,
    Lines,
    Nothing,
}

impl Shown {
    fn new(global: &Global, json: bool) -> Self {
        if json {
            Self::Json
        } else if global.quiet {
            Self::Nothing
        } else if output::is_terminal(global) {
            let style = "{prefix:>14} {bar:32} {human_pos:>9} of at most {human_len} {msg}";
            let style = ProgressStyle::with_template(style);
            let bar = ProgressBar::new(0).with_prefix("older messages");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            Self::Terminal(bar)
        } else {
            Self::Lines
        }
    }

    fn step(&self, history: &History) {
        match self {
            Self::Terminal(bar) => {
                bar.set_length(u64::from(history.max_messages));
                bar.set_position(u64::from(history.messages_synced));
                bar.set_message(since(history));
            }
            Self::Json => {
                let line = json!({
                    "stage": "history",
                    "done": history.messages_synced,
                    "total": history.max_messages,
                    "status": history.status,
                    "last_timestamp": output::time(history.last_timestamp),
                });
                // Whoever asked for progress may have gone; the request goes on.
                _ = writeln!(std::io::stderr().lock(), "{line}");
            }
            Self::Lines => eprintln!(
                "{} of at most {} messages{}",
                history.messages_synced,
                history.max_messages,
                since(history)
            ),
            Self::Nothing => {}
        }
    }

    fn finish(&self) {
        if let Self::Terminal(bar) = self {
            bar.abandon();
        }
    }
}

/// How far back it has come.
fn since(history: &History) -> String {
    let back = history.last_timestamp.map(output::local_time);
    back.map_or_else(String::new, |time| format!(", back to {time}"))
}

fn document(history: &History, jid: &str) -> Value {
    let gap = |gap: &Gap| {
        json!([
            output::time(Some(gap.after)),
            output::time(Some(gap.before))
        ])
    };
    json!({
        "chat": jid,
        "status": history.status,
        "messages_synced": history.messages_synced,
        "max_messages": history.max_messages,
        "progress_percent": history.progress_percent,
        "last_message_id": history.last_message_id,
        "last_timestamp": output::time(history.last_timestamp),
        "error_message": history.error_message,
        "history_complete": history.history_complete,
        "since": output::time(history.since),
        "gaps": history.gaps.iter().map(gap).collect::<Vec<_>>(),
    })
}

fn words(history: &History, name: &str) -> String {
    let name = output::shown(name);
    let count = history.messages_synced;
    let mut lines = vec![match history.status {
        HistoryStatus::NotStarted => format!("{name}: nobody has asked for older messages yet"),
        HistoryStatus::InProgress => format!("{name}: {count} older messages so far"),
        HistoryStatus::Interrupted => {
            format!("{name}: interrupted after {count} older messages; go on with --resume")
        }
        HistoryStatus::Cancelled => {
            format!("{name}: cancelled after {count} older messages; go on with --resume")
        }
        HistoryStatus::Completed => format!("{name}: {count} older messages"),
        HistoryStatus::Failed => format!("{name}: failed after {count} older messages"),
    }];
    lines.extend(history.error_message.as_deref().map(output::shown));
    match (history.history_complete, history.since) {
        (true, _) => lines.push("this is the beginning of the chat".to_owned()),
        (false, Some(since)) => lines.push(format!("here since {}", output::local_time(since))),
        (false, None) => {}
    }
    for Gap { after, before } in &history.gaps {
        let (after, before) = (output::local_time(*after), output::local_time(*before));
        lines.push(format!(
            "messages between {after} and {before} may be missing"
        ));
    }
    if !history.can_ask {
        lines.push("the server of this account cannot be asked for older messages".to_owned());
    }
    lines.join("\n")
}

const fn exit_code(status: HistoryStatus) -> u8 {
    match status {
        HistoryStatus::Completed => output::DONE,
        HistoryStatus::Cancelled => output::CANCELLED,
        HistoryStatus::Failed => output::FAILED,
        // It can go on, and what has come is here.
        HistoryStatus::NotStarted | HistoryStatus::InProgress | HistoryStatus::Interrupted => {
            output::PARTLY
        }
    }
}
