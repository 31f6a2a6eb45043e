//! Settings and commands, from flags and the environment. Plain data: it knows nothing of what it
//! configures.
//!
//! To add a setting: a field of [`Settings`] with its `ROLEWRIGHT_` variable. `--help` follows.

use std::error::Error as _;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
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
    /// Ask the server on the address of --bind whether it lives; exit with 1 if it does not.
    Healthcheck,
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
    /// The address under which clients reach this server, such as https://jobs.example.com.
    #[arg(long, env = "ROLEWRIGHT_PUBLIC_URL", value_name = "URL", value_parser = public_url, global = true)]
    pub public_url: Option<String>,
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
            workers: None,
            max_connections: NonZeroUsize::new(10_000).unwrap_or(NonZeroUsize::MIN),
            body_timeout: Duration::from_secs(5),
            shutdown_timeout: Duration::from_secs(30),
            log_format: LogFormat::Text,
            log: "info".to_owned(),
        }
    }
}
