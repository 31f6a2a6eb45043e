//! Settings and commands, from flags and the environment. Plain data: it knows nothing of what it
//! configures.
//!
//! To add a setting: a field of [`Settings`] with its `ROLEWRIGHT_` variable. `--help` follows.

use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use log::LevelFilter;

/// Turns role definitions into job postings.
#[derive(Clone, Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub struct Config {
    /// How to run.
    #[command(flatten, next_help_heading = "Settings")]
    pub settings: Settings,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serve the API (the default).
    Serve,
    /// Write one posting to the standard output.
    Render(Box<Render>),
    /// Write the OpenAPI document to the standard output.
    Openapi,
    /// Check every template with every sample, and every role file.
    Check,
    /// Fill an empty database with a made-up employer, `demo`, and its postings, to try things out with.
    Demo,
    /// Ask the server on the address of --bind whether it lives; exit with 1 if it does not.
    Healthcheck,
    /// Make, list, and revoke API keys, in the database that the server uses; it may be running.
    #[command(subcommand)]
    Key(Key),
}

/// What to do with API keys.
#[derive(Clone, Debug, Subcommand)]
pub enum Key {
    /// Make a key, and write it to the standard output. It is shown only then.
    Create(CreateKey),
    /// List the keys, without their secrets.
    List {
        /// Write JSON, as the API does.
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key, for good. A running server refuses it from then on.
    Revoke {
        /// The id of the key, as `key list` shows it.
        id: String,
    },
}

/// What a key is to be.
#[derive(Args, Clone, Debug)]
pub struct CreateKey {
    /// What the key is called: the author of its writes.
    #[arg(long)]
    pub name: String,
    /// What the key allows: read, write, publish, admin. May be given more than once.
    #[arg(long, required = true, value_delimiter = ',')]
    pub scope: Vec<String>,
    /// The id of an employer that the key is limited to. May be given more than once.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub employer: Vec<String>,
    /// The last day on which the key is good, in UTC; or the moment from which on it is not, such as
    /// 2027-12-31T12:00:00Z.
    #[arg(long, value_name = "DAY", value_parser = expiry)]
    pub expires: Option<Timestamp>,
}

/// Where things are, and how to serve.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(
        long,
        env = "ROLEWRIGHT_BIND",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        value_parser = address,
        global = true
    )]
    pub bind: SocketAddr,
    /// Folder of what the server keeps by itself; made if it is missing.
    #[arg(long, env = "ROLEWRIGHT_DATA_DIR", value_name = "FOLDER", default_value = "data", global = true)]
    pub data_dir: PathBuf,
    /// The database: sqlite:// and a path, relative to the data folder; or postgres://…
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "URL",
        default_value = "sqlite://rolewright.db",
        hide_env_values = true,
        global = true
    )]
    pub database_url: String,
    /// Most connections to a database server.
    #[arg(
        long,
        env = "ROLEWRIGHT_DATABASE_POOL",
        value_name = "N",
        default_value = "10",
        value_parser = pool,
        global = true
    )]
    pub database_pool: NonZeroU32,
    /// Folder of role files (*.json) to load beside the built-in ones.
    #[arg(long, env = "ROLEWRIGHT_ROLES_DIR", value_name = "FOLDER", global = true)]
    pub roles_dir: Option<PathBuf>,
    /// Folder of templates that override or extend the embedded ones.
    #[arg(long, env = "ROLEWRIGHT_TEMPLATES_DIR", value_name = "FOLDER", global = true)]
    pub templates_dir: Option<PathBuf>,
    /// Origins of other sites whose pages may read (GET and HEAD): a comma-separated list, or * for any.
    #[arg(long, env = "ROLEWRIGHT_CORS_ORIGINS", value_name = "ORIGINS", default_value = "*", value_parser = origins, global = true)]
    pub cors_origins: Origins,
    /// The address under which clients reach this server, such as https://jobs.example.com. Feeds and public pages need it,
    /// unless --bind is a loopback address.
    #[arg(long, env = "ROLEWRIGHT_PUBLIC_URL", value_name = "URL", value_parser = public_url, global = true)]
    pub public_url: Option<String>,
    /// Who may read and render without a key: the machine itself, if --bind is a loopback address
    /// (loopback); everybody (read); or nobody (none).
    #[arg(long, env = "ROLEWRIGHT_ANONYMOUS", value_name = "WHO", default_value = "loopback", global = true)]
    pub anonymous: Anonymous,
    /// File that holds the admin key, which is put in place at each start. Without it, the first start
    /// makes one, and writes it to admin-key in the data folder.
    #[arg(long, env = "ROLEWRIGHT_ADMIN_KEY_FILE", value_name = "FILE", global = true)]
    pub admin_key_file: Option<PathBuf>,
    /// Proxies whose Forwarded or X-Forwarded-For header tells the client's address: a comma-separated
    /// list of addresses and networks, such as 10.0.0.0/8.
    #[arg(
        long,
        env = "ROLEWRIGHT_TRUSTED_PROXIES",
        value_name = "NETWORKS",
        value_delimiter = ',',
        value_parser = network,
        global = true
    )]
    pub trusted_proxies: Vec<IpNet>,
    /// Requests a second that a key may make, and as many at once as in two seconds; off for any number.
    #[arg(
        long,
        env = "ROLEWRIGHT_RATE_LIMIT_KEY",
        value_name = "RATE",
        default_value = "200",
        value_parser = rate,
        global = true
    )]
    pub rate_limit_key: Rate,
    /// The same for an address that shows no key, and ten bad keys a minute; off for any number of both.
    /// The machine itself is not limited, but in bad keys.
    #[arg(
        long,
        env = "ROLEWRIGHT_RATE_LIMIT_ADDRESS",
        value_name = "RATE",
        default_value = "50",
        value_parser = rate,
        global = true
    )]
    pub rate_limit_address: Rate,
    /// Worker threads. Default: one for each core.
    #[arg(long, env = "ROLEWRIGHT_WORKERS", value_name = "N", value_parser = positive, global = true)]
    pub workers: Option<NonZeroUsize>,
    /// Most connections a worker keeps open at a time.
    #[arg(
        long,
        env = "ROLEWRIGHT_MAX_CONNECTIONS",
        value_name = "N",
        default_value = "10000",
        value_parser = positive,
        global = true
    )]
    pub max_connections: NonZeroUsize,
    /// Seconds that a request's body may stand still before it is answered with 408.
    #[arg(long, env = "ROLEWRIGHT_BODY_TIMEOUT", value_name = "SECONDS", default_value = "5", value_parser = seconds, global = true)]
    pub body_timeout: Duration,
    /// Seconds that requests in flight are given to finish when the server is told to stop.
    #[arg(long, env = "ROLEWRIGHT_SHUTDOWN_TIMEOUT", value_name = "SECONDS", default_value = "30", value_parser = seconds, global = true)]
    pub shutdown_timeout: Duration,
    /// How log lines are written.
    #[arg(long, env = "ROLEWRIGHT_LOG_FORMAT", value_name = "FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,
    /// What is logged: a level, or a list of `module=level` (error, warn, info, debug, trace, off).
    #[arg(long, env = "ROLEWRIGHT_LOG", value_name = "FILTER", default_value = "info", value_parser = filter, global = true)]
    pub log: String,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Who may read and render without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Anonymous {
    /// The machine itself, if the server listens on a loopback address.
    Loopback,
    /// Everybody.
    Read,
    /// Nobody.
    None,
}

