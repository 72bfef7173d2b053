//! The limit of what a first pull by snapshot can be: copying the files of a finished mirror and its index.

use std::{fs::File, io, path::PathBuf};

use clap::Args;

use crate::meter::{Meter, Used};

/// Copy files, and nothing else.
#[derive(Args)]
pub struct CopyFiles {
    #[arg(long, num_args = 2)]
    from: Vec<PathBuf>,
    #[arg(long, num_args = 2)]
    to: Vec<PathBuf>,
}

impl CopyFiles {
    pub fn run(self) -> anyhow::Result<Used> {
        let meter = Meter::start();
        for (from, to) in self.from.iter().zip(self.to) {
            let mut copied = File::create(to)?;
            io::copy(&mut File::open(from)?, &mut copied)?;
            copied.sync_all()?;
        }
        Ok(meter.read())
    }
}
