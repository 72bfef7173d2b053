//! The window's types: generated from the commands, committed, compared by `npm run check`.

use std::path::Path;

use specta_typescript::Typescript;
use tauri_specta::{Builder, collect_commands, collect_events};

use crate::{commands, events};

/// Every command and event that the window knows.
pub fn builder() -> Builder<tauri::Wry> {
    Builder::new()
        // What the window sends and gets has one shape: absent and null are told apart nowhere.
        .disable_serde_phases()
        .commands(collect_commands![
            commands::app::app_state,
            commands::app::data_folder_show,
            commands::app::link_open,
            commands::app::zoom_set,
            commands::account::account_connect,
            commands::account::account_remove,
            commands::account::account_use_this_computer,
            commands::account::sample_add,
            commands::account::sample_remove,
            commands::chat::chat_activity,
            commands::chat::chat_choose,
            commands::chat::chat_get,
            commands::chat::chat_list,
            commands::chat::message_details,
            commands::chat::message_list,
            commands::chat::message_sources,
            commands::contact::contact_get,
            commands::contact::contact_list,
            commands::contact::contact_written,
            commands::details::chat_details,
            commands::details::gallery_list,
            commands::export::export_cancel,
            commands::export::export_open,
            commands::export::export_plan,
            commands::export::export_show,
            commands::export::export_start,
            commands::history::history_cancel,
            commands::history::history_get,
            commands::history::history_load,
            commands::import::import_cancel,
            commands::import::import_choose,
            commands::import::import_choose_key,
            commands::import::import_leave,
            commands::import::import_list,
            commands::import::import_look,
            commands::import::import_start,
            commands::import::import_undo,
            commands::sync::following_set,
            commands::media::media_beside,
            commands::media::media_leave,
            commands::media::media_look,
            commands::media::media_open,
            commands::media::media_reveal,
            commands::media::media_save,
            commands::media::media_settings_read,
            commands::media::media_settings_write,
            commands::media::media_want,
            commands::search::search_by_chat,
            commands::search::search_messages,
            commands::search::search_names,
            commands::search::search_quick,
            commands::search::search_rebuild,
            commands::selection::selection_get,
            commands::selection::selection_plan,
            commands::selection::selection_set,
            commands::sync::run_list,
            commands::sync::stats_read,
            commands::sync::sync_cancel,
            commands::sync::sync_settings_read,
            commands::sync::sync_settings_write,
            commands::sync::sync_start,
            commands::verify::verify_start,
        ])
        .events(collect_events![
            events::FilesDropped,
            events::FilesOver,
            events::LinkChanged,
            events::MediaMoved,
            events::MirrorChanged
        ])
}

/// Writes the types. Never at start: a start that changes sources would be a surprise.
pub fn export(path: &Path) {
    builder()
        .export(Typescript::default(), path)
        .expect("the bindings can be written: an ignored error would leave an empty file");
}
