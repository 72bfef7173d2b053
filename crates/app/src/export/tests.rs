//! Exports, long because every form is held against the same messages.

use std::{
    fs,
    io::{self, Write},
    sync::{Arc, Mutex},
};

use jiff::tz::TimeZone;
use rstest::rstest;
use threadkeep_content::{Contents, Hash};
use threadkeep_mirror::{
    ConversationPk, Exported, IntegrationPk, MediaRow, MessagePk, MessageRow, Reaction,
};
use threadkeep_protocol::{ConversationKind, DeliveryStatus, Id, MessageKind, SyncSource};
use tokio_util::sync::CancellationToken;

use crate::{view::Language, words::Words};

use super::{
    Form,
    csv::Csv,
    files::Files,
    html::{Html, Keeping},
    place::Place,
    txt::Txt,
};

/// What is written, to be looked at afterwards.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Page {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// 3 May 2021, 14:05:09 in Lisbon.
const AT: i64 = 1_620_047_109_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;

fn said(number: i64, text: &str) -> MessageRow {
    MessageRow {
        pk: MessagePk(number),
        id: Id::nil(),
        conversation: ConversationPk(1),
        external_id: format!("EXT{number}"),
        key: format!("{AT}.{number}").parse().unwrap(),
        sender: "351912000001@s.whatsapp.net".to_owned(),
        sender_name: "Ana <b>Souza</b>".to_owned(),
        kind: MessageKind::Text,
        content: text.to_owned(),
        timestamp: AT,
        edited_at: 0,
        deleted_at: 0,
        from_me: false,
        forwarded: false,
        starred: false,
        deleted: false,
        status: None,
        source: SyncSource::Realtime,
        reply_to: String::new(),
        reply_preview: String::new(),
        reactions: Vec::new(),
        edits: Vec::new(),
        media: Vec::new(),
        receipts: Vec::new(),
        metadata: String::new(),
    }
}

fn picture(name: &str) -> MediaRow {
    MediaRow {
        pk: threadkeep_mirror::MediaPk(1),
        id: Id::nil(),
        media_type: "image".to_owned(),
        mime_type: "image/jpeg".to_owned(),
        file_name: name.to_owned(),
        file_size: 1_234_567,
        sha256: String::new(),
        width: 1_200,
        height: 800,
        duration: 0,
        has_content: true,
        local: threadkeep_mirror::LocalState::Absent,
        error: String::new(),
        thumbnail: "/9j/4AAQSkZJRg==".to_owned(),
    }
}

fn write(form: &mut dyn Form, chat_name: &str, messages: &[MessageRow]) {
    for message in messages {
        let exported = Exported {
            integration: IntegrationPk(1),
            integration_id: 1,
            chat: "120363000000000001@g.us",
            chat_name,
            chat_kind: ConversationKind::Group,
            platform: "whatsapp",
            name_of: &|jid| match jid {
                "4915550002@lid" => "Ben <i>".to_owned(),
                other => other.to_owned(),
            },
            message,
        };
        form.message(&exported).unwrap();
    }
    form.finish(messages.len() as u64).unwrap();
}

fn lisbon() -> TimeZone {
    TimeZone::get("Europe/Lisbon").unwrap()
}

fn html(files: Files) -> Html {
    let now = "2026-11-21T17:00:00Z".parse().unwrap();
    Html::new(files, lisbon(), now, Words::of(Language::En), None)
}

/// What a page says of messages, without what is around them.
fn bubbles(messages: &[MessageRow]) -> String {
    let page = Page::default();
    let mut form = html(Files::one(page.clone()));
    write(&mut form, "Studio \"North\"", messages);
    let text = page.text();
    let (_, main) = text.split_once("<main>").unwrap();
    main.split_once("</main>").unwrap().0.trim().to_owned()
}

