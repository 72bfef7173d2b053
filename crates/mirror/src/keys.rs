//! Names of rows inside this one file. They mean nothing outside it.

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Deserialize, Serialize};

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                i64::column_result(value).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

key!(
    /// One linked account on one server.
    IntegrationPk
);
key!(
    /// A chat.
    ConversationPk
);
key!(
    /// A message.
    MessagePk
);
key!(
    /// A file that came with a message.
    MediaPk
);
key!(
    /// One run of a sync.
    RunPk
);
key!(
    /// An entry of the dictionary of addresses; 0 is nobody, or the account itself.
    AddressPk
);
key!(
    /// A person.
    ContactPk
);
