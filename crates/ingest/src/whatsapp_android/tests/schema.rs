//! The tables that are read, as two releases have them; written from their columns.

/// A release of 2019: everything in `messages`.
pub(in super::super) const OLD: &str = include_str!("schema/old.sql");

/// A release of 2025, without the tables that both generations or nobody has a use for.
pub(in super::super) const NEW: &str = include_str!("schema/new.sql");

/// Ana in a chat of two (row 1), a group (2) with Ben, whose number is hidden, and the statuses (3).
pub(in super::super) const PEOPLE: &str = include_str!("schema/people.sql");

/// The address book.
pub(in super::super) const NAMES: &str = include_str!("schema/names.sql");
