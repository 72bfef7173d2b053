//! The format of server-sent events: lines into blocks, bounded. See the HTML standard, § 9.2.

use std::collections::VecDeque;

/// More text than this without the end of a block is no event of ours.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// One event as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// The kind; `message` where none is told.
    pub name: String,
    pub data: String,
}

/// Takes bytes as they come and gives back whole events. Comments count for nothing.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed behind it ends the same line.
    after_return: bool,
    open: Block,
    has_data: bool,
    done: VecDeque<Block>,
}

impl Blocks {
    /// Takes bytes; says whether what they belong to is still of a bearable size.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        for &byte in bytes {
            let follows_return = std::mem::take(&mut self.after_return);
            match byte {
                b'\n' if follows_return => {}
                b'\n' | b'\r' => {
                    self.after_return = byte == b'\r';
                    self.end_line();
                }
                byte => self.line.push(byte),
            }
            if self.line.len() + self.open.data.len() > MAX_BYTES {
                return false;
            }
        }
        true
    }

    /// The next whole event.
    pub fn next(&mut self) -> Option<Block> {
        self.done.pop_front()
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            let mut block = std::mem::take(&mut self.open);
            if std::mem::take(&mut self.has_data) {
                if block.name.is_empty() {
                    block.name.push_str("message");
                }
                self.done.push_back(block);
            }
            return;
        }
        let line = String::from_utf8_lossy(&line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.open.name),
            "data" => {
                if self.has_data {
                    self.open.data.push('\n');
                }
                self.has_data = true;
                self.open.data.push_str(value);
            }
            // Comments (no field), `id` and `retry`: there is nothing to resume by.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(parts: &[&[u8]]) -> Vec<(String, String)> {
        let mut blocks = Blocks::default();
        for part in parts {
            assert!(blocks.push(part), "the text is small");
        }
        std::iter::from_fn(|| blocks.next())
            .map(|block| (block.name, block.data))
            .collect()
    }

    fn pair(name: &str, data: &str) -> (String, String) {
        (name.to_owned(), data.to_owned())
    }

    #[rstest::rstest]
    #[case::plain(b"event: change\ndata: {}\n\n", &[("change", "{}")])]
    #[case::without_a_space(b"event:change\ndata:{}\n\n", &[("change", "{}")])]
    #[case::carriage_returns(b"event: a\rdata: 1\r\r", &[("a", "1")])]
    #[case::both(b"event: a\r\ndata: 1\r\n\r\n", &[("a", "1")])]
    #[case::several_lines(b"data: 1\ndata: 2\n\n", &[("message", "1\n2")])]
    #[case::a_comment(b":\n\n: hello\n\ndata: 1\n\n", &[("message", "1")])]
    #[case::no_data(b"event: a\n\ndata: 1\n\n", &[("message", "1")])]
    #[case::other_fields(b"id: 7\nretry: 1\nwhat\ndata: 1\n\n", &[("message", "1")])]
    #[case::an_unfinished_one(b"data: 1\n\ndata: 2\n", &[("message", "1")])]
    #[case::no_text(b"data: \xff\n\n", &[("message", "\u{fffd}")])]
    fn lines_become_events(#[case] text: &[u8], #[case] wanted: &[(&str, &str)]) {
        let wanted: Vec<_> = wanted.iter().map(|(name, data)| pair(name, data)).collect();
        assert_eq!(blocks(&[text]), wanted);
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(blocks(&bytes), wanted, "however it is cut on its way");
    }

    #[test]
    fn what_never_ends_is_noticed() {
        let part = [b'x'; 1_000];
        let mut line = Blocks::default();
        let taken = (0..).take_while(|_| line.push(&part)).count();
        assert!(taken <= MAX_BYTES / part.len(), "a line without an end");
        let mut lines = Blocks::default();
        let taken = (0..)
            .take_while(|_| lines.push(b"data: xxxxxxxxxxxxxxxx\n"))
            .count();
        assert!(taken <= MAX_BYTES / 16, "lines without an end of the event");
    }
}
