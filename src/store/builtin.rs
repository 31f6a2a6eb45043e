//! The roles that come with the program: every JSON file of `roles/`, embedded.

use include_dir::{Dir, include_dir};

use super::{FileError, StoredRole, read_role};

static ROLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/roles");

/// Reads them all, with the name of the file that each came from.
pub fn roles() -> impl Iterator<Item = Result<(String, StoredRole), FileError>> {
    ROLES.files().filter(|file| file.path().extension().is_some_and(|e| e == "json")).map(|file| {
        let name = format!("the built-in {}", file.path().display());
        read_role(file.path().to_owned(), file.contents()).map(|role| (name, role))
    })
}
