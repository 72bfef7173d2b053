//! Neutral records as somebody else wrote them: an array, `{"records": […]}`, one record, or NDJSON.

use std::io::{BufRead, Read as _};

use threadkeep_protocol::{MAX_LINE_BYTES, Record};

use crate::{
    Format, Input, InputError, Options, ReadError, Receive, TranslateError, Translation,
    json::{
        self,
        stream::{Kind, Stream},
    },
    lines::{Lines, lines},
    texts::{self, End, Reading},
    translation::Sink,
};

const NO_RECORDS: TranslateError = TranslateError::WrongShape {
    expected: "an array of records",
};

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
        return Err(NO_RECORDS);
    }
    Ok(Some(records))
}

fn read_all<'a>(sink: &mut Sink, records: impl Iterator<Item = (usize, &'a [u8])>) {
    for record in records {
        take(sink, record);
    }
}

fn take(sink: &mut Sink, (index, text): (usize, &[u8])) {
    sink.at(index);
    match parse(text) {
        Ok(record) => sink.push(record),
        Err(reason) => sink.error(reason),
    }
}

fn parse(text: &[u8]) -> Result<Record, String> {
    serde_json::from_str(&json::checked(text)?).map_err(|error| json::reason(&error))
}

/// Whether the input holds neutral records.
pub(crate) fn recognise(input: &Input) -> Result<bool, InputError> {
    Ok(!texts::of_format(input, Format::Neutral)?.is_empty())
}

/// Reads the neutral records of an input.
pub(crate) fn read(
    input: &Input,
    _options: &Options,
    receiver: &mut dyn Receive,
) -> Result<(), ReadError> {
    texts::read_each(input, Format::Neutral, receiver, read_text)
}

fn read_text(reading: &mut Reading<'_>, bytes: &mut dyn BufRead) -> Result<(), End> {
    // What is short may be one record on several lines.
    let mut head = Vec::new();
    let limit = MAX_LINE_BYTES as u64 + 1;
    (&mut *bytes).take(limit).read_to_end(&mut head)?;
    if head.len() <= MAX_LINE_BYTES {
        reading.sink.translation = neutral(&head)?;
        return reading.step(head.len() as u64);
    }
    let text = json::trim(json::without_bom(&head));
    let is_array = text.starts_with(b"[");
    let members = json::leading_members(text);
    let has = |name: &str| members.iter().any(|(key, _)| key == name);
    let is_envelope = !has("type") && has("records");
    let bytes = (&head[..]).chain(bytes);
    if is_array || is_envelope {
        read_array(reading, Stream::new(bytes), is_envelope)
    } else {
        read_lines(reading, Lines::new(bytes))
    }
}

fn read_lines(reading: &mut Reading<'_>, mut lines: Lines<impl BufRead>) -> Result<(), End> {
    while let Some(line) = lines.next()? {
        take(&mut reading.sink, line);
        reading.step(lines.at())?;
    }
    Ok(())
}

/// The elements of an array, which may be the member `records` of an object.
fn read_array(
    reading: &mut Reading<'_>,
    mut stream: Stream<impl std::io::Read>,
    in_envelope: bool,
) -> Result<(), End> {
    if in_envelope {
        stream.enter()?;
        loop {
            match stream.next_key()? {
                Some(key) if key == "records" => break,
                Some(_) => stream.skip()?,
                None => return Err(NO_RECORDS.into()),
            }
        }
        if stream.kind()? != Kind::Array {
            return Err(NO_RECORDS.into());
        }
    }
    stream.enter()?;
    let mut index = 0;
    while stream.next_element()? {
        take(&mut reading.sink, (index, stream.take()?));
        index += 1;
        reading.step(stream.position())?;
    }
    while in_envelope && stream.next_key()?.is_some() {
        stream.skip()?;
    }
    Ok(stream.finish()?)
}

#[cfg(test)]
mod tests;
