//! The bar of an ingest, on a terminal and for what takes long.

use std::{fs, path::Path, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

use crate::command::output::Output;

/// Smaller files are done before a bar could be read.
const LONG_BYTES: u64 = 4 * 1024 * 1024;
const LONG_RECORDS: u64 = 20_000;

/// A bar that may not be there.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    pub(super) fn reading(file: &Path, output: Output) -> Self {
        let is_long = fs::metadata(file).is_ok_and(|meta| meta.len() >= LONG_BYTES);
        Self((is_long && output.has_bars()).then(|| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let bar = ProgressBar::new_spinner().with_message(format!("reading {name}"));
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        }))
    }

    pub(super) fn storing(records: u64, output: Output) -> Self {
        Self((records >= LONG_RECORDS && output.has_bars()).then(|| {
            let bar = ProgressBar::new(records);
            let style = "storing {wide_bar} {human_pos} of {human_len} records, {per_sec}";
            // A template of ours that did not parse would leave the plain bar.
            bar.with_style(
                ProgressStyle::with_template(style)
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            )
        }))
    }

    pub(super) fn advance(&self, records: usize) {
        if let Some(bar) = &self.0 {
            bar.inc(records as u64);
        }
    }
}

/// The line belongs to whatever is said next.
impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
