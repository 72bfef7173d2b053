//! One answer of a stream: rows past a cursor.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, IgnoredAny, MapAccess},
    ser::SerializeMap,
};

use crate::{Row, Seq};

/// Rows with `seq` past the cursor, ascending. On the wire the rows stand under the stream's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// The last row's seq; the cursor that was asked with where there is no row. With a view it may lie
    /// past both: what lies between is not in the view.
    pub latest_seq: Seq,
    /// Whether rows lie past `latest_seq`.
    pub has_more: bool,
    /// How many rows lay past the cursor that was asked with, these included; 0 where nobody counted,
    /// which only a view can bring about: then it is not on the wire.
    pub total_count: i64,
    /// The id of the server's history; empty where the server has none to tell.
    pub epoch: String,
}

impl<R> Page<R> {
    fn is_counted(&self) -> bool {
        self.total_count > 0 || (self.rows.is_empty() && !self.has_more)
    }
}

impl<R: Row> Serialize for Page<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(R::STREAM.name(), &self.rows)?;
        map.serialize_entry("latest_seq", &self.latest_seq)?;
        map.serialize_entry("has_more", &self.has_more)?;
        if self.is_counted() {
            map.serialize_entry("total_count", &self.total_count)?;
        }
        map.serialize_entry("epoch", &self.epoch)?;
        map.end()
    }
}

impl<'de, R: Row> Deserialize<'de> for Page<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<R>(PhantomData<R>);

        impl<'de, R: Row> de::Visitor<'de> for Visitor<R> {
            type Value = Page<R>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a page of {}", R::STREAM)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Page<R>, A::Error> {
                let (mut rows, mut latest_seq, mut has_more) = (None, None, None);
                let (mut total_count, mut epoch) = (None::<Option<i64>>, None::<Option<String>>);
                while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                    match key.as_ref() {
                        name if name == R::STREAM.name() => {
                            rows = map.next_value::<Option<Vec<R>>>()?
                        }
                        "latest_seq" => latest_seq = Some(map.next_value()?),
                        "has_more" => has_more = Some(map.next_value()?),
                        "total_count" => total_count = Some(map.next_value()?),
                        "epoch" => epoch = Some(map.next_value()?),
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(Page {
                    rows: rows.unwrap_or_default(),
                    latest_seq: latest_seq.ok_or_else(|| de::Error::missing_field("latest_seq"))?,
                    has_more: has_more.ok_or_else(|| de::Error::missing_field("has_more"))?,
                    total_count: total_count.flatten().unwrap_or_default(),
                    epoch: epoch.flatten().unwrap_or_default(),
                })
            }
        }

        deserializer.deserialize_map(Visitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Conversation, Message};

    #[test]
    fn a_page_of_a_server_that_knows_only_the_first_design_is_read() {
        let page: Page<Conversation> = serde_json::from_str(
            r#"{"conversations": [{"id": "0192d1e0-0000-7000-8000-000000000001", "seq": 7,
                "external_conversation_id": "1@s.whatsapp.net", "name": null, "new_field": [1]}],
                "latest_seq": 7, "has_more": false, "total_count": 1}"#,
        )
        .unwrap();
        assert_eq!(page.rows[0].name, None, "a null is a missing field");
        assert_eq!(
            page.epoch, "",
            "a server without epochs is taken as one long history"
        );
    }

    #[test]
    fn a_null_and_a_kind_of_a_newer_server_cost_no_row() {
        let page: Page<Message> = serde_json::from_str(
            r#"{"messages": [{"id": "0192d1e0-0000-7000-8000-000000000001", "seq": 7,
                "conversation_id": "0192d1e0-0000-7000-8000-000000000002",
                "external_message_id": "A", "timestamp": "2024-01-01T00:00:00Z",
                "content": null, "is_starred": null, "reactions": null, "message_type": null,
                "sync_source": "carrier_pigeon", "delivery_status": "teleported"}],
                "latest_seq": 7, "has_more": false, "total_count": null, "epoch": null}"#,
        )
        .unwrap();
        let message = &page.rows[0];
        assert_eq!(message.content, "", "a null is a missing field");
        assert_eq!(message.message_type, crate::MessageKind::Unknown);
        assert_eq!(message.delivery_status, None, "no status that we know");
        assert_eq!(message.sync_source, crate::SyncSource::Realtime);
    }

    #[test]
    fn rows_stand_under_the_name_of_their_stream() {
        let page = Page::<Message> {
            rows: vec![],
            latest_seq: 3,
            has_more: false,
            total_count: 0,
            epoch: "e".into(),
        };
        let text = serde_json::to_string(&page).unwrap();
        assert!(text.starts_with(r#"{"messages":[]"#), "{text}");
        assert_eq!(serde_json::from_str::<Page<Message>>(&text).unwrap(), page);
    }

    #[test]
    fn a_page_without_a_cursor_is_refused() {
        assert!(serde_json::from_str::<Page<Message>>(r#"{"messages": []}"#).is_err());
    }
}
