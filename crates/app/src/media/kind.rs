//! What a file is by its first bytes, and what may be done with it.
//!
//! What a sender says that a file is decides nothing: only what is a picture, a film or a sound by its own
//! bytes reaches the window, and only what no program runs is handed to the desktop. HTML and SVG are
//! documents that can hold programs; they are saved and never shown.

/// The media type of what the window may show or play; none for all else.
#[must_use]
pub fn shown(head: &[u8]) -> Option<&'static str> {
    let at = |place: usize, bytes: &[u8]| {
        head.get(place..)
            .is_some_and(|rest| rest.starts_with(bytes))
    };
    let is_brand = |brands: &[&[u8]]| at(4, b"ftyp") && brands.iter().any(|brand| at(8, brand));
    Some(match head {
        _ if at(0, b"\xff\xd8\xff") => "image/jpeg",
        _ if at(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if at(0, b"GIF87a") || at(0, b"GIF89a") => "image/gif",
        _ if at(0, b"RIFF") && at(8, b"WEBP") => "image/webp",
        _ if is_brand(&[b"avif", b"avis"]) => "image/avif",
        _ if at(0, b"RIFF") && at(8, b"WAVE") => "audio/wav",
        _ if at(0, b"OggS") => ogg(head),
        _ if at(0, b"ID3") || is_mpeg_audio(head) => "audio/mpeg",
        _ if at(0, b"fLaC") => "audio/flac",
        _ if at(0, b"#!AMR") => "audio/amr",
        _ if is_brand(&[b"M4A ", b"M4B "]) => "audio/mp4",
        _ if at(0, b"\x1a\x45\xdf\xa3") => "video/webm",
        _ if is_brand(&[b"heic", b"heix", b"mif1", b"msf1"]) => return None,
        _ if at(4, b"ftyp") => "video/mp4",
        _ => return None,
    })
}

/// A film says so in its first page.
fn ogg(head: &[u8]) -> &'static str {
    let first = &head[..head.len().min(512)];
    let is_film = first.windows(7).any(|piece| piece == b"\x80theora");
    if is_film { "video/ogg" } else { "audio/ogg" }
}

/// Frame sync, a layer that exists, and a bit rate that does.
fn is_mpeg_audio(head: &[u8]) -> bool {
    matches!(head, [0xff, second, third, ..]
        if second & 0xe0 == 0xe0 && second & 0x06 != 0 && second & 0x18 != 0x08
            && third & 0xf0 != 0xf0 && third & 0x0c != 0x0c)
}

/// The ending of what is shown.
fn ending(media_type: &str) -> &'static str {
    match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/avif" => "avif",
        "audio/wav" => "wav",
        "audio/ogg" => "ogg",
        "audio/mpeg" => "mp3",
        "audio/flac" => "flac",
        "audio/amr" => "amr",
        "audio/mp4" => "m4a",
        "video/webm" => "webm",
        "video/ogg" => "ogv",
        _ => "mp4",
    }
}

/// Endings of documents that programs show and none runs. Those with macros (`docm`) are not among them,
/// nor are pages (`html`, `svg`), shortcuts and archives.
const DOCUMENTS: [&str; 18] = [
    "pdf", "txt", "csv", "md", "rtf", "doc", "docx", "odt", "xls", "xlsx", "ods", "ppt", "pptx",
    "odp", "epub", "ics", "vcf", "heic",
];

/// What the file is called when it is handed to the desktop; none for what is not handed over.
#[must_use]
pub fn openable_name(head: &[u8], file_name: &str) -> Option<String> {
    let safe = safe_name(file_name);
    if let Some(media_type) = shown(head) {
        return Some(with_ending(&safe, ending(media_type)));
    }
    let (stem, ending) = safe.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    let is_one = DOCUMENTS.contains(&ending.as_str()) && !is_program(head);
    let is_what_it_says = ending != "pdf" || head.starts_with(b"%PDF-");
    (is_one && is_what_it_says && !stem.is_empty()).then_some(safe)
}

/// Programs of the three systems, and scripts.
fn is_program(head: &[u8]) -> bool {
    let beginnings: [&[u8]; 8] = [
        b"\x7fELF",
        b"MZ",
        b"#!",
        b"\xfe\xed\xfa",
        b"\xcf\xfa\xed\xfe",
        b"\xce\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"[Desktop Entry]",
    ];
    beginnings
        .iter()
        .any(|beginning| head.starts_with(beginning))
}

/// What the file is called when it is saved.
#[must_use]
pub fn saved_name(head: &[u8], file_name: &str) -> String {
    let safe = safe_name(file_name);
    match shown(head) {
        Some(media_type) => with_ending(&safe, ending(media_type)),
        None if safe.is_empty() => "file".to_owned(),
        None => safe,
    }
}

