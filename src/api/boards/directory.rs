//! The departments and offices of a board, with their jobs: made of all its postings, of each of which
//! only what a list shows is kept.

use std::collections::BTreeMap;

use super::super::problem::Problem;
use super::{Board, writing};
use crate::render::boards::Entry;
use crate::render::boards::greenhouse::{self, Brief, Kin, Office};

/// The jobs of a board by department and office. What has no name comes last.
#[derive(Debug, Default)]
pub struct Directory {
    /// As JSON.
    jobs: Vec<Box<str>>,
    departments: BTreeMap<Key, Listing>,
    offices: BTreeMap<Key, (Office, BTreeMap<Key, Listing>)>,
}

/// Sorts by name, what has none last.
type Key = (bool, String, u64);

/// A department, with places in the list of jobs.
#[derive(Clone, Debug)]
struct Listing {
    name: String,
    jobs: Vec<u32>,
}

impl Directory {
    /// That of a board.
    ///
    /// # Errors
    /// What the database says.
    pub async fn of(board: &Board) -> Result<Self, Problem> {
        writing::read_all(board, Self::default(), Self::add).await
    }

    fn add(&mut self, entry: &Entry<'_>) {
        let Ok(job) = serde_json::to_string(&Brief::of(entry)) else { return };
        let Ok(place) = u32::try_from(self.jobs.len()) else { return };
        self.jobs.push(job.into());
        let department = greenhouse::department(entry);
        let key = key(department.id, &department.name);
        let list = |departments: &mut BTreeMap<Key, Listing>| {
            let listing = || Listing { name: department.name.clone(), jobs: Vec::new() };
            departments.entry(key.clone()).or_insert_with(listing).jobs.push(place);
        };
        list(&mut self.departments);
        for office in greenhouse::offices(entry) {
            let key = self::key(office.id, &office.name);
            list(&mut self.offices.entry(key).or_insert_with(|| (office, BTreeMap::new())).1);
        }
    }

    /// Each department as JSON.
    pub fn departments(self, kin: Kin) -> impl Iterator<Item = Result<Vec<u8>, serde_json::Error>> + Send {
        let jobs = self.jobs;
        self.departments.into_iter().map(move |(key, listing)| {
            let mut out = String::new();
            write_department(&mut out, key.2, &listing, &jobs, kin).map(|()| out.into_bytes())
        })
    }

    /// Each office as JSON.
    pub fn offices(self, kin: Kin) -> impl Iterator<Item = Result<Vec<u8>, serde_json::Error>> + Send {
        let jobs = self.jobs;
        self.offices.into_values().map(move |(office, departments)| {
            let mut out = String::new();
            write_office(&mut out, &office, &departments, &jobs, kin).map(|()| out.into_bytes())
        })
    }

    /// Leaves only the department with this number; nothing if there is none.
    pub fn only_department(mut self, id: u64) -> Option<Self> {
        self.departments.retain(|key, _| key.2 == id);
        (!self.departments.is_empty()).then_some(self)
    }

    /// Leaves only the office with this number; nothing if there is none.
    pub fn only_office(mut self, id: u64) -> Option<Self> {
        self.offices.retain(|key, _| key.2 == id);
        (!self.offices.is_empty()).then_some(self)
    }
}

/// Names that differ in capitals and spaces alone have one number, and are one.
fn key(id: u64, name: &str) -> Key {
    let folded = name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    (id == 0, folded, id)
}

fn write_department(
    out: &mut String,
    id: u64,
    listing: &Listing,
    jobs: &[Box<str>],
    kin: Kin,
) -> Result<(), serde_json::Error> {
    let name = serde_json::to_string(&listing.name)?;
    out.extend(["{\"id\":", &id.to_string(), ",\"name\":", &name, ",\"jobs\":["]);
    for (index, job) in listing.jobs.iter().filter_map(|place| jobs.get(*place as usize)).enumerate() {
        out.extend([if index == 0 { "" } else { "," }, job]);
    }
    out.push(']');
    push_kin(out, kin)
}

fn write_office(
    out: &mut String,
    office: &Office,
    departments: &BTreeMap<Key, Listing>,
    jobs: &[Box<str>],
    kin: Kin,
) -> Result<(), serde_json::Error> {
    let (name, location) = (serde_json::to_string(&office.name)?, serde_json::to_string(&office.location)?);
    out.extend(["{\"id\":", &office.id.to_string(), ",\"name\":", &name, ",\"location\":", &location]);
    out.push_str(",\"departments\":[");
    for (index, (key, listing)) in departments.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        write_department(out, key.2, listing, jobs, kin)?;
    }
    out.push(']');
    push_kin(out, kin)
}

/// The last members of an object, and its end.
fn push_kin(out: &mut String, kin: Kin) -> Result<(), serde_json::Error> {
    let members = serde_json::to_string(&kin)?;
    out.extend([",", members.trim_start_matches('{')]);
    Ok(())
}
