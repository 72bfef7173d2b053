//! The desktop shell: a window over the app crate.
//!
//! Everything that a person can do is a use case of `threadkeep-app`; here it gets a command of one
//! expression, a type for the window (`bindings.rs`) and a place in the window's life. Plugins are
//! called from Rust only, so that the window needs no permission but to listen for events.

mod bindings;
mod chosen;
mod commands;
mod error;
mod events;
mod instance;
mod link;
mod media;
mod place;
mod start;
mod window;

use tauri::Manager;
use tauri_plugin_window_state::StateFlags;

/// Runs until the last window is closed. `--export-bindings FILE` writes the window's types instead;
/// `--sample` fills an empty data folder with the sample archive; `--export-to FOLDER` is where exports
/// go without asking; `--import-from PATH` is what is imported without asking, once for each path.
pub fn run() {
    let arguments = start::Arguments::read(std::env::args_os().skip(1));
    if let Some(path) = &arguments.export_bindings {
        return bindings::export(path);
    }
    build(arguments)
        .unwrap_or_else(instance::start_again)
        .run(|app, event| {
            if matches!(event, tauri::RunEvent::Exit) {
                // From here on this instance answers nobody: whoever starts Threadkeep now gets a window.
                tauri_plugin_single_instance::destroy(app);
                tauri::async_runtime::block_on(app.state::<start::Opened>().close());
            }
        });
}

/// Makes the window, or hands over to the one that is open and ends this process.
fn build(arguments: start::Arguments) -> tauri::Result<tauri::App> {
    let commands = bindings::builder();
    tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            window::focus(app)
        }))
        .plugin(
            // Size and place; it shows itself when its page is drawn.
            tauri_plugin_window_state::Builder::default()
                .with_state_flags(StateFlags::all() & !StateFlags::VISIBLE)
                .build(),
        )
        .plugin(
            tauri_plugin_opener::Builder::new()
                .open_js_links_on_click(false)
                .build(),
        )
        .plugin(tauri_plugin_dialog::init())
        .register_asynchronous_uri_scheme_protocol(media::SCHEME, media::answer)
        .invoke_handler(commands.invoke_handler())
        .on_window_event(chosen::dropped)
        .setup(move |app| {
            commands.mount_events(app);
            app.manage(place::ExportFolder(arguments.export_to.clone()));
            app.manage(chosen::Chosen::new(arguments.import_from.clone()));
            let opened = start::open(arguments);
            if let Ok(opened) = &opened {
                events::forward(app.handle(), opened);
            }
            app.manage(start::Opened::new(opened));
            window::open(app.handle())
        })
        .build(tauri::generate_context!())
}

/// The app, or why it could not be opened.
type State<'a> = tauri::State<'a, start::Opened>;

/// What a command answers.
type Answer<T> = Result<T, error::UiError>;
