//! Lists of postings that are written while they are sent, so that memory stays flat: a head, a piece for
//! each posting, and a tail.

use actix_web::web::{Bytes, block};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use async_trait::async_trait;

use super::super::chunks::{self, Chunks, Walk};
use super::super::compress::accepted;
use super::super::problem::Problem;
use super::Board;
use crate::render::boards::Entry;
use crate::store::postings::Numbered;

/// What to do with a posting.
#[derive(Debug)]
pub enum Step {
    /// Write this.
    Write(Vec<u8>),
    /// Pass it over.
    Pass,
    /// Write nothing more.
    End,
}

/// The frame of a list.
pub struct Frame {
    /// What stands before the first posting.
    pub head: Vec<u8>,
    /// What stands between two.
    pub separator: &'static str,
    /// What stands after the last, by how many there are.
    pub tail: Box<dyn Fn(u64) -> Vec<u8> + Send + Sync>,
}

impl Frame {
    /// A JSON array, between two texts.
    pub fn array(before: &str, after: &'static str) -> Self {
        let head = format!("{before}[").into_bytes();
        Self { head, separator: ",", tail: Box::new(move |_| format!("]{after}").into_bytes()) }
    }
}

/// Writes something of a posting; what it counts is its own.
pub trait Write: FnMut(&Entry<'_>) -> Result<Step, serde_json::Error> + Send + 'static {}

impl<W: FnMut(&Entry<'_>) -> Result<Step, serde_json::Error> + Send + 'static> Write for W {}

/// Answers with the postings of a board, one by one.
///
/// # Errors
/// What the database says while the first are read.
pub async fn answer(
    request: &HttpRequest,
    response: HttpResponseBuilder,
    board: Board,
    frame: Frame,
    write: impl Write,
) -> Result<HttpResponse, Problem> {
    let writing = Writing { board, frame, write: Some(write), walk: Walk::default(), count: 0, ended: false };
    chunks::answer(response, writing, accepted(request)).await
}

struct Writing<W> {
    board: Board,
    frame: Frame,
    /// Gone while it writes, and after the end.
    write: Option<W>,
    walk: Walk,
    count: u64,
    ended: bool,
}

#[async_trait]
impl<W: Write> Chunks for Writing<W> {
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        if self.ended {
            return Ok(None);
        }
        let board = self.board.clone();
        let read = |after: Option<String>, limit| async move { board.page(after.as_deref(), limit).await };
        let head = std::mem::take(&mut self.frame.head);
        let (Some(items), Some(write)) = (self.walk.next(read).await?, self.write.take()) else {
            self.ended = true;
            return Ok(Some([head, (self.frame.tail)(self.count)].concat().into()));
        };
        let part = Part { out: head, count: self.count, separator: self.frame.separator };
        let board = self.board.clone();
        let written = block(move || part.written(&board, &items, write)).await.map_err(Problem::internal)?;
        let (out, count, write) = written?;
        (self.count, self.write) = (count, write);
        Ok(Some(out.into()))
    }
}

/// A part of the list that is being written.
struct Part {
    out: Vec<u8>,
    count: u64,
    separator: &'static str,
}

impl Part {
    /// What is written, how many there are by now, and the writer, unless it is done.
    fn written<W: Write>(
        mut self,
        board: &Board,
        items: &[Numbered],
        mut write: W,
    ) -> Result<(Vec<u8>, u64, Option<W>), Problem> {
        for item in items {
            let step = board.read(item, &mut write)?.transpose().map_err(Problem::internal)?;
            match step {
                Some(Step::Write(bytes)) => {
                    if self.count > 0 {
                        self.out.extend_from_slice(self.separator.as_bytes());
                    }
                    self.out.extend_from_slice(&bytes);
                    self.count += 1;
                }
                Some(Step::Pass) | None => {}
                Some(Step::End) => return Ok((self.out, self.count, None)),
            }
        }
        Ok((self.out, self.count, Some(write)))
    }
}

/// Reads all postings of a board, page by page.
///
/// # Errors
/// What the database says.
pub async fn read_all<T: Send + 'static>(
    board: &Board,
    start: T,
    add: impl Fn(&mut T, &Entry<'_>) + Clone + Send + 'static,
) -> Result<T, Problem> {
    let (mut whole, mut walk) = (start, Walk::default());
    loop {
        let reader = board.clone();
        let read = |after: Option<String>, limit| async move { reader.page(after.as_deref(), limit).await };
        let Some(items) = walk.next(read).await? else { return Ok(whole) };
        let (board, add) = (board.clone(), add.clone());
        let added = block(move || {
            for item in &items {
                board.read(item, |entry| add(&mut whole, entry))?;
            }
            Ok::<_, Problem>(whole)
        });
        whole = added.await.map_err(Problem::internal)??;
    }
}

/// An answer in pieces that are made one after another.
pub struct Pieces<I>(pub I);

#[async_trait]
impl<I: Iterator<Item = Result<Vec<u8>, serde_json::Error>> + Send + 'static> Chunks for Pieces<I> {
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        self.0.next().transpose().map(|piece| piece.map(Bytes::from)).map_err(Problem::internal)
    }
}
