//! The roles that come with the program or lie in the operator's folder: what `render` and `check`
//! take roles from, what the store is given at start, and what the specification's samples are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{FileError, StoredRole, builtin, folder};

/// Roles as files have them, by id.
#[derive(Debug, Default)]
pub struct Shelf {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    stored: StoredRole,
    /// Where the role came from.
    origin: String,
    /// The name of its file, unless it is built in.
    file: Option<String>,
}

impl Shelf {
    /// Loads the built-in roles, and those of `directory`.
    ///
    /// # Errors
    /// The first file that is not a role, or whose id is taken.
    pub fn load(directory: Option<&Path>) -> Result<Self, FileError> {
        let mut shelf = Self::default();
        for role in builtin::roles() {
            let (name, role) = role?;
            shelf.add(PathBuf::from(&name), name, None, role)?;
        }
        if let Some(directory) = directory {
            for (path, role) in folder::roles(directory)? {
                let name = path.display().to_string();
                let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
                shelf.add(path, name, file, role)?;
            }
        }
        Ok(shelf)
    }

    fn add(
        &mut self,
        path: PathBuf,
        origin: String,
        file: Option<String>,
        stored: StoredRole,
    ) -> Result<(), FileError> {
        let id = stored.role.id.as_str().to_owned();
        if let Some(taken) = self.entries.get(&id) {
            return Err(FileError::Taken { path, id, other: taken.origin.clone() });
        }
        self.entries.insert(id, Entry { stored, origin, file });
        Ok(())
    }

    /// The role with this id.
    pub fn get(&self, id: &str) -> Option<&StoredRole> {
        self.entries.get(id).map(|entry| &entry.stored)
    }

    /// All roles, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &StoredRole> {
        self.entries.values().map(|entry| &entry.stored)
    }

    /// All roles, each with the name of the file that it came from, unless it is built in.
    pub fn with_files(&self) -> impl Iterator<Item = (&StoredRole, Option<&str>)> {
        self.entries.values().map(|entry| (&entry.stored, entry.file.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_id_names_both_files() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy("roles/tech-manager.json", folder.path().join("again.json")).unwrap();
        let error = Shelf::load(Some(folder.path())).unwrap_err().to_string();
        assert!(error.contains("again.json: /id: `tech-manager` is the id of the built-in"), "{error}");
    }
}