/// How many requests a caller may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Any number.
    Off,
    /// So many a second.
    PerSecond(NonZeroU32),
}

/// Whose pages may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Everybody's.
    Any,
    /// Those of these origins.
    Listed(Vec<String>),
}

/// Which posting to write, and how.
#[derive(Args, Clone, Debug, Default)]
pub struct Render {
    /// The id of a role, or the path of a role file.
    pub role: String,
    /// How the posting is written: html, page, markdown, text, json.
    #[arg(long, default_value = "markdown")]
    pub format: String,
    /// A JSON file of posting options; flags override it.
    #[arg(long, value_name = "FILE")]
    pub options: Option<PathBuf>,
    /// The words around the facts, such as neutral or friendly.
    #[arg(long)]
    pub tone: Option<String>,
    /// What the posting puts first: dimensions, comma-separated, each alone or as `name:weight`.
    #[arg(long, value_delimiter = ',')]
    pub emphasis: Vec<String>,
    /// How long the posting may be: short, standard, full.
    #[arg(long)]
    pub length: Option<String>,
    /// How numbers, dates and money are written, such as en-US.
    #[arg(long)]
    pub locale: Option<String>,
    /// The level of the first heading, 1 to 5.
    #[arg(long, value_name = "LEVEL")]
    pub heading_level: Option<String>,
    /// The lowest pay, in major units.
    #[arg(long, value_name = "AMOUNT")]
    pub salary_min: Option<String>,
    /// The highest pay, in major units.
    #[arg(long, value_name = "AMOUNT")]
    pub salary_max: Option<String>,
    /// The currency of the pay (ISO 4217).
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,
    /// What the pay is for: hour, day, week, month, year.
    #[arg(long)]
    pub period: Option<String>,
    /// Whether pay is shown: true or false.
    #[arg(long, value_name = "BOOL")]
    pub salary_show: Option<String>,
    /// The name of the employer.
    #[arg(long, value_name = "NAME")]
    pub employer: Option<String>,
    /// The city of the job.
    #[arg(long)]
    pub city: Option<String>,
    /// The region of the job (ISO 3166-2, such as US-CO).
    #[arg(long, value_name = "CODE")]
    pub region: Option<String>,
    /// The country of the job (ISO 3166-1, such as US).
    #[arg(long, value_name = "CODE")]
    pub country: Option<String>,
    /// How much of the work is done there: on_site, hybrid, remote.
    #[arg(long)]
    pub workplace: Option<String>,
}

