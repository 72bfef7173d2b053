//! The files of the messages among the input's entries.
//!
//! The database names a file from the app's folder on (`Media/WhatsApp Images/IMG-….jpg`), older ones from the root of
//! the storage. An input may begin anywhere above it, or at `Media` itself: so a path is known by what follows `Media/`.

use std::collections::HashMap;

use threadkeep_protocol::MediaRecord;

use crate::{Input, InputError, Options, Receive};

pub(super) struct Files<'i> {
    all: crate::files::Files<'i>,
    input: &'i Input,
    by_path: HashMap<&'i str, usize>,
}

impl<'i> Files<'i> {
    pub(super) fn new(input: &'i Input, options: &Options) -> Self {
        let entries = input.entries().iter().enumerate();
        let by_path = if input.is_file() {
            HashMap::new()
        } else {
            entries
                .map(|(index, entry)| (within_media(&entry.path), index))
                .collect()
        };
        Self {
            all: crate::files::Files::new(input, options),
            input,
            by_path,
        }
    }

    /// Says in the record of a file, which the database names by its path, what the input has of it.
    pub(super) fn attach(
        &mut self,
        path: &str,
        media: &mut MediaRecord,
        receiver: &mut dyn Receive,
    ) -> Result<(), InputError> {
        let entry = self.by_path.get(within_media(path)).copied();
        // An empty file is one that never came.
        match entry.filter(|entry| self.input.entries()[*entry].bytes > 0) {
            Some(entry) => self.all.attach(entry, media, receiver),
            None => Ok(()),
        }
    }
}

fn within_media(path: &str) -> &str {
    match path.rfind("/Media/") {
        Some(at) => &path[at + "/Media/".len()..],
        None => path.strip_prefix("Media/").unwrap_or(path),
    }
}

/// The path in what Java wrote of a file, in the oldest databases: a text is `t`, its length in two bytes, and it.
pub(super) fn path_in_java(bytes: &[u8]) -> Option<String> {
    const BEGIN: usize = 3;
    (0..bytes.len().saturating_sub(BEGIN)).find_map(|at| {
        let &[tag, high, low] = bytes.get(at..at + BEGIN)? else {
            return None;
        };
        if tag != b't' {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        let text = bytes.get(at + BEGIN..at + BEGIN + length)?;
        let text = std::str::from_utf8(text).ok()?;
        text.contains("Media/").then(|| text.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::as_stored("Media/WhatsApp Images/a.jpg")]
    #[case::of_the_storage("/storage/emulated/0/WhatsApp/Media/WhatsApp Images/a.jpg")]
    #[case::in_an_input("backup/com.whatsapp/WhatsApp/Media/WhatsApp Images/a.jpg")]
    #[case::input_begins_at_media("WhatsApp Images/a.jpg")]
    fn a_file_is_known_by_what_follows_media(#[case] path: &str) {
        assert_eq!(within_media(path), "WhatsApp Images/a.jpg");
    }

    #[test]
    fn the_path_is_found_in_what_java_wrote() {
        let path = "/sdcard/WhatsApp/Media/WhatsApp Video/v.mp4";
        let mut java = b"\xac\xed\x00\x05sr\x00\x16com.whatsapp.MediaData\x00t".to_vec();
        java.extend(b"\x00\x03abct");
        java.extend(u16::try_from(path.len()).unwrap().to_be_bytes());
        java.extend(path.as_bytes());
        java.extend(b"w\x02\x00/x");
        assert_eq!(path_in_java(&java).as_deref(), Some(path));
        assert_eq!(
            path_in_java(b"t\xff\xffMedia/"),
            None,
            "a length past the end is none"
        );
    }
}
