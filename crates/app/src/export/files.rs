//! Where the forms write to: one file that is open already, or the files of a folder, one after the other.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use super::name::Names;

pub(super) struct Files {
    to: To,
    open: Option<Out>,
}

/// A folder beside a page; it is there once something is put into it.
#[derive(Debug, Clone)]
pub(super) struct Beside {
    pub(super) folder: PathBuf,
    /// What it is called from the page.
    pub(super) name: String,
}

enum To {
    One { beside: Option<Beside> },
    Folder { path: PathBuf, names: Names },
}

/// An open file.
pub(super) struct Out {
    to: BufWriter<Box<dyn Write + Send>>,
    /// To bring to the disk what was written; none for what is no file.
    file: Option<File>,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Out {
    fn file(file: File) -> io::Result<Self> {
        Ok(Self {
            to: BufWriter::new(Box::new(file.try_clone()?)),
            file: Some(file),
        })
    }

    fn close(mut self) -> io::Result<()> {
        self.to.flush()?;
        self.file.map_or(Ok(()), |file| file.sync_all())
    }
}

impl Files {
    /// What cannot be brought to a disk, such as standard output.
    pub(super) fn one(to: impl Write + Send + 'static) -> Self {
        Self {
            to: To::One { beside: None },
            open: Some(Out {
                to: BufWriter::new(Box::new(to)),
                file: None,
            }),
        }
    }

    pub(super) fn one_file(file: File, beside: Beside) -> io::Result<Self> {
        Ok(Self {
            to: To::One {
                beside: Some(beside),
            },
            open: Some(Out::file(file)?),
        })
    }

    pub(super) fn folder(path: &Path) -> Self {
        Self {
            to: To::Folder {
                path: path.to_owned(),
                names: Names::default(),
            },
            open: None,
        }
    }

    pub(super) const fn is_folder(&self) -> bool {
        matches!(self.to, To::Folder { .. })
    }

    /// The file that is written.
    pub(super) fn out(&mut self) -> io::Result<&mut Out> {
        // Only a form that writes before it begins a file could come here.
        self.open
            .as_mut()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// What a file called after `title` will be called: that, or nearly so. Nothing for the one file that
    /// there may be, which has its name.
    pub(super) fn name(&mut self, title: &str, extension: &str) -> String {
        match &mut self.to {
            To::One { .. } => String::new(),
            To::Folder { names, .. } => names.unused(title, extension),
        }
    }

    /// The folder for what belongs to a page of this folder; nothing where there is no disk to put it on.
    pub(super) fn beside(&self, folder: &str, page: &str) -> Option<Beside> {
        match &self.to {
            To::One { beside } => beside.clone(),
            To::Folder { path, .. } => {
                let (title, _) = page.rsplit_once('.').unwrap_or((page, ""));
                let name = format!("{title}_files");
                Some(Beside {
                    folder: path.join(folder).join(&name),
                    name,
                })
            }
        }
    }

    /// Ends the file before and begins the one at this place in the folder. The one file that there may be
    /// only goes on.
    pub(super) fn begin(&mut self, place: impl AsRef<Path>) -> io::Result<()> {
        let To::Folder { path, .. } = &self.to else {
            return Ok(());
        };
        let path = path.join(place);
        self.finish()?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        self.open = Some(Out::file(File::create_new(path)?)?);
        Ok(())
    }

    /// Ends the last file.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.open.take().map_or(Ok(()), Out::close)
    }
}
