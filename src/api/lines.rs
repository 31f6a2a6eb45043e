//! A body as lines: bounded ones, however many, with no more than one of them in memory.

use std::time::Duration;

use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::StreamExt;

use super::extract::{MAX_BODY, broken_off, stalled};
use super::problem::Problem;

/// The most bytes of a line, without its line break.
pub const MAX_LINE: usize = MAX_BODY;

/// A line that is not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1; blank lines count.
    pub number: u64,
    /// What it holds, without the line break; nothing if that is more than [`MAX_LINE`].
    pub bytes: Option<Bytes>,
}

/// The lines of a body.
pub struct Lines {
    payload: Payload,
    patience: Duration,
    buffer: BytesMut,
    /// How much of the buffer is known to have no line break.
    searched: usize,
    /// Whether the line at hand is too long, and is passed over.
    too_long: bool,
    ended: bool,
    number: u64,
}

impl Lines {
    /// The lines of a body, none of whose bytes may take longer than `patience` to come.
    pub fn of(payload: Payload, patience: Duration) -> Self {
        Self {
            payload,
            patience,
            buffer: BytesMut::new(),
            searched: 0,
            too_long: false,
            ended: false,
            number: 0,
        }
    }

    /// The number of the line that was read last; 0 before the first.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line that is not blank; nothing after the last. The last needs no line break.
    ///
    /// # Errors
    /// Problems for a body that stands still, or that breaks off: what has come of a line is no line.
    pub async fn next(&mut self) -> Result<Option<Line>, Problem> {
        loop {
            match self.take_line() {
                Some(line) if is_blank(&line) => {}
                Some(line) => return Ok(Some(line)),
                None if self.ended => return Ok(None),
                None => self.read().await?,
            }
        }
    }

    /// A line that is there as a whole.
    fn take_line(&mut self) -> Option<Line> {
        let rest = self.buffer.get(self.searched..).unwrap_or_default();
        let line = match rest.iter().position(|byte| *byte == b'\n') {
            Some(index) => {
                let mut line = self.buffer.split_to(self.searched + index + 1);
                line.truncate(line.len() - 1);
                line
            }
            None if self.ended && (self.too_long || !self.buffer.is_empty()) => self.buffer.split(),
            None => {
                self.too_long |= self.buffer.len() > MAX_LINE;
                if self.too_long {
                    self.buffer.clear();
                }
                self.searched = self.buffer.len();
                return None;
            }
        };
        self.searched = 0;
        self.number += 1;
        let too_long = std::mem::take(&mut self.too_long) || line.len() > MAX_LINE;
        Some(Line { number: self.number, bytes: (!too_long).then(|| line.freeze()) })
    }

    async fn read(&mut self) -> Result<(), Problem> {
        match tokio::time::timeout(self.patience, self.payload.next()).await {
            Err(_) => Err(stalled(self.patience)),
            Ok(Some(Err(_))) => Err(broken_off()),
            Ok(Some(Ok(chunk))) => {
                self.buffer.extend_from_slice(&chunk);
                Ok(())
            }
            Ok(None) => {
                self.ended = true;
                Ok(())
            }
        }
    }
}

/// Whether a line has nothing but the white space of JSON.
fn is_blank(line: &Line) -> bool {
    line.bytes.as_ref().is_some_and(|bytes| bytes.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r')))
}

#[cfg(test)]
mod tests {
    use actix_web::FromRequest as _;
    use actix_web::error::PayloadError;
    use actix_web::test::TestRequest;
    use futures_util::stream;
    use proptest::prelude::*;

    use super::*;

    /// The lines of a body that comes in these chunks.
    async fn lines(chunks: Vec<Vec<u8>>) -> Vec<Line> {
        let chunks = chunks.into_iter().map(|chunk| Ok::<_, PayloadError>(Bytes::from(chunk)));
        let mut payload: actix_web::dev::Payload =
            actix_web::dev::Payload::Stream { payload: Box::pin(stream::iter(chunks)) };
        let request = TestRequest::default().to_http_request();
        let payload = Payload::from_request(&request, &mut payload).await.unwrap();
        let mut lines = Lines::of(payload, Duration::from_secs(60));
        let mut all = Vec::new();
        while let Some(line) = lines.next().await.unwrap() {
            all.push(line);
        }
        all
    }

    fn line(number: u64, text: &str) -> Line {
        Line { number, bytes: Some(Bytes::copy_from_slice(text.as_bytes())) }
    }

    #[actix_web::test]
    async fn blank_lines_count_and_are_passed_over() {
        let body = b"\n{}\r\n \t\n\n[1]\nlast".to_vec();
        assert_eq!(lines(vec![body]).await, [line(2, "{}\r"), line(5, "[1]"), line(6, "last")]);
    }

    #[actix_web::test]
    async fn a_line_may_have_a_mebibyte_and_no_byte_more() {
        let fits = "x".repeat(MAX_LINE);
        let body = format!("{fits}\n{fits}x\n{fits}{fits}\n{{}}\n{fits}{fits}");
        for chunk in [1000, 65_536, body.len()] {
            let read = lines(body.as_bytes().chunks(chunk).map(<[u8]>::to_vec).collect()).await;
            let too_long = |number| Line { number, bytes: None };
            assert_eq!(read, [line(1, &fits), too_long(2), too_long(3), line(4, "{}"), too_long(5)]);
        }
    }

    proptest! {
        #[test]
        fn where_the_chunks_end_makes_no_difference(
            text in "[a\n ]{0,60}",
            cuts in proptest::collection::vec(1..8_usize, 1..8),
        ) {
            let mut chunks = Vec::new();
            let mut rest = text.as_bytes();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (chunk, after) = rest.split_at(rest.len().min(*cut));
                chunks.push(chunk.to_vec());
                rest = after;
            }
            let runtime = actix_web::rt::Runtime::new().unwrap();
            let read = runtime.block_on(lines(chunks));
            let all = text.split('\n').zip(1..).filter(|(text, _)| !text.trim().is_empty());
            let expected: Vec<Line> = all.map(|(text, number)| line(number, text)).collect();
            prop_assert_eq!(read, expected);
        }
    }
}