impl Config {
    /// Reads the program's own arguments and environment. Ends the program for `--help` and
    /// `--version`, and for a bad setting, which it names by flag and variable.
    pub fn read() -> Self {
        Self::try_parse().unwrap_or_else(|error| {
            match bad_setting(&error) {
                #[allow(clippy::print_stderr, reason = "the log is not set up yet")]
                Some(message) => eprintln!("rolewright: {message}"),
                None => drop(error.print()),
            }
            std::process::exit(error.exit_code())
        })
    }
}

/// One line on a setting whose value cannot be used. It names the variable too: the value may come
/// from there, which clap does not tell.
fn bad_setting(error: &clap::Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let flag = text(ContextKind::InvalidArg)?.strip_prefix("--")?.split([' ', '=']).next()?;
    let command = Config::command();
    let argument = command.get_arguments().find(|argument| argument.get_long() == Some(flag))?;
    let variable = argument.get_env()?.to_string_lossy();
    let value = text(ContextKind::InvalidValue).filter(|value| !value.is_empty());
    let reason = match (error.source(), error.get(ContextKind::ValidValue), value) {
        (Some(reason), ..) => reason.to_string(),
        (_, _, None) => "must have a value".to_owned(),
        (_, Some(ContextValue::Strings(valid)), _) => format!("must be one of {}", valid.join(", ")),
        _ => return None,
    };
    let value = value.map(|value| format!("`{value}` ")).unwrap_or_default();
    Some(format!("--{flag} ({variable}): {value}{reason}"))
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "must be an IP address and a port, such as 127.0.0.1:8080 or [::]:8080")
}

fn positive(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "must be a whole number from 1")
}

