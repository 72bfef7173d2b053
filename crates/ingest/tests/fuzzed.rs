//! The inputs that the fuzz targets begin with, and those that they found something with, through the same functions:
//! what was mended stays mended also where nobody fuzzes.

use std::{
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
};

#[path = "../fuzz/src/lib.rs"]
mod targets;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn inputs(target: &str) -> Vec<PathBuf> {
    let folder = fuzz().join("seeds").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|_| panic!("{target} has seeds"));
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn no_input_of_the_fuzz_targets_makes_a_reader_fail() {
    let mut failed = Vec::new();
    for (name, run) in targets::TARGETS {
        let inputs = inputs(name);
        assert!(!inputs.is_empty(), "{name} begins with something");
        for path in inputs {
            let bytes = fs::read(&path).unwrap();
            if catch_unwind(|| run(&bytes)).is_err() {
                failed.push(path);
            }
        }
    }
    assert_eq!(
        failed,
        [""; 0].map(PathBuf::from),
        "each is read or refused"
    );
}

#[test]
fn every_target_is_built() {
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    let built = manifest.matches("[[bin]]").count();
    assert_eq!(built, targets::TARGETS.len(), "one program a target");
    for (name, _) in targets::TARGETS {
        let path = format!("fuzz_targets/{name}.rs");
        assert!(manifest.contains(&format!("path = \"{path}\"")), "{name}");
        let program = fs::read_to_string(fuzz().join(path)).unwrap();
        assert!(
            program.contains(&format!("targets::{name}(")),
            "{name} runs itself"
        );
    }
}
