//! The forms in which JavaScript leaves numbers, bytes and enums in JSON.

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Map, Value};
use threadkeep_protocol::Timestamp;

const FORGIVING: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, FORGIVING);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, FORGIVING);

/// The field, where it is there and not null.
pub(crate) fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.get(name).filter(|field| !field.is_null())
}

/// The first of the fields that is there and not null.
pub(crate) fn any<'a>(value: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| field(value, name))
}

/// A text that is not empty.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    field(value, name)?.as_str().filter(|text| !text.is_empty())
}

/// The elements of an array field; none where there is no array.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    field(value, name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A long: a number, its digits, or the halves that `long.js` keeps.
pub(crate) fn long(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_u64().map(|_| i64::MAX))
            // A cast saturates, and what is no number becomes 0.
            .or_else(|| number.as_f64().map(|float| float as i64)),
        Value::String(digits) => {
            let digits = digits.trim();
            let parsed = digits.parse::<i64>().ok();
            parsed.or_else(|| digits.parse::<u64>().ok().map(|_| i64::MAX))
        }
        Value::Object(halves) => {
            let half = |name: &str| halves.get(name).and_then(Value::as_i64);
            // Each half is a signed 32-bit number; the cast keeps its bits.
            let (low, high) = (half("low")? as u32, half("high")? as u32);
            let joined = u64::from(high) << 32 | u64::from(low);
            let is_unsigned = halves.get("unsigned").and_then(Value::as_bool) == Some(true);
            Some(match i64::try_from(joined) {
                Ok(number) => number,
                Err(_) if is_unsigned => i64::MAX,
                Err(_) => joined as i64,
            })
        }
        _ => None,
    }
}

/// A long field.
pub(crate) fn number(value: &Value, name: &str) -> Option<i64> {
    long(field(value, name)?)
}

/// A count or size: what is negative is no count.
pub(crate) fn count(value: &Value, name: &str) -> Option<i64> {
    number(value, name).filter(|number| *number >= 0)
}

/// A time in seconds; 0 is how protobuf says that there is none. What would lie past the year 5000 was
/// written in milliseconds, as some writers do.
pub(crate) fn seconds(value: &Value, name: &str) -> Option<Timestamp> {
    let time = number(value, name).filter(|time| *time != 0)?;
    Some(seconds_or_millis(time))
}

/// A time of a field that holds seconds or milliseconds.
pub(crate) fn seconds_or_millis(time: i64) -> Timestamp {
    const FIRST_THAT_IS_MILLIS: i64 = 100_000_000_000;
    if time < FIRST_THAT_IS_MILLIS {
        Timestamp::from_seconds(time)
    } else {
        Timestamp::from_millis(time)
    }
}

/// A time in milliseconds.
pub(crate) fn millis(value: &Value, name: &str) -> Option<Timestamp> {
    let millis = number(value, name).filter(|millis| *millis != 0)?;
    Some(Timestamp::from_millis(millis))
}

/// A yes or no.
pub(crate) fn flag(value: &Value, name: &str) -> Option<bool> {
    match field(value, name)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) => word.parse().ok(),
        other => long(other).map(|number| number != 0),
    }
}

/// Whether an enum field has a value, given as its name or its number.
pub(crate) fn is(value: &Value, name: &str, variant: (&str, i64)) -> bool {
    match field(value, name) {
        Some(Value::String(word)) => word == variant.0 || word.parse() == Ok(variant.1),
        Some(other) => long(other) == Some(variant.1),
        None => false,
    }
}

/// Bytes: base64, a `Buffer`, an array, or an object of numbered bytes.
pub(crate) fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => {
            let decoded = BASE64.decode(text);
            decoded.or_else(|_| BASE64_URL.decode(text)).ok()
        }
        Value::Array(array) => array.iter().map(byte).collect(),
        Value::Object(object) => match object.get("data") {
            Some(data @ (Value::String(_) | Value::Array(_))) => bytes(data),
            _ => numbered(object),
        },
        _ => None,
    }
}

fn byte(value: &Value) -> Option<u8> {
    value.as_u64().and_then(|number| u8::try_from(number).ok())
}

/// `{"0": 255, "1": 216, …}`, which is how a `Uint8Array` is written without a replacer.
fn numbered(object: &Map<String, Value>) -> Option<Vec<u8>> {
    let mut bytes = vec![0; object.len()];
    for (place, value) in object {
        *bytes.get_mut(place.parse::<usize>().ok()?)? = byte(value)?;
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// A bytes field as base64.
pub(crate) fn base64(value: &Value, name: &str) -> Option<String> {
    let bytes = bytes(field(value, name)?)?;
    (!bytes.is_empty()).then(|| base64::engine::general_purpose::STANDARD.encode(bytes))
}

/// A bytes field as lower-case hex.
pub(crate) fn hex(value: &Value, name: &str) -> Option<String> {
    let bytes = bytes(field(value, name)?)?;
    (!bytes.is_empty()).then(|| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests;
