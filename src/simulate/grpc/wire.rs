//! Protocol Buffers as bytes, to and from JSON, along a table of fields.
//!
//! Knows the encoding and no message.

use serde_json::{Map, Value};

use super::fields::{Field, Kind};

/// The message as JSON; none where the bytes are no message. Fields that the table lacks are passed over.
pub(super) fn read(mut bytes: &[u8], fields: &[Field]) -> Option<Value> {
    let mut object = Map::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let data = Data::read(&mut bytes, tag & 7)?;
        let Some(field) = fields.iter().find(|field| field.number == tag >> 3) else { continue };
        let value = value(&field.kind, &data)?;
        match object.get_mut(field.name) {
            Some(Value::Array(items)) if field.many => items.push(value),
            _ if field.many => drop(object.insert(field.name.to_owned(), vec![value].into())),
            _ => drop(object.insert(field.name.to_owned(), value)),
        }
    }
    Some(Value::Object(object))
}

/// The message of a JSON object, without the members that the table lacks.
pub(super) fn write(object: &Value, fields: &[Field]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in fields {
        match object.get(field.name) {
            Some(Value::Array(items)) if field.many => {
                items.iter().for_each(|item| put(field, item, &mut bytes));
            }
            Some(single) => put(field, single, &mut bytes),
            None => {}
        }
    }
    bytes
}

/// What stands behind a tag.
enum Data<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Data<'a> {
    fn read(bytes: &mut &'a [u8], wire_type: u64) -> Option<Self> {
        match wire_type {
            0 => varint(bytes).map(Self::Number),
            1 => taken(bytes, 8)?.try_into().ok().map(u64::from_le_bytes).map(Self::Number),
            2 => {
                let length = usize::try_from(varint(bytes)?).ok()?;
                taken(bytes, length).map(Self::Bytes)
            }
            5 => {
                let number = u32::from_le_bytes(taken(bytes, 4)?.try_into().ok()?);
                Some(Self::Number(number.into()))
            }
            _ => None,
        }
    }
}

fn taken<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

/// Seven bits in each byte, the lowest first; the eighth says that more follow.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = taken(bytes, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn value(kind: &Kind, data: &Data<'_>) -> Option<Value> {
    Some(match (kind, data) {
        (Kind::Text, Data::Bytes(bytes)) => std::str::from_utf8(bytes).ok()?.into(),
        (Kind::Whole, Data::Number(number)) => number.cast_signed().into(),
        (Kind::Flag, Data::Number(number)) => (*number != 0).into(),
        (Kind::Float, Data::Number(bits)) => f32::from_bits(u32::try_from(*bits).ok()?).into(),
        (Kind::Message(fields), Data::Bytes(bytes)) => read(bytes, fields)?,
        _ => return None,
    })
}

/// Writes a field; a value that does not fit its kind is left out.
fn put(field: &Field, value: &Value, bytes: &mut Vec<u8>) {
    let number = field.number;
    match (&field.kind, value) {
        (Kind::Text, Value::String(text)) => delimited(number, text.as_bytes(), bytes),
        (Kind::Bytes, Value::Array(items)) => {
            let item = |item: &Value| item.as_u64().and_then(|item| u8::try_from(item).ok());
            delimited(number, &items.iter().filter_map(item).collect::<Vec<u8>>(), bytes);
        }
        (Kind::Whole, value) => {
            // JSON has numbers of 64 bits as text.
            let text = value.as_str().and_then(|text| text.parse().ok());
            if let Some(whole) = value.as_i64().or(text) {
                numbered(number, whole.cast_unsigned(), bytes);
            }
        }
        (Kind::Float, Value::Number(float)) => {
            push_varint(number << 3 | 5, bytes);
            bytes.extend((float.as_f64().unwrap_or_default() as f32).to_le_bytes());
        }
        (Kind::Flag, Value::Bool(flag)) => numbered(number, u64::from(*flag), bytes),
        (Kind::Name(names), Value::String(name)) => {
            if let Some(at) = names.iter().position(|known| known == name) {
                numbered(number, at as u64, bytes);
            }
        }
        (Kind::Map, Value::Object(entries)) => {
            for (key, value) in entries {
                let mut entry = Vec::new();
                delimited(1, key.as_bytes(), &mut entry);
                delimited(2, value.as_str().unwrap_or_default().as_bytes(), &mut entry);
                delimited(number, &entry, bytes);
            }
        }
        (Kind::Duration, Value::String(text)) => delimited(number, &duration(text), bytes),
        (Kind::Message(fields), Value::Object(_)) => {
            delimited(number, &write(value, fields), bytes);
        }
        _ => {}
    }
}

fn duration(text: &str) -> Vec<u8> {
    let seconds: f64 = text.trim_end_matches('s').parse().unwrap_or_default();
    let mut bytes = Vec::new();
    numbered(1, seconds.trunc() as u64, &mut bytes);
    numbered(2, (seconds.fract() * 1e9).round() as u64, &mut bytes);
    bytes
}

fn numbered(field: u64, number: u64, bytes: &mut Vec<u8>) {
    push_varint(field << 3, bytes);
    push_varint(number, bytes);
}

fn delimited(field: u64, data: &[u8], bytes: &mut Vec<u8>) {
    push_varint(field << 3 | 2, bytes);
    push_varint(data.len() as u64, bytes);
    bytes.extend_from_slice(data);
}

fn push_varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