fn with_ending(name: &str, ending: &str) -> String {
    let has_it = name.rsplit_once('.').is_some_and(|(stem, own)| {
        let own = own.to_ascii_lowercase();
        !stem.is_empty() && (own == ending || (ending == "jpg" && own == "jpeg"))
    });
    match name {
        "" => format!("file.{ending}"),
        name if has_it => name.to_owned(),
        name => format!("{name}.{ending}"),
    }
}

/// The sender's name as the name of one file: no path, nothing hidden, nothing that turns the direction of
/// reading around (`gpj.exe` backwards), nothing that a system keeps for itself.
fn safe_name(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| if r#"<>:"|?*"#.contains(c) { '_' } else { c })
        .collect();
    let plain = plain.trim_matches([' ', '.']);
    let (stem, ending) = plain.rsplit_once('.').unwrap_or((plain, ""));
    let stem: String = stem.chars().take(100).collect();
    let ending: String = ending.chars().take(20).collect();
    let is_reserved = {
        let upper = stem
            .split('.')
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL")
            || (upper.len() == 4
                && (upper.starts_with("COM") || upper.starts_with("LPT"))
                && upper.ends_with(|c: char| c.is_ascii_digit()))
    };
    let stem = if is_reserved {
        format!("_{stem}")
    } else {
        stem
    };
    if ending.is_empty() {
        stem
    } else {
        format!("{stem}.{ending}")
    }
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::jpeg(b"\xff\xd8\xff\xe0....", Some("image/jpeg"))]
    #[case::png(b"\x89PNG\r\n\x1a\n", Some("image/png"))]
    #[case::webp(b"RIFF....WEBPVP8 ", Some("image/webp"))]
    #[case::voice(b"OggS....OpusHead", Some("audio/ogg"))]
    #[case::wav(b"RIFF....WAVEfmt ", Some("audio/wav"))]
    #[case::mp4(b"....ftypisom", Some("video/mp4"))]
    #[case::mp3(b"\xff\xfb\x90\x64", Some("audio/mpeg"))]
    #[case::svg(b"<svg onload='x'/>", None)]
    #[case::page(b"<!DOCTYPE html>", None)]
    #[case::pdf(b"%PDF-1.7", None)]
    #[case::program(b"MZ\x90\x00", None)]
    #[case::utf_16(b"\xff\xfe<\x00h\x00", None)]
    #[case::nothing(b"", None)]
    fn only_pictures_films_and_sounds_are_shown(
        #[case] head: &[u8],
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(shown(head), expected);
    }

    #[rstest::rstest]
    #[case::a_document(b"%PDF-1.7", "Bill.pdf", Some("Bill.pdf"))]
    #[case::that_is_none(b"<html>", "Bill.pdf", None)]
    #[case::a_picture(b"\xff\xd8\xff", "holiday.JPEG", Some("holiday.JPEG"))]
    #[case::under_a_false_name(b"\xff\xd8\xff", "holiday.exe", Some("holiday.exe.jpg"))]
    #[case::without_a_name(b"\xff\xd8\xff", "", Some("file.jpg"))]
    #[case::a_program(b"MZ", "setup.exe", None)]
    #[case::a_program_as_a_document(b"\x7fELF", "letter.docx", None)]
    #[case::with_macros(b"PK\x03\x04", "letter.docm", None)]
    #[case::a_page(b"<html>", "letter.html", None)]
    #[case::a_drawing_with_a_script(b"<svg>", "logo.svg", None)]
    #[case::a_shortcut(b"[Desktop Entry]", "letter.txt", None)]
    #[case::hidden(b"text", ".bashrc", None)]
    fn what_can_run_is_never_handed_over(
        #[case] head: &[u8],
        #[case] name: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(openable_name(head, name).as_deref(), expected);
    }

    #[rstest::rstest]
    #[case("../../.ssh/authorized_keys", "authorized_keys")]
    #[case("..\\..\\Startup\\evil.bat", "evil.bat")]
    #[case("holiday\u{202e}gpj.exe", "holidaygpj.exe")]
    #[case("a\0b\n.txt", "ab.txt")]
    #[case("con.txt", "_con.txt")]
    #[case("...", "file")]
    #[case("what?.pdf", "what_.pdf")]
    #[case("Ärger 你好.pdf", "Ärger 你好.pdf")]
    fn a_name_is_no_path(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(saved_name(b"", name), expected);
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = saved_name(b"", &format!("{}.pdf", "x".repeat(4_000)));
        assert_eq!(name.len(), 104);
        assert!(name.ends_with(".pdf"));
    }
}
