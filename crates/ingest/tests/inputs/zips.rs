//! Zips: as phones write them, and as nobody should.

use zip::CompressionMethod;

use super::*;

fn with_limits(bytes: &[u8], limits: Limits) -> Result<Vec<String>, InputError> {
    let home = folder();
    let path = write(home.path(), "x.zip", bytes);
    let input = Input::open(&path, limits)?;
    Ok(paths(&input).into_iter().map(str::to_owned).collect())
}

fn opened(bytes: &[u8]) -> Result<Vec<String>, InputError> {
    with_limits(bytes, Limits::default())
}

/// Where the record of an entry begins in the directory.
pub(super) fn central(bytes: &[u8], number: usize) -> usize {
    let records = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, four)| *four == b"PK\x01\x02");
    records
        .map(|(at, _)| at)
        .nth(number)
        .expect("a record of the directory")
}

pub(super) fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

#[test]
fn a_zip_is_its_files() {
    let home = folder();
    let text = "hello\n".repeat(10_000);
    let bytes = zip_of(&[
        ("_chat.txt", text.as_bytes()),
        ("a/photo.jpg", b"\xff\xd8"),
        ("empty", b""),
    ]);
    let input = open(&write(home.path(), "no name says zip", &bytes));
    assert_eq!(paths(&input), ["_chat.txt", "a/photo.jpg", "empty"]);
    assert_eq!(
        bytes_of(&input, &input.entries()[0]).unwrap(),
        text.as_bytes()
    );
    assert_eq!(bytes_of(&input, &input.entries()[2]).unwrap(), b"");
    let (mut one, mut other) = (
        input.read(&input.entries()[0]).unwrap(),
        input.read(&input.entries()[1]).unwrap(),
    );
    let mut both = [0; 2];
    one.read_exact(&mut both).unwrap();
    other.read_exact(&mut both).unwrap();
    assert_eq!(both, *b"\xff\xd8", "two entries are read side by side");
}

