//! The database: opened, brought up to date, and given the roles that come with the program or lie
//! in the operator's folder.

use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;

use crate::config::Settings;
use crate::store::seed::{Decision, Origin, Release, Seed};
use crate::store::{self, ConnectError, DocumentId, Location, Shelf, Store};

/// Opens the database that the settings name.
///
/// # Errors
/// An address that cannot be used, by the name of its setting, and what the database says.
pub async fn open(settings: &Settings) -> anyhow::Result<Arc<dyn Store>> {
    let location = Location {
        url: settings.database_url.clone(),
        folder: settings.data_dir.clone(),
        pool: settings.database_pool.get(),
    };
    store::connect(&location).await.map_err(|error| match error {
        ConnectError::Store(error) => {
            anyhow::Error::new(error).context("the database cannot be used (--database-url, DATABASE_URL)")
        }
        // The address may hold a password: it is not repeated.
        error => anyhow::anyhow!("--database-url (DATABASE_URL) {error}"),
    })
}

/// Takes over the built-in roles and those of the folder, where nobody has changed them.
///
/// # Errors
/// What the database says.
pub async fn seed(store: &dyn Store, shelf: &Shelf) -> anyhow::Result<()> {
    let at = Timestamp::now();
    let mut seeds = Vec::new();
    for (stored, file) in shelf.with_files() {
        let origin = match file {
            Some(name) => Origin::File(name.to_owned()),
            None => Origin::BuiltIn(Release::own()),
        };
        let body = std::str::from_utf8(&stored.json).context("a role is not UTF-8")?.into();
        seeds.push(Seed { document: DocumentId::role(stored.role.id.as_str()), origin, body, at });
    }
    let origins: Vec<String> = seeds.iter().map(|seed| seed.origin.to_string()).collect();
    for (seeded, origin) in store.seed(seeds).await?.into_iter().zip(origins) {
        match seeded.decision {
            Decision::Leave => {}
            Decision::Take => log::info!("{}: taken over from {origin}", seeded.document),
            Decision::Conflict => log::warn!(
                "{}: {origin} has another content, and is left alone: somebody has changed it since",
                seeded.document
            ),
        }
    }
    Ok(())
}
