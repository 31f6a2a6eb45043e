//! Content codings. Done here and not by actix's `Compress`, which costs several times the work and
//! stalls small answers.

use std::io::Write;

use actix_web::HttpRequest;
use actix_web::http::header::{self, AcceptEncoding, ContentEncoding, Encoding, Header};
use actix_web::web::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Below this many bytes, compression gains nothing.
const WORTHWHILE: usize = 1024;

/// How the bytes of an answer are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As they are.
    Identity,
    /// By gzip (RFC 1952).
    Gzip,
}

/// The coding that the client likes best.
pub fn accepted(request: &HttpRequest) -> Coding {
    if !request.headers().contains_key(header::ACCEPT_ENCODING) {
        return Coding::Identity;
    }
    let supported = [Encoding::gzip(), Encoding::identity()];
    match AcceptEncoding::parse(request).ok().and_then(|accept| accept.negotiate(supported.iter())) {
        Some(Encoding::Known(ContentEncoding::Gzip)) => Coding::Gzip,
        _ => Coding::Identity,
    }
}

/// The bytes of an answer.
#[derive(Clone, Debug)]
pub enum Body {
    /// Made for one request, and compressed for it.
    Fresh(Vec<u8>),
    /// Kept in both codings.
    Kept {
        /// As they are.
        plain: Bytes,
        /// By gzip, if that gains anything.
        gzip: Option<Bytes>,
    },
}

impl Body {
    /// Bytes to keep: compressed once, and well.
    pub fn keep(plain: impl Into<Bytes>) -> Self {
        let plain = plain.into();
        let gzip = gzip(&plain, Compression::best()).map(Bytes::from);
        Self::Kept { plain, gzip }
    }

    /// How many bytes there are, without a coding.
    pub fn length(&self) -> usize {
        match self {
            Self::Fresh(plain) => plain.len(),
            Self::Kept { plain, .. } => plain.len(),
        }
    }

    /// The bytes for a client that accepts `coding`, and the coding that they have.
    pub fn coded(self, coding: Coding) -> (Bytes, Coding) {
        match (self, coding) {
            (Self::Kept { gzip: Some(gzip), .. }, Coding::Gzip) => (gzip, Coding::Gzip),
            (Self::Kept { plain, .. }, _) => (plain, Coding::Identity),
            (Self::Fresh(plain), Coding::Gzip) => match gzip(&plain, Compression::fast()) {
                Some(coded) => (coded.into(), Coding::Gzip),
                None => (plain.into(), Coding::Identity),
            },
            (Self::Fresh(plain), Coding::Identity) => (plain.into(), Coding::Identity),
        }
    }
}

fn gzip(plain: &[u8], level: Compression) -> Option<Vec<u8>> {
    if plain.len() < WORTHWHILE {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 2), level);
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().filter(|coded| coded.len() < plain.len())
}
