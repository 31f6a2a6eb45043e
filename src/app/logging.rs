//! The log: lines for people, or a JSON object a line for collectors.

use std::io::{self, Write};

use env_logger::fmt::Formatter;
use env_logger::{Builder, TimestampPrecision};
use log::kv::{self, Key, Value, VisitSource};
use log::{LevelFilter, Record};
use serde_json::{Map, json};

use crate::config::{LogFormat, Settings};

/// Starts the log. Whoever started one before keeps it.
pub fn start(settings: &Settings) {
    let mut builder = Builder::new();
    // At a start, it says in three lines what we say in one. The filter may ask for it.
    builder.filter_module("actix_server", LevelFilter::Warn);
    builder.parse_filters(&settings.log);
    match settings.log_format {
        LogFormat::Text => builder.format_timestamp(Some(TimestampPrecision::Millis)),
        LogFormat::Json => builder.format(write_json),
    };
    let _ = builder.try_init();
}

fn write_json(out: &mut Formatter, record: &Record<'_>) -> io::Result<()> {
    let mut fields = Fields(Map::new());
    let _ = record.key_values().visit(&mut fields);
    let mut line = fields.0;
    line.insert("time".to_owned(), json!(out.timestamp_millis().to_string()));
    line.insert("level".to_owned(), json!(record.level().as_str()));
    line.insert("target".to_owned(), json!(record.target()));
    line.insert("message".to_owned(), json!(record.args().to_string()));
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

struct Fields(Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), kv::Error> {
        let json = if let Some(number) = value.to_u64() {
            json!(number)
        } else if let Some(number) = value.to_f64() {
            json!(number)
        } else {
            json!(value.to_string())
        };
        self.0.insert(key.to_string(), json);
        Ok(())
    }
}
