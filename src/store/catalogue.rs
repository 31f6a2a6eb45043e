//! All roles by id, and the search over them.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use super::{FileError, StoredRole, builtin, folder};
use crate::domain::Role;

/// All roles, in the order of their ids.
#[derive(Debug, Default)]
pub struct Catalogue {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    stored: StoredRole,
    /// What a search looks through, in lower case.
    words: String,
    /// Where the role came from.
    origin: String,
    /// The name of its file, unless it is built in.
    file: Option<String>,
}

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Search<'q> {
    /// Words that must all occur, as they are or as part of longer ones; case does not matter.
    pub words: Option<&'q str>,
    /// The job family; case does not matter.
    pub family: Option<&'q str>,
    /// The id after which the page starts.
    pub after: Option<&'q str>,
    /// The most roles on the page.
    pub limit: usize,
}

/// A part of what a search found.
#[derive(Clone, Debug)]
pub struct Page<'c> {
    /// The roles of this page, in the order of their ids.
    pub roles: Vec<&'c StoredRole>,
    /// How many roles the search found on all pages.
    pub total: usize,
    /// Whether there is another page.
    pub more: bool,
}

impl Catalogue {
    /// Loads the built-in roles, and those of `directory`.
    ///
    /// # Errors
    /// The first file that is not a role, or whose id is taken.
    pub fn load(directory: Option<&Path>) -> Result<Self, FileError> {
        let mut catalogue = Self::default();
        for role in builtin::roles() {
            let (name, role) = role?;
            catalogue.add(PathBuf::from(&name), name, None, role)?;
        }
        if let Some(directory) = directory {
            for (path, role) in folder::roles(directory)? {
                let name = path.display().to_string();
                let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
                catalogue.add(path, name, file, role)?;
            }
        }
        Ok(catalogue)
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
        let words = searchable(&stored.role);
        self.entries.insert(id, Entry { stored, words, origin, file });
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

    /// Finds roles, a page at a time.
    pub fn search(&self, search: &Search<'_>) -> Page<'_> {
        let words = search.words.unwrap_or_default().to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let family = search.family.map(|family| family.trim().to_lowercase());
        let matches = |entry: &&Entry| {
            words.iter().all(|word| entry.words.contains(word))
                && family.as_ref().is_none_or(|family| entry.is_of(family))
        };
        let total = self.entries.values().filter(matches).count();
        let start = search.after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut rest =
            self.entries.range::<str, _>((start, Bound::Unbounded)).map(|(_, entry)| entry).filter(matches);
        let roles = rest.by_ref().take(search.limit).map(|entry| &entry.stored).collect();
        Page { roles, total, more: rest.next().is_some() }
    }
}

impl Entry {
    fn is_of(&self, family: &str) -> bool {
        self.stored.role.family.as_ref().is_some_and(|own| own.as_str().to_lowercase() == family)
    }
}

fn searchable(role: &Role) -> String {
    let texts = [Some(&role.title), role.family.as_ref(), Some(&role.summary)];
    let texts = texts.into_iter().flatten().chain(&role.alternate_titles).chain(&role.keywords);
    let texts = texts.map(|text| text.as_str().to_lowercase());
    std::iter::once(role.id.as_str().to_owned()).chain(texts).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        Catalogue::load(Some(Path::new("tests/it/roles"))).unwrap()
    }

    fn found(search: Search<'_>) -> (Vec<String>, usize, bool) {
        let catalogue = catalogue();
        let page = catalogue.search(&search);
        (page.roles.iter().map(|r| r.role.id.to_string()).collect(), page.total, page.more)
    }

    #[test]
    fn words_are_found_in_any_case_and_all_of_them_must_occur() {
        let search = |words| found(Search { words: Some(words), limit: 20, ..Search::default() }).1;
        assert_eq!(search("TECH manager"), 1);
        assert_eq!(search("tech giraffe"), 0);
        assert_eq!(search("  "), 2);
    }

    #[test]
    fn a_page_tells_the_total_and_whether_there_is_more() {
        let first = found(Search { limit: 1, ..Search::default() });
        assert_eq!(first, (vec!["tech-manager".to_owned()], 2, true));
        let second = found(Search { limit: 1, after: Some("tech-manager"), ..Search::default() });
        assert_eq!(second, (vec!["zookeeper".to_owned()], 2, false));
    }

    #[test]
    fn a_family_is_the_whole_name() {
        let family = |family| found(Search { family: Some(family), limit: 20, ..Search::default() }).1;
        assert_eq!(family("technology"), 1);
        assert_eq!(family("tech"), 0);
    }

    #[test]
    fn a_taken_id_names_both_files() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy("roles/tech-manager.json", folder.path().join("again.json")).unwrap();
        let error = Catalogue::load(Some(folder.path())).unwrap_err().to_string();
        assert!(error.contains("again.json: /id: `tech-manager` is the id of the built-in"), "{error}");
    }
}
