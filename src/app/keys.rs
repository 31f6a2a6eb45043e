//! The command `key`: makes, lists, and revokes API keys in the database, beside a running server.

use std::fmt::Write;

use anyhow::{anyhow, bail, ensure};
use jiff::{Timestamp, Unit};
use serde_json::json;

use crate::api::keys::{Key, KeyList};
use crate::config::{CreateKey, Key as Command, Settings};
use crate::domain::key::{ApiKey, KeyId, NewKey};
use crate::domain::{Document, DocumentError};
use crate::store::Store;
use crate::store::document::Author;
use crate::store::keys::{KeyRecord, Scope};

/// Does what the command says.
///
/// # Errors
/// What cannot be met, by the name of the flag, and what the database says.
pub fn run(settings: &Settings, command: Command) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async {
        let store = super::database::open(settings).await?;
        let done = carry_out(store.as_ref(), command).await;
        store.close().await;
        done
    })
}

async fn carry_out(store: &dyn Store, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Create(order) => create(store, &order).await,
        Command::List { json } => list(store, json).await,
        Command::Revoke { id } => revoke(store, &id).await,
    }
}

fn author() -> Author {
    Author { name: "command line".to_owned(), key: None, request: None }
}

/// Says something beside what the command puts out.
fn remark(text: &str) {
    #[allow(clippy::print_stderr, reason = "the standard output is for what the command puts out")]
    {
        eprintln!("{text}");
    }
}

async fn create(store: &dyn Store, flags: &CreateKey) -> anyhow::Result<()> {
    let now = Timestamp::now();
    ensure!(flags.expires.is_none_or(|expires| expires > now), "--expires must lie in the future");
    let key = ApiKey::generate()?;
    let record = KeyRecord::new(&key, order(flags)?, now);
    let told = format!("{} ({}): {}", record.name, record.id, scopes(&record));
    store.add_key(record, author()).await?;
    remark(&format!("{told}. This is the key; it is shown only now:"));
    super::print(format!("{}\n", key.reveal()).as_bytes())
}

/// What the flags ask for, held to the same rules as an order by the API.
fn order(flags: &CreateKey) -> anyhow::Result<NewKey> {
    let mut order = json!({"name": flags.name, "scopes": flags.scope, "employers": flags.employer});
    if let Some(expires) = flags.expires {
        order["expires_at"] = json!(expires.to_string());
    }
    NewKey::from_json(order.to_string().as_bytes()).map_err(|error| match error {
        DocumentError::Malformed { detail, .. } => anyhow!(detail),
        DocumentError::Invalid(violations) => {
            let lines = violations.iter().map(|violation| {
                let flag = match violation.pointer.split('/').nth(1) {
                    Some("scopes") => "--scope",
                    Some("employers") => "--employer",
                    Some("expires_at") => "--expires",
                    _ => "--name",
                };
                let valid = match violation.valid.as_slice() {
                    [] => String::new(),
                    valid => format!("; valid: {}", valid.join(", ")),
                };
                format!("{flag}: {}{valid}", violation.detail)
            });
            anyhow!(lines.collect::<Vec<_>>().join("\n"))
        }
    })
}

async fn list(store: &dyn Store, as_json: bool) -> anyhow::Result<()> {
    let records = store.keys().await?;
    let text = if as_json {
        let list = KeyList { items: records.iter().map(Key::of).collect() };
        serde_json::to_string_pretty(&list)? + "\n"
    } else {
        table(&records, Timestamp::now())
    };
    super::print(text.as_bytes())
}

async fn revoke(store: &dyn Store, id: &str) -> anyhow::Result<()> {
    // What is no id may be a whole key: it is not repeated.
    let id: KeyId =
        id.parse().map_err(|_| anyhow!("ID must be the 16 hexadecimal digits that `key list` shows"))?;
    let Some(record) = store.key(id.as_str()).await? else {
        bail!("there is no key with the id {}", id.as_str())
    };
    let now = Timestamp::now();
    let told =
        if store.revoke_key(&record.id, now, author()).await? { "revoked" } else { "was revoked already" };
    remark(&format!("{} ({}): {told}", record.name, record.id));
    let is_admin = |key: &KeyRecord| key.is_good(now) && key.allows(Scope::Admin);
    if !store.keys().await?.iter().any(is_admin) {
        remark(
            "No key is good for administration now: the next start makes one, as `key create --scope admin` does.",
        );
    }
    Ok(())
}

const HEADINGS: [&str; 8] = ["ID", "NAME", "SCOPES", "EMPLOYERS", "CREATED", "EXPIRES", "LAST USED", "STATE"];

fn table(records: &[KeyRecord], now: Timestamp) -> String {
    let rows: Vec<[String; 8]> = std::iter::once(HEADINGS.map(str::to_owned))
        .chain(records.iter().map(|record| row(record, now)))
        .collect();
    let widths = HEADINGS.iter().enumerate().map(|(column, _)| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    });
    let widths: Vec<usize> = widths.collect();
    rows.iter().fold(String::new(), |mut table, row| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(table, "{}", line.trim_end());
        table
    })
}

fn row(record: &KeyRecord, now: Timestamp) -> [String; 8] {
    let at = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), minutes);
    let state = match record {
        record if record.is_good(now) => "good",
        KeyRecord { revoked_at: Some(_), .. } => "revoked",
        _ => "expired",
    };
    let employers = if record.employers.is_empty() { "all".to_owned() } else { record.employers.join(",") };
    [
        record.id.clone(),
        record.name.clone(),
        scopes(record),
        employers,
        minutes(record.created_at),
        at(record.expires_at),
        at(record.last_used_at),
        state.to_owned(),
    ]
}

fn scopes(record: &KeyRecord) -> String {
    record.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",")
}

/// To the minute, in UTC.
fn minutes(at: Timestamp) -> String {
    let at = at.round(Unit::Minute).unwrap_or(at);
    at.strftime("%Y-%m-%d %H:%MZ").to_string()
}
