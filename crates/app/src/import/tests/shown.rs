//! What is shown before an import, held against what comes of it.

use std::{fs, path::Path};

use rstest::rstest;

use super::{ANA, Ida, given};
use crate::view::ImportOptions;

const LID: &str = "100000000000001@lid";

/// What is shown of a file before is what comes of it: so many new messages, and so many known, changed or
/// conflicting.
async fn shown(ida: &Ida, file: &Path, wanted: (i64, i64, i64, i64)) {
    let options = ImportOptions {
        zone: Some("UTC".to_owned()),
        ..ImportOptions::default()
    };
    let (what, before) = (given(&[file]), ida.messages().await);
    let preview = ida
        .app
        .preview_import(&what, &options, |_| {})
        .await
        .unwrap();
    let told = (
        preview.new,
        preview.known,
        preview.changed,
        preview.conflicting,
    );
    assert_eq!(told, wanted, "new, known, changed, conflicting");
    assert_eq!(preview.refused, 0);
    assert_eq!(preview.chats.len(), 1, "{:?}", preview.chats);
    let joins = preview.chats[0].joins.as_ref();
    assert_eq!(joins.map(|joins| joins.name.as_str()), Some("Ana Souza"));
    ida.app.import(&what, &options, |_| {}).await.unwrap();
    let after = ida.messages().await;
    assert_eq!(after - before, preview.new, "as many came as it said");
    let again = ida
        .app
        .preview_import(&what, &options, |_| {})
        .await
        .unwrap();
    assert_eq!((again.new, again.changed), (0, 0), "and all is here");
}

#[rstest]
#[case::said_first(true)]
#[case::said_last(false)]
#[tokio::test(flavor = "multi_thread")]
async fn messages_under_a_hidden_id_are_shown_as_those_that_they_are(#[case] is_said_first: bool) {
    let ida = Ida::sits_down().await;
    let known = ida.file("ana.ndjson", 0, 3_000);
    let what = given(&[&known]);
    let options = ImportOptions::default();
    ida.app.import(&what, &options, |_| {}).await.unwrap();
    let hidden = ida.file("hidden.ndjson", 10, 3_000);
    let text = fs::read_to_string(&hidden).unwrap();
    let said = text.replace(ANA, LID).replace("said 11\"", "otherwise\"");
    let mut lines: Vec<&str> = said.lines().skip(1).collect();
    let whose = format!(r#"{{"type":"address","lid":"{LID}","phone":"{ANA}"}}"#);
    // More than a chunk lies between, so the server hears of it in another call.
    let place = if is_said_first { 0 } else { lines.len() };
    lines.insert(place, &whose);
    let file = ida.write("hidden.ndjson", &lines.join("\n"));
    // The one that says otherwise is kept beside the other.
    shown(&ida, &file, (10, 2_989, 1, 1)).await;
    ida.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_a_chat_that_has_only_a_name_are_shown_as_those_that_they_are() {
    let ida = Ida::sits_down().await;
    let known = ida.file("ana.ndjson", 0, 20);
    let what = given(&[&known]);
    let options = ImportOptions::default();
    ida.app.import(&what, &options, |_| {}).await.unwrap();
    let lines = (15..25).map(|number| {
        format!(
            "{:02}.03.24, 10:00 - Ana Souza: said {number}",
            1 + number % 28
        )
    });
    let lines: Vec<String> = lines.collect();
    let name = "WhatsApp Chat with Ana Souza.txt";
    let text = ida.write(name, &lines.join("\n"));
    // A text says what its sender is called, which the others did not.
    shown(&ida, &text, (5, 0, 5, 0)).await;
    ida.app.close().await;
}
