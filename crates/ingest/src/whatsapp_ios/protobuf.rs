//! Protobuf without a schema: fields by their numbers. What does not parse ends where it stops making sense.

/// A message, of which nothing has been read yet.
#[derive(Clone, Copy, Default)]
pub(super) struct Wire<'a>(pub(super) &'a [u8]);

/// A field's value. Numbers of fixed width are passed over: nothing that is read here has any.
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

impl<'a> Wire<'a> {
    fn fields(self) -> impl Iterator<Item = (u64, Value<'a>)> {
        let mut rest = self.0;
        std::iter::from_fn(move || field(&mut rest))
    }

    /// The first number of this field.
    pub(super) fn number(self, number: u64) -> Option<i64> {
        self.fields().find_map(|(at, value)| match value {
            Value::Number(value) if at == number => i64::try_from(value).ok(),
            _ => None,
        })
    }

    /// All messages of this field.
    pub(super) fn all(self, number: u64) -> impl Iterator<Item = Wire<'a>> {
        self.fields().filter_map(move |(at, value)| match value {
            Value::Bytes(bytes) if at == number => Some(Wire(bytes)),
            _ => None,
        })
    }

    /// The message at the end of a path of fields, the first of each.
    pub(super) fn at(self, path: &[u64]) -> Option<Wire<'a>> {
        let mut inner = self;
        for number in path {
            inner = inner.all(*number).next()?;
        }
        Some(inner)
    }

    /// The text at the end of a path, where there is one that is not empty.
    pub(super) fn text(self, path: &[u64]) -> Option<&'a str> {
        let text = str::from_utf8(self.at(path)?.0).ok()?;
        (!text.is_empty()).then_some(text)
    }
}

fn field<'a>(rest: &mut &'a [u8]) -> Option<(u64, Value<'a>)> {
    let key = varint(rest)?;
    let value = match key & 7 {
        0 => Value::Number(varint(rest)?),
        1 => take(rest, 8).map(|_| Value::Other)?,
        2 => {
            let length = usize::try_from(varint(rest)?).ok()?;
            Value::Bytes(take(rest, length)?)
        }
        5 => take(rest, 4).map(|_| Value::Other)?,
        _ => return None,
    };
    Some((key >> 3, value))
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(rest, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_found_by_their_path() {
        // 3: 42; 7: {1: "a", 2: {2: "b"}}; 7: {1: "c"}
        let bytes = [
            0x18, 42, 0x3a, 8, 0x0a, 1, b'a', 0x12, 3, 0x12, 1, b'b', 0x3a, 3, 0x0a, 1, b'c',
        ];
        let wire = Wire(&bytes);
        assert_eq!(wire.number(3), Some(42));
        assert_eq!(wire.text(&[7, 2, 2]), Some("b"));
        let texts: Vec<_> = wire.all(7).filter_map(|part| part.text(&[1])).collect();
        assert_eq!(texts, ["a", "c"], "a field may come several times");
        assert_eq!(wire.text(&[8]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(bytes: Vec<u8>, number: u64) {
            let wire = Wire(&bytes);
            prop_assert!(wire.all(number).count() <= bytes.len());
            let _ = (wire.number(number), wire.text(&[number, 1]));
        }
    }
}