#[test]
fn a_page_shows_what_the_reader_shows() {
    let mut answer = said(
        2,
        "see https://a.example/?a=1&b=2 \u{202e}<script>alert(1)</script>",
    );
    answer.from_me = true;
    answer.sender = "me".to_owned();
    answer.sender_name = String::new();
    answer.status = Some(DeliveryStatus::Read);
    answer.reply_to = "EXT1".to_owned();
    answer.reply_preview = "=1+1 & <i>".to_owned();
    answer.edited_at = AT + 1;
    answer.edits =
        serde_json::from_str(r#"[{"content": "</li>before", "at": "2021-05-03T13:05:09Z"}]"#)
            .unwrap();
    answer.reactions = vec![Reaction {
        sender: "49170@s.whatsapp.net".to_owned(),
        sender_name: "Ben \" onclick=\"alert(1)".to_owned(),
        emoji: "👍".to_owned(),
        at: 0,
    }];
    let mut photo = said(3, "caption");
    photo.kind = MessageKind::Image;
    photo.media = vec![picture("../<img>.jpg")];
    photo.timestamp = AT + DAY;
    let mut gone = said(4, "");
    gone.deleted = true;
    gone.timestamp = AT + DAY;
    insta::assert_snapshot!(bubbles(&[said(1, "=1+1 & <i>"), answer, photo, gone]));
}

#[test]
fn what_is_unknown_is_called_so_and_a_strange_quote_leads_nowhere() {
    let mut unknown = said(1, "");
    unknown.kind = MessageKind::Unknown;
    let mut answer = said(2, "yes");
    answer.reply_to = "NEVER CAME".to_owned();
    let shown = bubbles(&[unknown, answer]);
    assert!(shown.contains("does not understand yet"), "{shown}");
    assert!(shown.contains("<blockquote class=\"quoted\">"), "{shown}");
}

#[test]
fn a_long_chat_goes_over_pages_that_lead_to_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let messages: Vec<_> = (0..6_000)
        .map(|number| {
            let mut message = said(number + 1, &format!("number {number}"));
            message.timestamp = AT + number / 100 * DAY;
            if number >= 10 {
                // Ten back: across the ends of pages too.
                message.reply_to = format!("EXT{}", number + 1 - 10);
            }
            message
        })
        .collect();
    let mut form = html(Files::folder(folder.path()));
    write(&mut form, "a/b #1 100%", &messages);
    let read = |name: &str| fs::read_to_string(folder.path().join("chats").join(name)).unwrap();
    let names = [
        "a_b #1 100%.html",
        "a_b #1 100%, Page 2.html",
        "a_b #1 100%, Page 3.html",
    ];
    let pages = names.map(read);
    assert_eq!(
        fs::read_dir(folder.path().join("chats")).unwrap().count(),
        3
    );
    let rows = |page: &str| page.matches("<div class=\"row\"").count();
    assert_eq!(
        pages.each_ref().map(|page| rows(page)),
        [2_500, 2_500, 1_000]
    );
    let second = "a_b%20%231%20100%25%2C%20Page%202.html";
    assert!(
        pages[0].contains(&format!("href=\"{second}\" rel=\"next\"")),
        "the way on"
    );
    assert!(
        pages[2].contains(&format!("href=\"{second}\" rel=\"prev\"")),
        "the way back"
    );
    assert!(!pages[2].contains(">Later<"), "the last page has none");
    assert!(
        pages[1].contains("href=\"a_b%20%231%20100%25.html#m2491\""),
        "an answer leads to the page before"
    );
    assert!(
        pages[0].contains("id=\"m2491\""),
        "where what it answers stands"
    );
    let index = fs::read_to_string(folder.path().join("index.html")).unwrap();
    assert_eq!(
        index.matches(&format!("href=\"chats/{second}\"")).count(),
        1
    );
    assert!(index.contains("Messages: 6,000"), "{index}");
}

#[test]
fn signs_and_those_who_are_mentioned_are_shown_as_in_the_reader() {
    let mut message = said(1, "*hi* @4915550002 and @4915550003");
    message.metadata = r#"{"mentions": ["4915550002@lid"]}"#.to_owned();
    message.reply_to = "NEVER CAME".to_owned();
    message.reply_preview = "_ask_ @4915550002".to_owned();
    let shown = bubbles(&[message]);
    let ben = "<span class=\"mention\">@<bdi>Ben &lt;i&gt;</bdi></span>";
    assert!(
        shown.contains(&format!("<strong>hi</strong> {ben} and @4915550003")),
        "{shown}"
    );
    assert!(shown.contains(&format!("<em>ask</em> {ben}")), "{shown}");
}

