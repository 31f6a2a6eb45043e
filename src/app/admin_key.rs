//! The first admin key: from the operator's file, or made at the first start.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use jiff::Timestamp;

use crate::config::Settings;
use crate::domain::key::ApiKey;
use crate::store::Store;
use crate::store::keys::{KeyRecord, Scope};

/// The file in the data folder that a key which was made here is written to.
const FILE: &str = "admin-key";
/// The file that nodes which share a data folder lock, so that one of them makes the key.
const LOCK: &str = "admin-key.lock";
/// The most bytes that a file with a key can have: the key, and white space around it.
const MAX_BYTES: u64 = 1024;

/// Puts the key of the operator's file in place; or makes one, where there is none that is good for
/// administration.
///
/// # Errors
/// A file that holds no key, a data folder that cannot be written to, and what the database says.
pub async fn put_in_place(store: &dyn Store, settings: &Settings) -> anyhow::Result<()> {
    match &settings.admin_key_file {
        Some(path) => put_from(path, store).await.context("--admin-key-file (ROLEWRIGHT_ADMIN_KEY_FILE)"),
        None => make_first(&settings.data_dir, store).await.context("the first admin key cannot be made"),
    }
}

async fn put_from(path: &Path, store: &dyn Store) -> anyhow::Result<()> {
    let key = read(path)?;
    if is_readable_by_others(path) {
        log::warn!("{}: others can read the admin key; chmod 600 keeps it from them", path.display());
    }
    store.put_key(record(&key, "admin key file")).await?;
    let good = store.key(key.id()).await?.is_some_and(|record| record.is_good(Timestamp::now()));
    if !good {
        log::warn!(
            "{}: the key {} was revoked or has expired; put another one there",
            path.display(),
            key.id()
        );
    }
    Ok(())
}

async fn make_first(folder: &Path, store: &dyn Store) -> anyhow::Result<()> {
    if has_admin_key(store).await? {
        return Ok(());
    }
    let _lock = lock(folder.join(LOCK)).await?;
    // Another node may have been first while this one waited.
    if has_admin_key(store).await? {
        return Ok(());
    }
    let path = folder.join(FILE);
    let (key, made) = match left_behind(&path, store).await? {
        Some(key) => (key, false),
        None => (make(&path)?, true),
    };
    if store.add_first_key(record(&key, "first admin")).await? {
        log::info!("an admin key is in {}", path.display());
    } else if made {
        // A node with another data folder was first: its key is good, this one is not.
        fs::remove_file(&path).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

async fn has_admin_key(store: &dyn Store) -> anyhow::Result<bool> {
    let now = Timestamp::now();
    Ok(store.keys().await?.iter().any(|key| key.is_good(now) && key.allows(Scope::Admin)))
}

/// The key of an earlier start that ended before the database had it, or that used another database.
/// A key that this database knows is no longer good: its file goes.
async fn left_behind(path: &Path, store: &dyn Store) -> anyhow::Result<Option<ApiKey>> {
    if !path.exists() {
        return Ok(None);
    }
    let key = read(path)?;
    if store.key(key.id()).await?.is_none() {
        return Ok(Some(key));
    }
    fs::remove_file(path).with_context(|| path.display().to_string())?;
    Ok(None)
}

/// Makes a key, and keeps it in a file that only we can read. The file is whole and on the disk before
/// it has its name, and before the database has the key.
fn make(path: &Path) -> anyhow::Result<ApiKey> {
    let name = || path.display().to_string();
    let folder = path.parent().unwrap_or(Path::new("."));
    let key = ApiKey::generate().context("the system has no randomness")?;
    // Its mode is 0600 from the start.
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(name)?;
    writeln!(file, "{}", key.reveal()).with_context(name)?;
    file.as_file().sync_all().with_context(name)?;
    file.persist_noclobber(path).map_err(|error| error.error).with_context(name)?;
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(name)?;
    Ok(key)
}

fn record(key: &ApiKey, name: &str) -> KeyRecord {
    KeyRecord {
        id: key.id().to_owned(),
        name: name.to_owned(),
        digest: key.digest(),
        scopes: vec![Scope::Admin],
        employers: Vec::new(),
        created_at: Timestamp::now(),
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
    }
}

/// The key that a file holds, with white space around it.
fn read(path: &Path) -> anyhow::Result<ApiKey> {
    let name = || path.display().to_string();
    let length = fs::metadata(path).with_context(name)?.len();
    ensure!(length <= MAX_BYTES, "{}: holds more than a key", path.display());
    // Neither error repeats what is in the file.
    let text = fs::read_to_string(path).with_context(name)?;
    text.trim().parse().map_err(|error| anyhow!("{}: {error}", path.display()))
}

#[cfg(unix)]
fn is_readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o044 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &Path) -> bool {
    false
}

/// Waits until no other node makes a key; the lock ends with what is returned.
async fn lock(path: PathBuf) -> anyhow::Result<File> {
    let name = path.display().to_string();
    let wait = move || {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let file = File::options().create(true).truncate(false).write(true).open(&path)?;
        match file.lock() {
            // Where the file system has no locks, the exclusive creation of the file is left.
            Err(error) if error.kind() == ErrorKind::Unsupported => Ok(file),
            locked => locked.map(|()| file),
        }
    };
    actix_web::rt::task::spawn_blocking(wait).await?.context(name)
}
