//! Beside `whatstk` 0.9.1.

use unicode_normalization::UnicodeNormalization;

use super::{python::PYTHON, *};

/// Itself, and what it needs but for what draws figures: `read_whatstk.py` does without that.
const PACKAGE: &str = "whatstk==0.9.1";
const NEEDS: [&str; 2] = ["pandas>=2,<3", "emoji>=2,<3"];

fn known(form: &str) -> Known {
    match form {
        "ios-vi" => Known::Other("it wants the date before the time"),
        "ios-ar" | "android-ko" => Known::Other("it knows AM and PM alone, in Latin letters"),
        "android-es" => Known::Other("it passes over halves of the day with dots and spaces"),
        _ => Known::Same,
    }
}

/// A folder that has them, made once in the target folder.
fn packages() -> Result<PathBuf, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let packages = target.join("whatstk-0.9.1");
    if !packages.exists() {
        let fresh = tempfile::tempdir_in(target).map_err(|error| error.to_string())?;
        let pip = |arguments: &[&str]| {
            let always = ["-m", "pip", "install", "--quiet", "--target", "packages"];
            python::run(fresh.path(), &[&always, arguments].concat())
        };
        pip(&NEEDS)?;
        pip(&["--no-deps", PACKAGE])?;
        // Renamed last, so that what is there is whole, whoever else is fetching it.
        match fs::rename(fresh.path().join("packages"), &packages) {
            Err(error) if !packages.exists() => return Err(error.to_string()),
            _ => {}
        }
    }
    Ok(packages)
}

#[test]
fn whatstk_reads_what_we_read() {
    let packages = match packages() {
        Ok(packages) => packages,
        Err(why) => return missing("whatstk", &why),
    };
    let program =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_readers/read_whatstk.py");
    let read = |files: &[PathBuf]| {
        let mut python = Command::new(PYTHON);
        theirs(python.arg(&program).env("PYTHONPATH", &packages), files)
    };
    // It writes texts in NFKC, which keeps neither fancy letters nor signs in squares.
    let alike = |[at, who, what]: Row| [at, who, what.nfkc().collect::<String>().trim().to_owned()];
    compare(read, known, alike);
}
