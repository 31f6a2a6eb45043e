//! A posting as a Word document (Office Open XML, ECMA-376).
//!
//! What is the same in every document is a file in `parts/`: styles, numbering, settings. The parts
//! that carry the posting are written here. They hold no clock and no random ids: the same posting
//! gives the same bytes.
//!
//! Facts are lines of a bold label and a value, not a table: whoever edits the document adds, moves
//! and deletes lines, pastes them into a form of a job board, and gets the words of the posting.

mod body;
mod link;
mod properties;

use std::io::{Cursor, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::domain::{Posting, Vacancy};

use body::Body;

/// Why a document could not be put together.
#[derive(Debug, thiserror::Error)]
#[error("word document: {0}")]
pub struct DocxError(#[from] ZipError);

/// The parts that no posting changes, by their names.
const FIXED: [(&str, &[u8]); 5] = [
    ("[Content_Types].xml", include_bytes!("parts/content_types.xml")),
    ("_rels/.rels", include_bytes!("parts/package.rels")),
    ("word/styles.xml", include_bytes!("parts/styles.xml")),
    ("word/numbering.xml", include_bytes!("parts/numbering.xml")),
    ("word/settings.xml", include_bytes!("parts/settings.xml")),
];

/// The posting as a Word document: `.docx`, media type
/// `application/vnd.openxmlformats-officedocument.wordprocessingml.document`. Its properties are those
/// of `vacancy`; its paper is that of the posting's locale.
///
/// # Errors
/// The archive cannot be written: memory is the only thing that it needs.
pub fn docx(posting: &Posting<'_>, vacancy: &Vacancy) -> Result<Vec<u8>, DocxError> {
    let mut body = Body::new();
    body.posting(posting);
    let (document, relationships) = body.finish();
    let written = [
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relationships),
        ("docProps/core.xml", properties::core(posting, vacancy)),
        ("docProps/app.xml", properties::app(vacancy)),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::with_capacity(16 * 1024)));
    let fixed = FIXED.iter().map(|(name, bytes)| (*name, *bytes));
    for (name, bytes) in fixed.chain(written.iter().map(|(name, bytes)| (*name, bytes.as_slice()))) {
        archive.start_file(name, options())?;
        archive.write_all(bytes).map_err(ZipError::from)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The same on every machine and at every time.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::DEFAULT
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_language_of_the_styles_is_that_of_the_words() {
        let language = format!(r#"<w:lang w:val="{}""#, crate::render::LANGUAGE);
        assert!(include_str!("parts/styles.xml").contains(&language));
    }
}