#[rstest]
#[case(
    Language::De,
    "<html lang=\"de\" dir=\"ltr\">",
    "Montag, 3. Mai 2021",
    "Nachrichten: 1 ·"
)]
#[case(
    Language::Pt,
    "<html lang=\"pt\" dir=\"ltr\">",
    "segunda-feira, 3 de maio de 2021",
    "Mensagens: 1 ·"
)]
#[case(
    Language::Ar,
    "<html lang=\"ar\" dir=\"rtl\">",
    "الاثنين، 3 مايو 2021",
    "الرسائل: 1 ·"
)]
fn a_page_speaks_the_language_of_the_window(
    #[case] language: Language,
    #[case] root: &str,
    #[case] day: &str,
    #[case] count: &str,
) {
    let page = Page::default();
    let now = "2026-11-21T17:00:00Z".parse().unwrap();
    let mut form = Html::new(
        Files::one(page.clone()),
        lisbon(),
        now,
        Words::of(language),
        None,
    );
    write(&mut form, "Studio", &[said(1, "hello")]);
    let text = page.text();
    for expected in [root, day, count] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

/// A message with a file that is here.
fn sent(contents: &Contents, number: i64, name: &str, bytes: &[u8]) -> MessageRow {
    fs::create_dir_all(contents.folder()).unwrap();
    let new = contents.folder().join("new");
    fs::write(&new, bytes).unwrap();
    let hash = Hash::of_file(&new).unwrap();
    let kept = contents.path(&hash);
    fs::create_dir_all(kept.parent().unwrap()).unwrap();
    fs::rename(new, kept).unwrap();
    let mut message = said(number, "");
    message.kind = MessageKind::Document;
    let mut file = picture(name);
    file.media_type = "document".to_owned();
    file.sha256 = hash.to_string();
    file.local = threadkeep_mirror::LocalState::Here;
    message.media = vec![file];
    message
}

#[test]
fn files_lie_beside_the_page_and_what_could_run_is_no_click_away() {
    let folder = tempfile::tempdir().unwrap();
    let contents = Contents::new(folder.path().join("contents"));
    let png = b"\x89PNG\r\n\x1a\n and so on";
    let messages = [
        sent(&contents, 1, "../a b.png", png),
        sent(&contents, 2, "../a b.png", png),
        sent(&contents, 3, "letter.pdf", b"%PDF-1.7"),
        sent(&contents, 4, "page.html", b"<script>alert(1)</script>"),
    ];
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let to = out.join("Ana.html");
    let export = || {
        let (place, files) = Place::take(&to, false).unwrap();
        let keeping = Keeping {
            contents: contents.clone(),
            cancel: CancellationToken::new(),
        };
        let now = "2026-11-21T17:00:00Z".parse().unwrap();
        let words = Words::of(Language::En);
        let mut form = Html::new(files, lisbon(), now, words, Some(keeping));
        write(&mut form, "Studio", &messages);
        place.keep().unwrap();
        fs::read_to_string(&to).unwrap()
    };
    let page = export();
    let names = |folder: &str| {
        let files = fs::read_dir(out.join(folder)).unwrap();
        let mut names: Vec<_> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let files = names("Ana_files");
    assert_eq!(
        files.len(),
        3,
        "what was sent twice is there once: {files:?}"
    );
    assert!(
        files[0].starts_with("a b ") && files[0].ends_with(".png"),
        "{files:?}"
    );
    assert_eq!(
        fs::read(out.join("Ana_files").join(&files[0])).unwrap(),
        png
    );
    let address = format!("Ana_files/{}", files[0].replace(' ', "%20"));
    assert_eq!(page.matches(&format!("<img src=\"{address}\"")).count(), 2);
    assert!(page.contains("<a href=\"Ana_files/letter%20"), "{page}");
    assert!(
        !page.contains("href=\"Ana_files/page"),
        "a page can hold a program: {page}"
    );
    assert!(page.contains("kept as Ana_files/page "), "{page}");
    // Once more into the same place: what is in the folder stays.
    assert!(
        export().contains("src=\"Ana_files%202/"),
        "a folder of its own"
    );
    assert_eq!(
        names("."),
        ["Ana.html", "Ana_files", "Ana_files 2"],
        "nothing is left"
    );
}

#[test]
fn an_export_that_is_stopped_leaves_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let contents = Contents::new(folder.path().join("contents"));
    let message = sent(&contents, 1, "a.png", b"\x89PNG\r\n\x1a\n");
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let (place, files) = Place::take(&out.join("Ana.html"), false).unwrap();
    let keeping = Keeping {
        contents,
        cancel: CancellationToken::new(),
    };
    keeping.cancel.cancel();
    let now = "2026-11-21T17:00:00Z".parse().unwrap();
    let mut form = Html::new(files, lisbon(), now, Words::of(Language::En), Some(keeping));
    let exported = Exported {
        integration: IntegrationPk(1),
        integration_id: 1,
        chat: "",
        chat_name: "Studio",
        chat_kind: ConversationKind::Group,
        platform: "whatsapp",
        name_of: &str::to_owned,
        message: &message,
    };
    let stopped = form.message(&exported).unwrap_err();
    assert_eq!(stopped.kind(), io::ErrorKind::Interrupted);
    drop(form);
    drop(place);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn a_page_of_nothing_says_so() {
    let page = Page::default();
    write(&mut html(Files::one(page.clone())), "", &[]);
    assert!(page.text().contains("<h1>No messages</h1>"));
}

#[rstest]
#[case("=cmd|' /C calc'!A1", "\"'=cmd|' /C calc'!A1\"")]
#[case("+351 912", "\"'+351 912\"")]
#[case("-1", "\"'-1\"")]
#[case("@SUM(1)", "\"'@SUM(1)\"")]
#[case("\t=1", "\"'\t=1\"")]
#[case("\r=1", "\"'\r=1\"")]
#[case("\n=1", "\"'\n=1\"")]
#[case("＝1", "\"'＝1\"")]
#[case("'quoted'", "\"''quoted'\"")]
#[case("a, \"b\"\nc", "\"a, \"\"b\"\"\nc\"")]
#[case("1=1 א", "1=1 א")]
fn no_cell_is_a_formula(#[case] text: &str, #[case] cell: &str) {
    let page = Page::default();
    let mut form = Csv::new(Files::one(page.clone()), true);
    write(&mut form, "Studio", &[said(1, text)]);
    let text = page.text();
    assert!(text.starts_with("\u{feff}account,chat,"), "{text}");
    assert!(text.ends_with("realtime\r\n"), "{text}");
    assert!(text.contains(&format!(",text,{cell},")), "{text}");
}

#[test]
fn plain_text_cannot_pretend_to_be_two_messages() {
    let page = Page::default();
    let mut form = Txt::new(Files::one(page.clone()), lisbon());
    let mut system = said(2, "Ana created the group: now");
    system.kind = MessageKind::System;
    let mut mine = said(3, "");
    mine.from_me = true;
    mine.media = vec![picture("a\nb.jpg")];
    mine.edited_at = AT;
    let mut gone = said(4, "");
    gone.deleted = true;
    let forged = said(
        1,
        "hello\r\n[2021-05-03, 14:05:10] Ben: \u{202e}forged\r\u{200e}[x",
    );
    write(&mut form, "Studio\nNorth", &[forged, system, mine, gone]);
    insta::assert_snapshot!(
        page.text()
            .replace('\u{200e}', "<LRM>")
            .replace('\u{202e}', "<RLO>")
    );
}

#[rstest]
fn half_an_export_goes_away(#[values(false, true)] is_folder: bool) {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("out");
    let names = || fs::read_dir(folder.path()).unwrap().count();
    let (place, mut files) = Place::take(&to, is_folder).unwrap();
    files.begin("a.html").unwrap();
    files.out().unwrap().write_all(b"half").unwrap();
    assert_eq!(
        (names(), to.exists()),
        (1, false),
        "it lies beside its name"
    );
    drop(files);
    drop(place);
    assert_eq!(names(), 0);
}

#[test]
fn a_file_is_replaced_and_a_folder_with_something_in_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (file, full) = (folder.path().join("file"), folder.path().join("full"));
    fs::write(&file, "old").unwrap();
    fs::create_dir(&full).unwrap();
    fs::write(full.join("mine"), "mine").unwrap();
    let (place, mut files) = Place::take(&file, false).unwrap();
    files.out().unwrap().write_all(b"new").unwrap();
    assert_eq!(
        fs::read(&file).unwrap(),
        b"old",
        "it stays until the new one is whole"
    );
    files.finish().unwrap();
    place.keep().unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"new");
    for (to, is_folder) in [(&full, true), (&full, false), (&file, true)] {
        let taken = Place::take(to, is_folder).err().unwrap();
        assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
    }
    // One that is filled while the export runs is not touched either.
    let late = folder.path().join("late");
    let (place, _files) = Place::take(&late, true).unwrap();
    fs::create_dir(&late).unwrap();
    fs::write(late.join("mine"), "mine").unwrap();
    assert_eq!(
        place.keep().err().unwrap().kind(),
        io::ErrorKind::AlreadyExists
    );
    assert_eq!(fs::read(late.join("mine")).unwrap(), b"mine");
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        3,
        "nothing was left"
    );
}
