//! What opens a backup, in the forms in which people have it.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The bytes that Java writes before an array of bytes.
const JAVA: [u8; 4] = [0xac, 0xed, 0x00, 0x05];
/// All that it writes before the bytes themselves: its own header, the class and the length.
const JAVA_BEFORE_BYTES: usize = 27;
/// Version, salt, Google's id and its hash, an empty IV, and the key.
const KEY_FILE: usize = 131;

/// A key as it was given.
pub(super) enum Secret {
    /// The root key of an end-to-end encrypted backup: 32 bytes, as a file or as 64 digits.
    Root([u8; 32]),
    /// The key file of older backups.
    File {
        /// What a backup that it opens begins with.
        salt: [u8; 32],
        key: [u8; 32],
    },
}

impl Secret {
    /// Reads a key; `None` where the bytes are none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if let Some(root) = digits(bytes) {
            return Some(Self::Root(root));
        }
        let bytes = if bytes.starts_with(&JAVA) {
            bytes.get(JAVA_BEFORE_BYTES..)?
        } else {
            bytes
        };
        match bytes.len() {
            32 => Some(Self::Root(bytes.try_into().ok()?)),
            KEY_FILE => Some(Self::File {
                salt: bytes[3..35].try_into().ok()?,
                key: bytes[99..131].try_into().ok()?,
            }),
            _ => None,
        }
    }

    /// The key of a backup whose header names this salt, or none for an end-to-end encrypted one.
    pub(super) fn cipher_key(&self, salt: Option<&[u8]>) -> Option<[u8; 32]> {
        match (self, salt) {
            (Self::Root(root), None) => Some(derived(root)),
            // The bare key of an older backup looks like a root key.
            (Self::Root(key), Some(_)) => Some(*key),
            (Self::File { salt, key }, Some(named)) => (named == salt).then_some(*key),
            (Self::File { .. }, None) => None,
        }
    }
}

/// 64 hexadecimal digits, in groups or in one piece.
fn digits(bytes: &[u8]) -> Option<[u8; 32]> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.trim().trim_start_matches('\u{feff}');
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | ':'))
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[pair.len() - 1])
        .collect();
    (digits.len() == 64).then(|| bytes.try_into().ok())?
}

/// The key for a backup's bytes: the root key is made a key for each purpose.
fn derived(root: &[u8; 32]) -> [u8; 32] {
    let between = mac(&[0; 32], root);
    mac(&between, b"backup encryption\x01")
}

fn mac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // A key of this length is always taken.
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).unwrap_or_else(|_| unreachable!());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";

    fn root(bytes: &[u8]) -> Option<[u8; 32]> {
        match Secret::read(bytes)? {
            Secret::Root(root) => Some(root),
            Secret::File { .. } => None,
        }
    }

    #[test]
    fn a_root_key_is_read_in_each_of_its_forms() {
        let bytes: [u8; 32] = std::array::from_fn(|at| u8::try_from(at).unwrap());
        let grouped = HEX
            .as_bytes()
            .chunks(4)
            .map(|four| std::str::from_utf8(four).unwrap());
        let grouped = grouped.collect::<Vec<_>>().join(" ") + "\n";
        let mut java = b"\xac\xed\x00\x05ur\x00\x02[B\xac\xf3\x17\xf8\x06\x08T\xe0\x02\x00\x00xp\x00\x00\x00\x20".to_vec();
        java.extend(bytes);
        for form in [HEX.as_bytes(), grouped.as_bytes(), &bytes, &java] {
            assert_eq!(root(form), Some(bytes), "each form is the same key");
        }
    }

    #[test]
    fn what_is_no_key_is_none() {
        for bytes in [
            &b""[..],
            b"password",
            &HEX.as_bytes()[..62],
            &[0; 33],
            &JAVA,
        ] {
            assert!(Secret::read(bytes).is_none());
        }
    }

    #[test]
    fn a_key_file_opens_what_has_its_salt() {
        let mut file = vec![0; KEY_FILE];
        file[3..35].fill(7);
        file[99..].fill(9);
        let secret = Secret::read(&file).unwrap();
        assert_eq!(secret.cipher_key(Some(&[7; 32])), Some([9; 32]));
        assert_eq!(
            secret.cipher_key(Some(&[8; 32])),
            None,
            "another phone's backup"
        );
        assert_eq!(
            secret.cipher_key(None),
            None,
            "an end-to-end encrypted backup has a root key"
        );
    }
}
