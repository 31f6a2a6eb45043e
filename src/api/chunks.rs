//! Long answers that are sent while they are made: piece after piece, as the client takes them.

use std::io::Write;
use std::mem::take;

use actix_web::body::BodyStream;
use actix_web::http::header::ContentEncoding;
use actix_web::web::{Bytes, block};
use actix_web::{HttpResponse, HttpResponseBuilder};
use async_trait::async_trait;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{Stream, stream};

use super::compress::Coding;
use super::problem::Problem;
use crate::store::document::Listed;
use crate::store::{Slice, StoreError};

/// The first page of documents, and the most of any.
const FIRST_PAGE: usize = 16;
const MAX_PAGE: usize = 500;
/// How many bytes a page should have: documents differ in length by a factor of a thousand.
const PAGE_BYTES: usize = 512 * 1024;

/// What is sent piece by piece.
#[async_trait]
pub trait Chunks: Send + 'static {
    /// The next piece; nothing after the last. One may be empty.
    ///
    /// # Errors
    /// What the database says. The first piece is made before the status is sent; later an error ends the
    /// connection: that is all that can be said then.
    async fn next(&mut self) -> Result<Option<Bytes>, Problem>;
}

/// Answers with what `chunks` makes, in a coding.
///
/// # Errors
/// What the first piece says.
pub async fn answer(
    mut response: HttpResponseBuilder,
    mut chunks: impl Chunks,
    coding: Coding,
) -> Result<HttpResponse, Problem> {
    let first = chunks.next().await?;
    let pieces = pieces(chunks, first);
    if coding == Coding::Identity {
        return Ok(response.body(BodyStream::new(Box::pin(pieces))));
    }
    response.insert_header(ContentEncoding::Gzip);
    Ok(response.body(BodyStream::new(Box::pin(gzipped(pieces)))))
}

/// A walk through documents, page by page: small ones at first, so that the first bytes come soon.
#[derive(Clone, Debug)]
pub struct Walk {
    after: Option<String>,
    page: usize,
    ended: bool,
}

impl Default for Walk {
    fn default() -> Self {
        Self { after: None, page: FIRST_PAGE, ended: false }
    }
}

impl Walk {
    /// The next page, as `read` reads it after an id; nothing after the last.
    ///
    /// # Errors
    /// What `read` says.
    pub async fn next<R, D>(
        &mut self,
        read: impl FnOnce(Option<String>, usize) -> R,
    ) -> Result<Option<Vec<D>>, Problem>
    where
        D: AsRef<Listed>,
        R: Future<Output = Result<Slice<D>, StoreError>>,
    {
        if self.ended {
            return Ok(None);
        }
        let Slice { items, more } = read(self.after.take(), self.page).await?;
        self.ended = !more;
        let length: usize = items.iter().map(|listed| listed.as_ref().body.len() + 1).sum();
        self.page = (items.len() * PAGE_BYTES / length.max(1)).clamp(1, MAX_PAGE);
        self.after = items.last().map(|last| last.as_ref().id.clone());
        Ok(Some(items))
    }
}

fn pieces(chunks: impl Chunks, first: Option<Bytes>) -> impl Stream<Item = Result<Bytes, Problem>> {
    stream::try_unfold((chunks, first), |(mut chunks, first)| async move {
        let piece = match first {
            Some(piece) => Some(piece),
            None => chunks.next().await?,
        };
        Ok(piece.map(|piece| (piece, (chunks, None))))
    })
}

/// The same, compressed: off the threads that answer requests.
fn gzipped(pieces: impl Stream<Item = Result<Bytes, Problem>>) -> impl Stream<Item = Result<Bytes, Problem>> {
    let encoder = Some(GzEncoder::new(Vec::new(), Compression::fast()));
    stream::try_unfold((Box::pin(pieces), encoder), |(mut pieces, encoder)| async move {
        use futures_util::TryStreamExt;
        let Some(mut encoder) = encoder else { return Ok(None) };
        let piece = pieces.try_next().await?;
        let coded = block(move || match piece {
            Some(piece) => {
                encoder.write_all(&piece)?;
                let bytes = take(encoder.get_mut());
                Ok((bytes, Some(encoder)))
            }
            None => Ok((encoder.finish()?, None)),
        });
        let (bytes, encoder) = coded
            .await
            .map_err(Problem::internal)?
            .map_err(|error: std::io::Error| Problem::internal(error))?;
        Ok(Some((Bytes::from(bytes), (pieces, encoder))))
    })
}
