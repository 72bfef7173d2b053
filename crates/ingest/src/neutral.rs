//! Neutral records as somebody else wrote them: an array, `{"records": […]}`, one record, or NDJSON.

use threadkeep_protocol::Record;

use crate::{TranslateError, Translation, json, lines::lines, translation::Sink};

/// Reads neutral records.
///
/// # Errors
/// When the input is one JSON document that holds no records, or ends inside one.
pub fn neutral(bytes: &[u8]) -> Result<Translation, TranslateError> {
    let text = json::trim(json::without_bom(bytes));
    let mut sink = Sink::default();
    match text.first() {
        None => {}
        Some(b'[') => read_all(&mut sink, json::elements(text)?.into_iter().enumerate()),
        Some(b'{') if json::is_one_value(text) => match envelope(text)? {
            Some(records) => {
                read_all(&mut sink, json::elements(records)?.into_iter().enumerate());
            }
            None => read_all(&mut sink, [(0, text)].into_iter()),
        },
        Some(_) => read_all(&mut sink, lines(bytes)),
    }
    Ok(sink.finish())
}

/// The array of `{"records": […]}`, where the object is that and no record itself.
fn envelope(text: &[u8]) -> Result<Option<&[u8]>, TranslateError> {
    let members = json::members(text)?;
    if members.iter().any(|(key, _)| key == "type") {
        return Ok(None);
    }
    let Some((_, records)) = members.into_iter().find(|(key, _)| key == "records") else {
        return Ok(None);
    };
    if records.first() != Some(&b'[') {
        return Err(TranslateError::WrongShape {
            expected: "an array of records",
        });
    }
    Ok(Some(records))
}

fn read_all<'a>(sink: &mut Sink, records: impl Iterator<Item = (usize, &'a [u8])>) {
    for (index, text) in records {
        sink.at(index);
        match read(text) {
            Ok(record) => sink.push(record),
            Err(reason) => sink.error(reason),
        }
    }
}

fn read(text: &[u8]) -> Result<Record, String> {
    serde_json::from_str(&json::checked(text)?).map_err(|error| json::reason(&error))
}

#[cfg(test)]
mod tests;
