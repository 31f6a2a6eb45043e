//! JSON that may stand in a `<script>` element: nothing in it can end the element or start a comment.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// Writes `value` in one line, with `<`, `>`, `&` and the line separators U+2028 and U+2029 of its texts
/// as `\u003c` and so on: the same JSON to every reader.
///
/// # Errors
/// What cannot be written as JSON.
pub fn to_vec(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::with_capacity(8 * 1024);
    value.serialize(&mut Serializer::with_formatter(&mut out, ScriptSafe))?;
    Ok(out)
}

struct ScriptSafe;

impl Formatter for ScriptSafe {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        let mut copied = 0;
        for (at, c) in text.match_indices(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            out.write_all(text.get(copied..at).unwrap_or_default().as_bytes())?;
            for c in c.chars() {
                write!(out, "\\u{:04x}", u32::from(c))?;
            }
            copied = at + c.len();
        }
        out.write_all(text.get(copied..).unwrap_or_default().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_a_script_is_escaped_and_read_back_as_it_was() {
        let hostile =
            ["</script>", "<!-- <script>", "a && b", "\u{2028}\u{2029}", "]]>", "é\"\\\u{1f469}", ""];
        let json = String::from_utf8(to_vec(&hostile).unwrap()).unwrap();
        assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), hostile);
    }
}
