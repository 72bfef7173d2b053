//! The one window.

use std::{thread, time::Duration};

use tauri::{
    AppHandle, Manager, Theme, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    utils::config::Color, webview::PageLoadEvent,
};

pub const LABEL: &str = "main";
/// `--bg` of the two themes, so that no white flashes before the first paint.
const PAPER: Color = Color(0xf6, 0xf4, 0xef, 0xff);
const INK: Color = Color(0x12, 0x14, 0x16, 0xff);
/// A page that takes longer is shown unfinished: an app that cannot be seen is worse than one that flashes.
const UNSEEN: Duration = Duration::from_secs(3);

/// Makes the window, which shows itself once its page is drawn: the person's colours need not be the system's.
pub fn open(app: &AppHandle) -> Result<(), Box<dyn std::error::Error>> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Threadkeep")
        .inner_size(1320.0, 860.0)
        .min_inner_size(360.0, 480.0)
        .background_color(PAPER)
        .visible(false)
        .on_page_load(|window, page| {
            if page.event() == PageLoadEvent::Finished {
                show(&window);
            }
        })
        // What the page calls itself: the open chat.
        .on_document_title_changed(|window, title| {
            // A title that cannot be set is no reason to stop.
            _ = window.set_title(&title);
        })
        // The window shows the app and nothing else; links open in the person's browser.
        .on_navigation(|url| {
            matches!(url.scheme(), "tauri" | "isolation")
                || url.host_str() == Some("tauri.localhost")
                || cfg!(debug_assertions) && url.host_str() == Some("localhost")
                || url.scheme().starts_with("isolation")
        })
        .build()?;
    if window.theme().is_ok_and(|theme| theme == Theme::Dark) {
        window.set_background_color(Some(INK))?;
    }
    thread::spawn(move || {
        thread::sleep(UNSEEN);
        show(&window);
    });
    Ok(())
}

fn show(window: &WebviewWindow) {
    if !window.is_visible().unwrap_or(false) {
        // What cannot be shown has been closed meanwhile.
        _ = window.show();
        _ = window.set_focus();
    }
}

/// Brings the window to the front: somebody started Threadkeep a second time.
pub fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // A window manager may refuse; the window is there all the same.
        _ = window.unminimize();
        _ = window.show();
        _ = window.set_focus();
    }
}
