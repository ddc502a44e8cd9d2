//! Files and folders that only the portal's own user may read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use domain::Secret;

/// Makes a folder and those above it, mode 0700, where it is missing.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a new file, mode 0600; an existing one is an error.
pub(crate) fn create(path: &Path, content: &Secret<Vec<u8>>) -> io::Result<()> {
    write(open_new(path)?, content)
}

/// Writes a file, mode 0600, in place of an existing one, in one step.
pub(crate) fn replace(path: &Path, content: &Secret<Vec<u8>>) -> io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    let draft = Path::new(&draft);
    match std::fs::remove_file(draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    write(open_new(draft)?, content)?;
    std::fs::rename(draft, path)
}

fn open_new(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

fn write(mut file: File, content: &Secret<Vec<u8>>) -> io::Result<()> {
    file.write_all(content.expose())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn nobody_else_may_read() {
        let folder = tempfile::tempdir().expect("folder");
        let inner = folder.path().join("a/b");
        create_folder(&inner).expect("folder");
        let mode =
            |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&inner), 0o700);
        let file = inner.join("secret");
        create(&file, &Secret::new(b"one".to_vec())).expect("new");
        assert_eq!(mode(&file), 0o600);
        assert!(create(&file, &Secret::new(b"two".to_vec())).is_err());
        replace(&file, &Secret::new(b"three".to_vec())).expect("replaced");
        assert_eq!(std::fs::read(&file).expect("there"), b"three");
        assert_eq!(mode(&file), 0o600);
    }
}
