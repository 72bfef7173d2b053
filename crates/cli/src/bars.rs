//! Progress: bars on a terminal, lines of JSON where asked, else a plain line a stage.

use std::{
    collections::BTreeMap,
    io::Write,
    sync::{Mutex, PoisonError},
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde_json::json;
use threadkeep_app::view::SyncProgress;

use crate::{
    arguments::{Global, Progress},
    output,
};

/// The stage that is counted in bytes.
const SNAPSHOT: &str = "snapshot";

/// Where progress goes.
pub enum Bars {
    Terminal {
        all: MultiProgress,
        stages: Mutex<BTreeMap<String, ProgressBar>>,
    },
    Json,
    Lines {
        stage: Mutex<Option<SyncProgress>>,
    },
    Nothing,
}

impl Bars {
    pub fn new(global: &Global, progress: &Progress) -> Self {
        if progress.progress_json {
            Self::Json
        } else if global.quiet {
            Self::Nothing
        } else if output::is_terminal(global) {
            Self::Terminal {
                all: MultiProgress::new(),
                stages: Mutex::default(),
            }
        } else {
            Self::Lines {
                stage: Mutex::default(),
            }
        }
    }

    /// Shows one word of the engine.
    pub fn show(&self, progress: SyncProgress) {
        if progress.stage == "done" {
            return; // the answer says how it ended
        }
        match self {
            Self::Terminal { all, stages } => {
                let mut stages = stages.lock().unwrap_or_else(PoisonError::into_inner);
                draw(
                    all,
                    &mut stages,
                    &progress.stage,
                    progress.done,
                    progress.total,
                );
                draw(
                    all,
                    &mut stages,
                    "all",
                    progress.overall_done,
                    progress.overall_total,
                );
            }
            Self::Json => line(&progress),
            Self::Lines { stage } => {
                let mut last = stage.lock().unwrap_or_else(PoisonError::into_inner);
                let other = last.as_ref().filter(|last| last.stage != progress.stage);
                if let Some(done) = other {
                    tell(done);
                }
                *last = Some(progress);
            }
            Self::Nothing => {}
        }
    }

    /// Leaves the terminal tidy.
    pub fn finish(&self) {
        match self {
            Self::Terminal { stages, .. } => {
                for bar in stages
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .values()
                {
                    bar.abandon();
                }
            }
            Self::Lines { stage } => {
                if let Some(done) = &*stage.lock().unwrap_or_else(PoisonError::into_inner) {
                    tell(done);
                }
            }
            Self::Json | Self::Nothing => {}
        }
    }
}

fn tell(stage: &SyncProgress) {
    if stage.stage == SNAPSHOT {
        eprintln!("{}: {}", stage.stage, output::size(stage.done));
    } else {
        eprintln!("{}: {}", stage.stage, stage.done);
    }
}

fn draw(
    all: &MultiProgress,
    stages: &mut BTreeMap<String, ProgressBar>,
    name: &str,
    done: i64,
    total: Option<i64>,
) {
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let bar = stages.entry(name.to_owned()).or_insert_with(|| {
        let bar = ProgressBar::new(0).with_prefix(name.to_owned());
        let style = if name == SNAPSHOT {
            "{prefix:>14} {bar:32} {binary_bytes:>9} of {binary_total_bytes:<9} {binary_bytes_per_sec}"
        } else {
            "{prefix:>14} {bar:32} {human_pos:>9} of {human_len:<9} {per_sec}"
        };
        bar.set_style(
            ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        if name == "all" {
            all.add(bar)
        } else {
            all.insert_from_back(1, bar)
        }
    });
    bar.set_length(number(total.unwrap_or(done)));
    bar.set_position(number(done));
}

/// One word as JSON.
pub fn line(progress: &SyncProgress) {
    let document = json!({
        "integration_id": progress.account_id.parse::<i64>().ok(),
        "stage": progress.stage,
        "done": progress.done,
        "total": progress.total,
        "rows_per_second": progress.rows_per_second,
        "overall_done": progress.overall_done,
        "overall_total": progress.overall_total,
    });
    // Whoever asked for progress may have gone; the sync goes on.
    _ = writeln!(std::io::stderr().lock(), "{document}");
}