/// What phones write: sizes stand behind the bytes, because they were not known before them.
#[test]
fn sizes_behind_the_bytes_are_read() {
    let mut zip = ZipWriter::new_stream(Vec::new());
    zip.start_file("_chat.txt", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(&b"text ".repeat(1_000)).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(bytes[6] & 0x08, 0x08, "the header says that sizes follow");
    let home = folder();
    let input = open(&write(home.path(), "x.zip", &bytes));
    assert_eq!(bytes_of(&input, &input.entries()[0]).unwrap().len(), 5_000);
}

#[test]
fn a_large_zips_form_is_read() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.txt", SimpleFileOptions::default().large_file(true))
        .unwrap();
    zip.write_all(b"large").unwrap();
    for number in 0..70_000 {
        // More than the old form can count.
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(format!("f{number}"), stored).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let home = folder();
    let input = open(&write(home.path(), "x.zip", &bytes));
    assert_eq!(input.entries().len(), 70_001);
    assert_eq!(bytes_of(&input, &input.entries()[0]).unwrap(), b"large");
}

#[test]
fn paths_that_lead_out_are_left_out() {
    let bytes = zip_of(&[
        ("../../etc/passwd", b"x"),
        ("/etc/passwd", b"x"),
        ("C:\\Windows\\x", b"x"),
        ("a/../../b", b"x"),
        ("..\\up", b"x"),
        ("nul\0byte", b"x"),
        ("./fine/./a.txt", b"kept"),
        ("back\\slash.txt", b"kept"),
        ("CON", b"kept"),
        ("a:", b"kept"),
        ("A.TXT", b"kept"),
        ("a.txt", b"kept"),
        ("\u{202e}gpj.exe", b"kept"),
        ("__MACOSX/._chat.txt", b"of macOS"),
    ]);
    let home = folder();
    let input = open(&write(home.path(), "x.zip", &bytes));
    let kept = [
        "fine/a.txt",
        "back/slash.txt",
        "CON",
        "a:",
        "A.TXT",
        "a.txt",
        "\u{202e}gpj.exe",
    ];
    assert_eq!(paths(&input), kept);
    assert_eq!(input.left_out(), 6);
}

#[test]
fn links_in_a_zip_are_left_out() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("link", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    zip.start_file("file", SimpleFileOptions::default())
        .unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(opened(&bytes).unwrap(), ["file"]);
}

#[test]
fn a_zip_in_a_zip_is_a_file() {
    let inner = zip_of(&[("store.json", br#"{"messages": {}}"#)]);
    let bytes = zip_of(&[("inner.zip", &inner)]);
    assert_eq!(opened(&bytes).unwrap(), ["inner.zip"]);
}

/// Phones write UTF-8 and do not always say so.
#[test]
fn names_are_text_whether_or_not_the_zip_says_which() {
    let mut bytes = zip_of(&[("Fotos für Ana.jpg", b"x")]);
    let at = central(&bytes, 0);
    bytes[at + 9] &= !0x08; // the flag that says that the name is UTF-8
    assert_eq!(opened(&bytes).unwrap(), ["Fotos für Ana.jpg"]);

    let mut bytes = zip_of(&[("Fotos fuer Ana.jpg", b"x")]);
    let at = central(&bytes, 0) + 46 + 7;
    bytes[at] = 0x81; // an ü as DOS had it
    assert_eq!(opened(&bytes).unwrap(), ["Fotos füer Ana.jpg"]);
}

#[test]
fn a_zip_that_was_cut_is_refused_in_words() {
    let bytes = zip_of(&[("a.txt", &b"word ".repeat(1_000))]);
    for cut in [4, 30, bytes.len() / 2, bytes.len() - 1] {
        let error = opened(&bytes[..cut]).unwrap_err();
        assert_eq!(error.code(), "bad_zip", "cut at {cut}");
        assert!(
            error.to_string().contains("cut short or damaged"),
            "{error}"
        );
    }
}

#[test]
fn bytes_that_are_not_those_that_were_packed_are_an_error() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("a.txt", stored).unwrap();
    zip.write_all(b"true words").unwrap();
    let mut bytes = zip.finish().unwrap().into_inner();
    let at = bytes.windows(4).position(|four| four == b"true").unwrap();
    bytes[at..at + 4].copy_from_slice(b"fake");
    let home = folder();
    let input = open(&write(home.path(), "x.zip", &bytes));
    assert!(
        bytes_of(&input, &input.entries()[0]).is_err(),
        "the sum does not fit"
    );
}

#[test]
fn an_entry_that_says_too_little_does_not_come() {
    let mut bytes = zip_of(&[("bomb", &vec![0; 1_000_000])]);
    let at = central(&bytes, 0);
    put(&mut bytes, at + 24, 10); // ten bytes, it says
    let home = folder();
    let input = open(&write(home.path(), "x.zip", &bytes));
    let error = input.copy(&input.entries()[0]).unwrap_err();
    assert!(
        matches!(error, InputError::TooLarge { limit: 10, .. }),
        "{error}"
    );
}

#[test]
fn a_little_that_becomes_a_lot_is_refused() {
    let limits = Limits {
        ratio: 50,
        ..Limits::default()
    };
    let bytes = zip_of(&[("bomb", &vec![0; 70 * 1024 * 1024])]);
    let error = with_limits(&bytes, limits).unwrap_err();
    assert!(matches!(error, InputError::Bomb(_)), "{error}");
    assert!(
        opened(&zip_of(&[("zeros", &vec![0; 1024 * 1024])])).is_ok(),
        "what is small may pack well"
    );
}

#[test]
fn too_much_in_all_is_refused() {
    let bytes = zip_of(&[("a", &[1; 600]), ("b", &[2; 600])]);
    let limits = Limits {
        total_bytes: 1_000,
        ..Limits::default()
    };
    let error = with_limits(&bytes, limits).unwrap_err();
    assert!(matches!(error, InputError::Bomb(_)), "{error}");
}

/// One packed piece under many names: the zip of a few megabytes that becomes petabytes.
#[test]
fn entries_that_share_their_bytes_are_refused() {
    let mut bytes = zip_of(&[
        ("a", &b"word ".repeat(1_000)),
        ("b", &b"word ".repeat(1_000)),
    ]);
    let at = central(&bytes, 1);
    put(&mut bytes, at + 42, 0); // the second begins where the first does
    let error = opened(&bytes).unwrap_err();
    assert!(matches!(error, InputError::Bomb(_)), "{error}");
}

#[test]
fn a_million_entries_are_refused_before_they_are_listed() {
    let mut bytes = zip_of(&[("a", b"x")]);
    let end = bytes.len() - 22;
    bytes[end + 8..end + 12].copy_from_slice(&[0xff; 4]);
    put(&mut bytes, end + 12, u32::MAX);
    // The record of large zips, and what leads to it.
    let mut large = b"PK\x06\x06".to_vec();
    large.extend_from_slice(&44_u64.to_le_bytes());
    large.extend_from_slice(&[45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for number in [1_000_000_u64, 1_000_000, 46_000_000, 0] {
        large.extend_from_slice(&number.to_le_bytes());
    }
    let mut locator = b"PK\x06\x07\0\0\0\0".to_vec();
    locator.extend_from_slice(&(end as u64).to_le_bytes());
    locator.extend_from_slice(&1_u32.to_le_bytes());
    large.extend_from_slice(&locator);
    bytes.splice(end..end, large);
    let error = opened(&bytes).unwrap_err();
    assert!(matches!(error, InputError::TooMany(_)), "{error}");
}

#[test]
fn more_entries_than_the_limit_are_refused() {
    let bytes = zip_of(&[("a", b""), ("b", b""), ("c", b"")]);
    let error = with_limits(
        &bytes,
        Limits {
            entries: 2,
            ..Limits::default()
        },
    )
    .unwrap_err();
    assert!(matches!(error, InputError::TooMany(2)), "{error}");
}

#[test]
fn a_password_is_said_in_words() {
    let mut bytes = zip_of(&[("a.txt", b"secret")]);
    let at = central(&bytes, 0);
    bytes[at + 8] |= 1;
    let error = opened(&bytes).unwrap_err();
    assert!(
        error.to_string().contains("protected by a password"),
        "{error}"
    );
}

/// Some make a zip of a file and a program that unpacks it; what is before the zip is passed over by `zip`, but it does
/// not begin as a zip, so it is a file here.
#[test]
fn what_only_ends_as_a_zip_is_a_file() {
    let home = folder();
    let bytes = [b"MZ program".as_slice(), &zip_of(&[("a", b"x")])].concat();
    assert!(open(&write(home.path(), "x.exe", &bytes)).is_file());
}
