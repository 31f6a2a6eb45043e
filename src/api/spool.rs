//! An answer that is only sent when it is complete, and may be too long for memory.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

use actix_web::body::{BoxBody, MessageBody, SizedStream};
use actix_web::web::{Bytes, block};
use futures_util::{Stream, stream};

/// What is kept in memory.
const IN_MEMORY: usize = 256 * 1024;
/// What is read from the file at a time.
const CHUNK: u64 = 64 * 1024;

/// Bytes that are written first and read then. The first 256 KiB are in memory; more goes to a file
/// without a name, which the system removes by itself, whatever happens to the process.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    bytes: Vec<u8>,
    file: Option<File>,
    written: u64,
}

impl Spool {
    /// An empty one, whose file would be in `folder`, or where the system keeps such files.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, bytes: Vec::new(), file: None, written: 0 }
    }

    /// How many bytes it has.
    pub fn len(&self) -> u64 {
        self.written
    }

    /// Appends bytes. May wait for the disk.
    ///
    /// # Errors
    /// When there is no room, or no place for a file.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() < IN_MEMORY {
            return Ok(());
        }
        if self.file.is_none() {
            self.file = Some(tempfile::tempfile_in(&self.folder).or_else(|_| tempfile::tempfile())?);
        }
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            file.write_all(&self.bytes)?;
            self.bytes.clear();
        }
        Ok(())
    }

    /// What was written, as the body of an answer. May wait for the disk.
    ///
    /// # Errors
    /// When there is no room.
    pub fn into_body(mut self) -> io::Result<Spooled> {
        self.flush()?;
        let Some(mut file) = self.file else { return Ok(Spooled::Memory(self.bytes)) };
        file.rewind()?;
        Ok(Spooled::File(file, self.written))
    }
}

/// A body to be.
#[derive(Debug)]
pub enum Spooled {
    /// All of it.
    Memory(Vec<u8>),
    /// The file that has it, and its length.
    File(File, u64),
}

impl Spooled {
    /// The body.
    pub fn into_body(self) -> BoxBody {
        match self {
            Self::Memory(bytes) => bytes.boxed(),
            Self::File(file, length) => SizedStream::new(length, Box::pin(chunks(file, length))).boxed(),
        }
    }
}

fn chunks(file: File, length: u64) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((file, length), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = block(move || {
            let mut chunk = vec![0; usize::try_from(left.min(CHUNK)).unwrap_or_default()];
            file.read_exact(&mut chunk).map(|()| (chunk, file))
        });
        let (chunk, file) = read.await.map_err(io::Error::other)??;
        let left = left - chunk.len() as u64;
        Ok(Some((Bytes::from(chunk), (file, left))))
    })
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn what_was_written_is_read_whether_it_fits_into_memory_or_not(
            parts in proptest::collection::vec(0..200_000_usize, 0..6),
        ) {
            // There is no such folder: the system's own place has to do.
            let mut spool = Spool::new("no such folder".into());
            let mut expected = Vec::new();
            for (part, byte) in parts.into_iter().zip(b'a'..) {
                let part = vec![byte; part];
                spool.write(&part).unwrap();
                expected.extend(part);
            }
            prop_assert_eq!(spool.len(), expected.len() as u64);
            let body = spool.into_body().unwrap().into_body();
            let read = actix_web::rt::Runtime::new().unwrap().block_on(to_bytes(body)).unwrap();
            prop_assert!(read == expected);
        }
    }
}
