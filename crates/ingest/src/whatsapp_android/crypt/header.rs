//! What a backup says before its encrypted bytes.
//!
//! `crypt12`: version `00 01`, the key's version, a salt (32), Google's id (16), the IV (16).
//! `crypt14` and `crypt15`: the length of a protobuf as a varint, and it. Field 2 (`crypt14`) holds the salt as 3 and the
//! IV as 5; field 3 (`crypt15`) holds the IV as 1; field 4 tells the app's version. Other fields are passed over.

/// What a backup says before its encrypted bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Where the encrypted bytes begin.
    pub(super) length: usize,
    pub(super) iv: [u8; 16],
    /// Which key file opens it; an end-to-end encrypted backup names none.
    pub(super) salt: Option<Vec<u8>>,
    /// How many bytes stand behind the checksum: the end of the phone number.
    pub(super) footer: usize,
}

/// More than any header has.
pub(super) const MAX_LENGTH: usize = 4096;

const CRYPT12: usize = 67;

impl Header {
    /// Reads the beginning of a file; `None` where it is no backup's.
    pub(super) fn read(head: &[u8]) -> Option<Self> {
        Self::of_protobuf(head).or_else(|| Self::of_crypt12(head))
    }

    fn of_crypt12(head: &[u8]) -> Option<Self> {
        let head = head.get(..CRYPT12)?;
        matches!(head, [0, 1, 1..=3, ..]).then_some(())?;
        Some(Self {
            length: CRYPT12,
            iv: head[51..].try_into().ok()?,
            salt: Some(head[3..35].to_vec()),
            footer: 4,
        })
    }

    fn of_protobuf(head: &[u8]) -> Option<Self> {
        let mut after_length = head;
        let length = usize::try_from(varint(&mut after_length)?).ok()?;
        let begins = head.len() - after_length.len();
        // Some releases wrote a 1 between a length below 128 and what it counts.
        let begins = begins + usize::from(begins == 1 && after_length.first() == Some(&1));
        if length > MAX_LENGTH {
            return None;
        }
        let mut fields = head.get(begins..begins + length)?;
        let mut found = None;
        while !fields.is_empty() {
            match field(&mut fields)? {
                (2, Value::Bytes(inner)) => found = Some((bytes(inner, 5)?, bytes(inner, 3))),
                (3, Value::Bytes(inner)) => found = Some((bytes(inner, 1)?, None)),
                _ => {}
            }
        }
        let (iv, salt) = found?;
        Some(Self {
            length: begins + length,
            iv: iv.try_into().ok()?,
            salt: salt.map(<[u8]>::to_vec),
            footer: 0,
        })
    }
}

enum Value<'a> {
    Bytes(&'a [u8]),
    Other,
}

/// The bytes of a field of a message.
fn bytes(mut message: &[u8], number: u64) -> Option<&[u8]> {
    while !message.is_empty() {
        match field(&mut message)? {
            (found, Value::Bytes(bytes)) if found == number => return Some(bytes),
            _ => {}
        }
    }
    None
}

fn field<'a>(message: &mut &'a [u8]) -> Option<(u64, Value<'a>)> {
    let tag = varint(message)?;
    let length = match tag & 7 {
        0 => {
            varint(message)?;
            return Some((tag >> 3, Value::Other));
        }
        1 => 8,
        2 => usize::try_from(varint(message)?).ok()?,
        5 => 4,
        _ => return None,
    };
    let value = message.split_off(..length)?;
    let value = if tag & 7 == 2 {
        Value::Bytes(value)
    } else {
        Value::Other
    };
    Some((tag >> 3, value))
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.split_off_first()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A field of bytes.
    fn with(number: u8, bytes: &[u8]) -> Vec<u8> {
        let mut field = vec![number << 3 | 2, u8::try_from(bytes.len()).unwrap()];
        field.extend(bytes);
        field
    }

    fn crypt15() -> Vec<u8> {
        let inner = [
            vec![8, 1],
            with(3, &with(1, &[5; 16])),
            with(4, &with(1, b"2.22.5.13")),
        ]
        .concat();
        [vec![u8::try_from(inner.len()).unwrap()], inner].concat()
    }

    #[test]
    fn each_kind_is_read() {
        let whole = crypt15();
        let header = Header::read(&whole).unwrap();
        assert_eq!(
            (header.iv, header.salt, header.length),
            ([5; 16], None, whole.len())
        );

        let cipher = [with(1, &[0, 1]), with(3, &[7; 32]), with(5, &[6; 16])].concat();
        let inner = [vec![8, 0], with(2, &cipher), with(4, &[b'x'; 70])].concat();
        let whole = [vec![u8::try_from(inner.len()).unwrap(), 1], inner].concat();
        let header = Header::read(&whole).unwrap();
        assert_eq!(
            (header.iv, header.salt),
            ([6; 16], Some(vec![7; 32])),
            "a length of two bytes"
        );

        let whole = [
            vec![0, 1, 2],
            vec![7; 32],
            vec![8; 16],
            vec![9; 16],
            vec![0; 9],
        ]
        .concat();
        let header = Header::read(&whole).unwrap();
        assert_eq!(
            (header.iv, header.length, header.footer),
            ([9; 16], 67, 4),
            "crypt12"
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Header::read(&bytes);
        }

        #[test]
        fn a_changed_header_is_read_or_not(at in 0_usize..40, byte: u8, cut in 0_usize..60) {
            let mut bytes = crypt15();
            let at = at % bytes.len();
            bytes[at] = byte;
            bytes.truncate(cut);
            let header = Header::read(&bytes);
            prop_assert!(header.is_none_or(|header| header.length <= bytes.len()), "it ends within the bytes");
        }
    }
}
