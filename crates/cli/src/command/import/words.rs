//! What an import answers.

use serde_json::{Value, json};
use threadkeep_app::view::{ImportPreview, ImportReport};

use crate::output;

/// Chats that are named one by one.
const CHATS: usize = 20;

/// The promise of `import --json`.
pub fn document(preview: &ImportPreview, report: Option<&ImportReport>) -> Value {
    let format = preview.files.iter().flat_map(|file| &file.formats).next();
    let count = |what: &str, count: i64| json!({"what": what, "count": count});
    let mut document = json!({
        "dry_run": report.is_none(),
        "format": format,
        "files": preview.files.iter().map(|file| json!({
            "name": file.name,
            "bytes": file.bytes,
            "formats": file.formats,
        })).collect::<Vec<_>>(),
        "platform": preview.platform,
        "conversations": preview.chats_total,
        "people": preview.people,
        "first_message_at": output::time(preview.first_at),
        "last_message_at": output::time(preview.last_at),
        "messages": {
            "read": preview.messages,
            "saved": preview.new,
            "updated": preview.changed,
            "unchanged": preview.known,
            "skipped": preview.skipped,
        },
        "attachments": {
            "named": preview.attachments,
            "missing": preview.attachments_missing,
        },
        "unknown": preview.unknown.iter().map(|it| count(&it.what, it.count)).collect::<Vec<_>>(),
        "errors": preview.faults.iter().map(|fault| json!({
            "file": fault.file,
            "place": fault.place,
            "reason": fault.reason,
        })).collect::<Vec<_>>(),
        "error_count": preview.faults_total,
        "zone": preview.zone,
        "date_order": preview.date_order.as_ref().map(|order| json!({
            "order": order.order,
            "is_proven": order.is_proven,
        })),
        "me": preview.me,
        "senders": preview.senders.iter().map(|it| count(&it.what, it.count)).collect::<Vec<_>>(),
        "chats": preview.chats.iter().map(|chat| json!({
            "name": chat.name,
            "address": chat.address,
            "messages": chat.messages,
            "joins": chat.joins.as_ref().map(|joins| joins.chat_id.clone()),
        })).collect::<Vec<_>>(),
    });
    if let (Some(report), Some(fields)) = (report, document.as_object_mut()) {
        let done = json!({
            "id": report.id,
            "integration_id": report.account_id.parse::<i64>().ok(),
            "outcome": report.outcome,
            "records": {
                "saved": report.saved,
                "updated": report.changed,
                "unchanged": report.known,
            },
            "files_brought": report.files,
            "faults": report.faults,
            "problems": report.errors.iter().map(|problem| json!({
                "code": problem.code,
                "message": problem.message,
            })).collect::<Vec<_>>(),
        });
        if let Value::Object(done) = done {
            fields.extend(done);
        }
    }
    document
}

/// The same for people.
pub fn lines(preview: &ImportPreview, report: Option<&ImportReport>) -> String {
    let mut lines = Vec::new();
    for file in &preview.files {
        let formats = file.formats.join(", ");
        let size = output::size(file.bytes);
        lines.push(format!("{}: {formats}, {size}", output::shown(&file.name)));
    }
    let period = match (preview.first_at, preview.last_at) {
        (Some(first), Some(last)) => format!(
            ", {} to {}",
            output::local_time(first),
            output::local_time(last)
        ),
        _ => String::new(),
    };
    lines.push(format!(
        "{} messages in {} chats, {} people{period}",
        preview.messages, preview.chats_total, preview.people
    ));
    for chat in preview.chats.iter().take(CHATS) {
        let name = if chat.name.is_empty() {
            &chat.address
        } else {
            &chat.name
        };
        let joins = chat.joins.as_ref().map_or(String::new(), |joins| {
            format!(" (joins {})", output::shown(&joins.name))
        });
        lines.push(format!(
            "  {:>9}  {}{joins}",
            chat.messages,
            output::shown(name)
        ));
    }
    let more = preview.chats_total - i64::try_from(CHATS.min(preview.chats.len())).unwrap_or(0);
    if more > 0 {
        lines.push(format!("             and {more} more chats"));
    }
    if preview.attachments > 0 {
        lines.push(format!(
            "{} messages name files; of {} the file is not here",
            preview.attachments, preview.attachments_missing
        ));
    }
    lines.extend(decided(preview));
    for unknown in &preview.unknown {
        let what = output::shown(&unknown.what);
        lines.push(format!("kept raw: {} × {what}", unknown.count));
    }
    for fault in preview.faults.iter().take(10) {
        lines.push(format!(
            "not taken: {}, place {}: {}",
            output::shown(&fault.file),
            fault.place,
            fault.reason
        ));
    }
    if preview.faults_total > 10 {
        lines.push(format!(
            "not taken: {} more; --json names the first of them",
            preview.faults_total - 10
        ));
    }
    lines.push(match report {
        None => format!(
            "{} would be new, {} would get more, {} are here already",
            preview.new, preview.changed, preview.known
        ),
        Some(report) => format!(
            "brought in: {} new, {} got more, {} were here already; {} files",
            preview.new, preview.changed, preview.known, report.files
        ),
    });
    lines.join("\n")
}

/// What was decided for the files, and how to say otherwise.
fn decided(preview: &ImportPreview) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(order) = &preview.date_order {
        let doubt = if order.is_proven {
            ""
        } else {
            "; nothing in the files proves it"
        };
        lines.push(format!("dates are written {}{doubt}", order.order));
    }
    if let Some(zone) = &preview.zone {
        lines.push(format!("times are those of {zone} (--zone)"));
    }
    if let Some(me) = &preview.me {
        lines.push(format!("you are {} (--me)", output::shown(me)));
    } else if !preview.senders.is_empty() {
        let names: Vec<String> = preview
            .senders
            .iter()
            .take(8)
            .map(|sender| output::shown(&sender.what))
            .collect();
        lines.push(format!(
            "say which of them you are (--me): {}",
            names.join(", ")
        ));
    }
    lines
}
