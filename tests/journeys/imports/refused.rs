//! What is damaged or hostile changes nothing.

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rstest::rstest;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{BEGUN, Nora, backup, given, in_utc};

/// All that a computer has: rows, and what was brought in.
async fn all_of(nora: &Nora) -> Value {
    let app = &nora.laptop.app;
    let mut imports = 0;
    for account in app.accounts().await.expect("accounts") {
        imports += app.imports(&account.id).await.expect("imports").len();
    }
    let mut stats = serde_json::to_value(app.stats().await.expect("stats")).expect("JSON");
    stats.as_object_mut().expect("an object").remove("bytes");
    json!({"imports": imports, "stats": stats})
}

fn zip_of(path: &Path, name: &str, bytes: &[u8]) {
    let mut zip = zip::ZipWriter::new(fs::File::create(path).expect("a file can be made"));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file(name, options).expect("an entry begins");
    zip.write_all(bytes).expect("it can be written");
    zip.finish().expect("it ends");
}

fn cut(path: &Path, part: (u64, u64)) {
    let file = fs::OpenOptions::new().write(true).open(path);
    let file = file.expect("it opens");
    let length = file.metadata().expect("a length").len();
    file.set_len(length * part.0 / part.1).expect("it is cut");
}

/// A text of many lines, which does not pack well.
fn long_text() -> Vec<u8> {
    let line = |n: u64| {
        let noise = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!("01.03.24, 10:{:02} - Ana: {n} {noise:x}\n", n % 60)
    };
    (0..4_000).map(line).collect::<String>().into_bytes()
}

#[derive(Debug, Clone, Copy)]
enum Bad {
    CutZip,
    CutDatabase,
    Bomb,
    View,
    Scribbled,
}

fn bad(nora: &Nora, what: Bad) -> PathBuf {
    let place = nora.files.path().join("bad");
    fs::create_dir_all(&place).expect("a folder can be made");
    let archive = place.join("WhatsApp Chat with Ana.zip");
    match what {
        Bad::CutZip => {
            zip_of(&archive, "WhatsApp Chat with Ana.txt", &long_text());
            cut(&archive, (2, 3));
            archive
        }
        Bad::Bomb => {
            let mut text = b"01.03.24, 10:00 - Ana: so\n".to_vec();
            // What is smaller harms nobody.
            text.resize(65 * 1024 * 1024, b' ');
            zip_of(&archive, "WhatsApp Chat with Ana.txt", &text);
            archive
        }
        Bad::CutDatabase => {
            let path = backup(nora);
            cut(&path, (1, 2));
            path
        }
        Bad::View => {
            let path = backup(nora);
            Connection::open(&path)
                .and_then(|conn| {
                    conn.execute_batch(
                        "ALTER TABLE message RENAME TO real;
                         CREATE VIEW message AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                           SELECT i AS _id, 1 AS chat_row_id, 0 AS from_me, i AS key_id, 1 AS sender_jid_row_id,
                             0 AS timestamp, 0 AS message_type, 'x' AS text_data FROM n;",
                    )
                })
                .expect("it can be made");
            path
        }
        Bad::Scribbled => {
            let path = backup(nora);
            let conn = Connection::open(&path).expect("it opens");
            for n in 0..2_000 {
                conn.execute(
                    "INSERT INTO message (chat_row_id, from_me, key_id, sender_jid_row_id, timestamp, message_type, text_data)
                     VALUES (1, 0, ?1, 1, ?2, 0, 'something that fills a page now and then')",
                    (format!("F{n}"), (BEGUN + n) * 1_000),
                )
                .expect("a message can be written");
            }
            drop(conn);
            let mut file = fs::OpenOptions::new()
                .write(true)
                .open(&path)
                .expect("it opens");
            let length = file.metadata().expect("a length").len();
            // From its middle on it is not what it was; what comes before can be read.
            file.seek(SeekFrom::Start(length / 2))
                .expect("it can be sought");
            let noise = vec![0xA5; usize::try_from(length / 4).expect("small")];
            file.write_all(&noise).expect("it can be written");
            path
        }
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_or_hostile_is_refused_in_words_and_changes_nothing(
    #[values(Bad::CutZip, Bad::CutDatabase, Bad::Bomb, Bad::View, Bad::Scribbled)] what: Bad,
) {
    let nora = Nora::sits_down().await;
    let first = nora.export(
        "good",
        "Ben",
        b"01.03.24, 09:58 - Ben: anybody there?\n13.03.24, 09:58 - Ben: no\n",
    );
    nora.import(&first, &in_utc()).await;
    let before = all_of(&nora).await;
    let path = bad(&nora, what);
    let refused = nora
        .laptop
        .app
        .import(&given(&path), &in_utc(), |_| {})
        .await;
    let refused = refused.expect_err("nothing of it is to be had");
    let words = refused.to_string();
    assert!(
        words.contains(' ') && words.len() > 20,
        "a sentence: {words}"
    );
    assert!(
        ["bad_zip", "too_large", "unreadable_file", "unknown_format"].contains(&refused.code()),
        "{}: {words}",
        refused.code()
    );
    nora.laptop.sync().await;
    assert_eq!(
        all_of(&nora).await,
        before,
        "nothing is half brought in: {words}"
    );
}
