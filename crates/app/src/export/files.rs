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

enum To {
    One,
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
            to: To::One,
            open: Some(Out {
                to: BufWriter::new(Box::new(to)),
                file: None,
            }),
        }
    }

    pub(super) fn one_file(file: File) -> io::Result<Self> {
        Ok(Self {
            to: To::One,
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
            To::One => String::new(),
            To::Folder { names, .. } => names.unused(title, extension),
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
