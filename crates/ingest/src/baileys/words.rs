//! Plain words for what is shown without a text of its own.

use serde_json::Value;

use super::value::{any, count, field, flag, is, text};

/// A composed message: its words, and the part that may hold a picture.
pub(super) struct Form<'a> {
    pub(super) words: String,
    pub(super) head: Option<&'a Value>,
}

/// The words of messages with buttons, lists, products and the like; `None` where it is none of them.
pub(super) fn form<'a>(name: &str, part: &'a Value) -> Option<Form<'a>> {
    let inner = |names: &[&str]| any(part, names);
    let (source, fields): (&Value, &[&str]) = match name {
        "buttonsMessage" => (part, &["text", "contentText"]),
        "listMessage" => (part, &["title", "description"]),
        "listResponseMessage" => (part, &["title", "description"]),
        "buttonsResponseMessage" | "templateButtonReplyMessage" => (part, &["selectedDisplayText"]),
        "groupInviteMessage" => (part, &["groupName", "caption"]),
        "newsletterAdminInviteMessage" | "newsletterFollowerInviteMessageV2" => {
            (part, &["newsletterName", "caption"])
        }
        "orderMessage" => (part, &["orderTitle", "message"]),
        "invoiceMessage" => (part, &["note"]),
        "questionResponseMessage" | "statusQuestionAnswerMessage" => (part, &["text"]),
        "productMessage" => return Some(product(part)),
        "interactiveMessage" => return Some(interactive(part)),
        "interactiveResponseMessage" => (inner(&["body"])?, &["text"]),
        "templateMessage" => {
            if let Some(interactive_part) = inner(&["interactiveMessageTemplate"]) {
                return Some(interactive(interactive_part));
            }
            let hydrated = inner(&["hydratedTemplate", "hydratedFourRowTemplate"])?;
            (hydrated, &["hydratedTitleText", "hydratedContentText"])
        }
        "highlyStructuredMessage" => return form("templateMessage", inner(&["hydratedHsm"])?),
        "sendPaymentMessage" | "requestPaymentMessage" => {
            let words = super::body::text_of(inner(&["noteMessage"])?);
            return (!words.is_empty()).then_some(Form { words, head: None });
        }
        _ => return None,
    };
    Some(Form {
        words: lines(fields.iter().map(|field| text(source, field))),
        head: Some(source),
    })
}

fn interactive(part: &Value) -> Form<'_> {
    let head = field(part, "header");
    let title = head.and_then(|head| text(head, "title"));
    let body = field(part, "body").and_then(|body| text(body, "text"));
    Form {
        words: lines([title, body].into_iter()),
        head,
    }
}

fn product(part: &Value) -> Form<'_> {
    let product = field(part, "product");
    let of_product = |name| product.and_then(|product| text(product, name));
    let words = [
        of_product("title"),
        of_product("description"),
        text(part, "body"),
    ];
    Form {
        words: lines(words.into_iter()),
        head: None,
    }
}

fn lines<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> String {
    texts.flatten().collect::<Vec<_>>().join("\n")
}

/// The words for a call; `None` where the part is none.
pub(crate) fn call(name: &str, part: &Value) -> Option<String> {
    match name {
        "callLogMesssage" | "callLogMessage" => Some(call_log(part)),
        "call" => Some("Call".to_owned()),
        "bcallMessage" => Some(text(part, "caption").unwrap_or("Call").to_owned()),
        "scheduledCallCreationMessage" => {
            let title = text(part, "title");
            Some(title.map_or_else(|| "Planned call".to_owned(), str::to_owned))
        }
        _ => None,
    }
}

fn call_log(part: &Value) -> String {
    let medium = if flag(part, "isVideo") == Some(true) {
        "video call"
    } else {
        "voice call"
    };
    let outcome = |name, number| is(part, "callOutcome", (name, number));
    if outcome("MISSED", 1) || outcome("SILENCED_BY_DND", 6) {
        return format!("Missed {medium}");
    }
    if outcome("SILENCED_UNKNOWN_CALLER", 7) {
        return format!("Silenced {medium}");
    }
    if outcome("REJECTED", 3) {
        return format!("Declined {medium}");
    }
    if outcome("FAILED", 2) {
        return format!("Failed {medium}");
    }
    let medium = medium.replacen('v', "V", 1);
    match count(part, "durationSecs") {
        Some(seconds @ 1..) => format!("{medium}, {}:{:02}", seconds / 60, seconds % 60),
        _ => medium,
    }
}

/// The words for a message that pins or unpins another one.
pub(super) fn pinned(part: &Value) -> &'static str {
    if is(part, "type", ("UNPIN_FOR_ALL", 2)) {
        "A message was unpinned"
    } else {
        "A message was pinned"
    }
}
