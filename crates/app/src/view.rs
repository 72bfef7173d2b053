//! What the window and the terminal are shown: plain data, named in the words of the field.
//!
//! Invariants: ids cross as strings (a 64-bit number does not survive JavaScript), times are
//! milliseconds UTC and counts plain numbers, all below 2^53.

mod account;
mod chat;
mod contact;
mod details;
mod export;
mod history;
mod import;
mod language;
mod link;
mod media;
mod message;
mod message_details;
mod run;
mod search;
mod selection;
mod setting;
mod stats;
mod verify;

pub use account::{Account, AppState};
pub use chat::{Chat, ChatChoice, ChatFilter, ChatKind, ChatPage, ChatQuery, LastMessage};
pub use contact::{
    Address, AddressKind, Contact, ContactPage, ContactQuery, Merged, SharedGroup, Written,
};
pub use details::{ChatDetails, GalleryKind, GalleryPage, Member, MemberRole};
pub use export::{ExportFormat, ExportPlan, ExportProgress, ExportQuery, ExportReport};
pub use history::{Gap, History, HistoryStatus};
pub use import::{
    Import, ImportChat, ImportCount, ImportDateOrder, ImportFault, ImportFile, ImportJoin,
    ImportKey, ImportOptions, ImportPhase, ImportPreview, ImportProgress, ImportReport,
    ImportState,
};
pub use language::Language;
pub use link::{Link, LinkChange, LinkState};
pub use media::{MediaProgress, MediaSettings, MediaState, PicturesBeside};
pub use message::{
    Anchor, Card, Edit, Media, Mention, Message, MessagePage, Place, Poll, Quote, Reaction, Sender,
    Span,
};
pub use message_details::{MessageDetails, MessageSource, Receipt, Stretches};
pub use run::{Outcome, Problem, Run, RunReport, SyncProgress};
pub use search::{
    ChatHits, Excerpt, IndexProgress, NamesFound, Person, QuickFound, SearchByChat, SearchHit,
    SearchOrder, SearchPage, SearchQuery,
};
pub use selection::{
    ChatRule, ChatRuleAsked, Freed, KeepRule, SelectionAsked, SelectionPlan, SelectionView,
};
pub use setting::SyncSettings;
pub use stats::{Bytes, Stats};
pub use verify::{Check, Finding, StreamVerdict, VerifyOptions, VerifyProgress, VerifyReport};
