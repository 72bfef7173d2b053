//! File names from the names of chats, which are other people's words: they must lie in one folder, on
//! any system, under the eyes of a person.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

/// In bytes, with the extension; all systems take 255, and somebody may put words in front.
const LONGEST: usize = 120;

/// Names that Windows keeps for devices, whatever the extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The names that are used in one folder.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// A safe name that no other file of the folder has, also where case does not count.
    pub(super) fn unused(&mut self, title: &str, extension: &str) -> String {
        let mut name = safe(title, extension);
        let mut number = 2;
        while !self.0.insert(name.to_lowercase()) {
            name = join(&title_of(title, 8), &format!(" {number}"), extension);
            number += 1;
        }
        name
    }
}

/// A name that every system takes, as like the title as can be.
pub(super) fn safe(title: &str, extension: &str) -> String {
    join(&title_of(title, 0), "", extension)
}

/// The name in a folder, or with a number one that nothing there has.
pub(super) fn vacant(folder: &Path, name: &str) -> PathBuf {
    let (title, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let mut place = folder.join(name);
    let mut number = 2;
    while place.exists() {
        place = folder.join(join(title, &format!(" {number}"), extension));
        number += 1;
    }
    place
}

fn join(title: &str, number: &str, extension: &str) -> String {
    if extension.is_empty() {
        format!("{title}{number}")
    } else {
        format!("{title}{number}.{extension}")
    }
}

/// The title with `spare` bytes left for a number.
fn title_of(title: &str, spare: usize) -> String {
    let plain: String = title
        .chars()
        .filter(|&c| !is_invisible(c))
        .map(|c| if is_refused(c) { '_' } else { c })
        .collect();
    // Dots in front hide a file, and Windows drops dots and spaces at the end.
    let trimmed = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let mut short = String::new();
    for word in trimmed.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    let mut end = short.len().min(LONGEST - spare);
    while !short.is_char_boundary(end) {
        end -= 1;
    }
    short.truncate(end);
    let short = short.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    if short.is_empty() {
        return "Chat".to_owned();
    }
    if is_device(short) {
        return format!("_{short}");
    }
    short.to_owned()
}

/// What a name must not hold somewhere: separators, wildcards, what cannot be typed.
fn is_refused(c: char) -> bool {
    c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// Marks that are not seen and turn the name around, so that `exe.txt` reads as `txt.exe`.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_lowercase();
    let numbered = stem
        .strip_prefix("com")
        .or_else(|| stem.strip_prefix("lpt"))
        .is_some_and(|rest| matches!(rest, "¹" | "²" | "³") || is_one_digit(rest));
    numbered || DEVICES.contains(&stem.as_str())
}

fn is_one_digit(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Ana Souza", "Ana Souza.txt")]
    #[case("日本 🎌 شركة", "日本 🎌 شركة.txt")]
    #[case("../../etc/passwd", "_.._etc_passwd.txt")]
    #[case("C:\\Windows\\system32", "C__Windows_system32.txt")]
    #[case("a\u{202e}txt.exe", "atxt.exe.txt")]
    #[case("tab\there\nand there", "tab_here_and there.txt")]
    #[case("  two   spaces . ", "two spaces.txt")]
    #[case("...", "Chat.txt")]
    #[case("\u{200f}\u{2066}", "Chat.txt")]
    #[case("CON", "_CON.txt")]
    #[case("nul.tar.gz", "_nul.tar.gz.txt")]
    #[case("Com1", "_Com1.txt")]
    #[case("COM²", "_COM².txt")]
    #[case("Console", "Console.txt")]
    #[case("a*?\"<>|b", "a______b.txt")]
    fn a_name_is_safe_everywhere(#[case] title: &str, #[case] name: &str) {
        assert_eq!(safe(title, "txt"), name);
    }

    #[test]
    fn a_long_name_is_cut_between_two_characters() {
        let name = safe(&"ä🎌".repeat(100), "html");
        assert!(name.len() <= LONGEST + 5, "{}", name.len());
        assert!(name.ends_with(".html"), "the extension stays: {name}");
    }

    #[test]
    fn no_two_files_have_one_name_where_case_does_not_count() {
        let mut names = Names::default();
        let given = [
            "Ana",
            "ANA",
            "ana",
            "Ana 2",
            &"x".repeat(200),
            &"x".repeat(201),
        ]
        .map(|title| names.unused(title, "txt").to_lowercase());
        let different: HashSet<_> = given.iter().collect();
        assert_eq!(different.len(), given.len(), "{given:?}");
        assert_eq!(given[1], "ana 2.txt");
        assert!(given.iter().all(|name| name.len() <= LONGEST + 4));
    }
}