fn pool(text: &str) -> Result<NonZeroU32, &'static str> {
    match text.parse() {
        Ok(n @ 1..=1000) => Ok(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)),
        _ => Err("must be a whole number from 1 to 1000"),
    }
}

/// Stricter than the log is: to that, a level with a slip of the pen is a module's name.
fn filter(text: &str) -> Result<String, &'static str> {
    let known = |item: &str| {
        let (_, level) = item.rsplit_once('=').unwrap_or(("", item));
        level.trim().parse::<LevelFilter>().is_ok()
    };
    if text.split(',').all(known) {
        Ok(text.to_owned())
    } else {
        Err("must be a level (error, warn, info, debug, trace, off), or a list of module=level")
    }
}

fn origins(text: &str) -> Result<Origins, String> {
    if text.trim() == "*" {
        return Ok(Origins::Any);
    }
    let listed = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    listed
        .map(|origin| {
            is_origin(origin).then(|| origin.to_owned()).ok_or_else(|| {
                format!("must list origins such as https://careers.example.com, without a path; `{origin}` is none")
            })
        })
        .collect::<Result<_, _>>()
        .map(Origins::Listed)
}

/// Whether `text` is what browsers send as `Origin`: a scheme and a host, in lower case, and nothing after.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-:[]".contains(&b);
    host.is_some_and(|host| !host.is_empty() && host.bytes().all(allowed))
}

fn network(text: &str) -> Result<IpNet, &'static str> {
    let text = text.trim();
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(address).ok_or("must be IP addresses and networks, such as 10.0.0.0/8 or ::1")
}

fn rate(text: &str) -> Result<Rate, &'static str> {
    match text.parse() {
        Ok(n @ 1..=1_000_000) => Ok(NonZeroU32::new(n).map_or(Rate::Off, Rate::PerSecond)),
        _ if text == "off" => Ok(Rate::Off),
        _ => Err("must be a whole number from 1 to 1000000, or off"),
    }
}

/// A day is over when it is over in UTC.
fn expiry(text: &str) -> Result<Timestamp, &'static str> {
    let end = |day: civil::Date| day.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC));
    let day = text.parse().ok().filter(|_| text.len() == 10).and_then(|day| end(day).ok());
    let moment = || text.parse().ok();
    day.map(|end| end.timestamp())
        .or_else(moment)
        .ok_or("must be a day such as 2027-12-31, or a time such as 2027-12-31T12:00:00Z")
}

fn public_url(text: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(rest)
            if !rest.is_empty()
                && !rest.starts_with('/')
                && rest.bytes().all(|b| b.is_ascii_graphic() && !b"?#\"<>".contains(&b)) =>
        {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("must be an http or https URL without a query, such as https://jobs.example.com"),
    }
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.001..=3600.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("must be a number of seconds, from 0.001 to 3600"),
    }
}

impl Default for Settings {
    /// What `--help` calls the defaults, whatever the environment says, on a free port.
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 0)),
            data_dir: PathBuf::from("data"),
            database_url: "sqlite://rolewright.db".to_owned(),
            database_pool: NonZeroU32::new(10).unwrap_or(NonZeroU32::MIN),
            roles_dir: None,
            templates_dir: None,
            cors_origins: Origins::Any,
            public_url: None,
            anonymous: Anonymous::Loopback,
            admin_key_file: None,
            trusted_proxies: Vec::new(),
            rate_limit_key: Rate::PerSecond(NonZeroU32::new(200).unwrap_or(NonZeroU32::MIN)),
            rate_limit_address: Rate::PerSecond(NonZeroU32::new(50).unwrap_or(NonZeroU32::MIN)),
            workers: None,
            max_connections: NonZeroUsize::new(10_000).unwrap_or(NonZeroUsize::MIN),
            body_timeout: Duration::from_secs(5),
            shutdown_timeout: Duration::from_secs(30),
            log_format: LogFormat::Text,
            log: "info".to_owned(),
        }
    }
}
