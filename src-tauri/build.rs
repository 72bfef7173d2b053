//! Hands `tauri.conf.json` to Tauri at compile time.
fn main() {
    tauri_build::build();
}
