//! Beside `whatsapp-chat-parser` 4.0.2.

use super::*;

fn known(form: &str) -> Known {
    match form {
        "ios-vi" => Known::Other("it wants the date before the time"),
        "ios-ar" => Known::Other("it knows the digits 0 to 9 alone"),
        "android-ko" => Known::Other("it passes over a half of the day before the hour"),
        _ => Known::Same,
    }
}

#[test]
fn whatsapp_chat_parser_reads_what_we_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if !root.join("node_modules/whatsapp-chat-parser").exists() {
        missing(
            "whatsapp-chat-parser",
            "its package is not installed (npm ci)",
        );
        return;
    }
    let program = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/second_readers/read_whatsapp_chat_parser.mjs");
    let read = |files: &[PathBuf]| theirs(Command::new("node").arg(&program), files);
    compare(read, known, |row| row);
}
