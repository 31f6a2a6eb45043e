//! Plain text, and text that looks like Markdown.

use textwrap::core::display_width;

use super::collapsed;

/// Lines of at most this many columns may have been wrapped; longer ones are paragraphs.
const WIDEST: usize = 100;
/// Text whose longest line is shorter than this was not wrapped.
const NARROWEST: usize = 60;
/// Signs that start an item of a list.
const BULLETS: [char; 16] = ['-', '*', '+', '•', '‣', '◦', '⁃', '∙', '·', '●', '○', '■', '▪', '►', '–', '—'];

/// The paragraphs and items of a text, in reading order: without bullets, without the marks of headings
/// and quotations, and without rules. The lines of a paragraph that was wrapped are joined.
///
/// A line goes on in the next one if that is indented below an item, or if its first word would not have
/// fitted: in text whose longest line has 60 to 100 columns, with a word that would exceed that line.
/// Numbers of numbered lists stay.
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut found = Paragraphs { width: width(text), done: Vec::new(), current: None };
    for line in text.lines() {
        found.line(line);
    }
    found.end();
    found.done
}

/// The columns at which the text seems to have been wrapped.
fn width(text: &str) -> Option<usize> {
    let longest = text.lines().map(|line| display_width(line.trim_end())).max()?;
    (NARROWEST..=WIDEST).contains(&longest).then_some(longest)
}

struct Paragraphs {
    width: Option<usize>,
    done: Vec<String>,
    current: Option<Current>,
}

/// A paragraph or item that may go on.
struct Current {
    words: String,
    /// The columns of its last line.
    last_line: usize,
    /// The column of its bullet, if it is an item.
    bullet: Option<usize>,
}

impl Paragraphs {
    fn line(&mut self, line: &str) {
        let line = line.trim_end();
        let words = line.trim_start();
        if words.is_empty() || is_rule(words) {
            return self.end();
        }
        let column = line.chars().count() - words.chars().count();
        if let Some(words) = item(words) {
            self.end();
            return self.start(words, line, Some(column));
        }
        let marked = words.starts_with(['#', '>']);
        let words = words.trim_start_matches(['#', '>']).trim_start();
        if words.is_empty() || marked {
            self.end();
        }
        match &mut self.current {
            Some(current) if current.goes_on(words, column, self.width) => {
                current.words.push(' ');
                current.words.push_str(words);
                current.last_line = display_width(line);
            }
            _ => {
                self.end();
                self.start(words, line, None);
            }
        }
        if marked {
            self.end();
        }
    }

    fn start(&mut self, words: &str, line: &str, bullet: Option<usize>) {
        self.current = Some(Current { words: words.to_owned(), last_line: display_width(line), bullet });
    }

    fn end(&mut self) {
        if let Some(current) = self.current.take() {
            let words = collapsed(&current.words);
            if !words.is_empty() {
                self.done.push(words);
            }
        }
    }
}

impl Current {
    fn goes_on(&self, words: &str, column: usize, width: Option<usize>) -> bool {
        let below_item = self.bullet.is_some_and(|bullet| column > bullet);
        let first = words.split_whitespace().next().unwrap_or_default();
        let is_full = width.is_some_and(|width| self.last_line + 1 + display_width(first) > width);
        below_item || is_full
    }
}

/// The words of a line that starts with a bullet.
fn item(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(BULLETS)?;
    let words = rest.trim_start();
    // Other signs need a space: they start words, too.
    let plain = line.starts_with(['•', '‣', '◦', '⁃', '∙', '●', '○', '■', '▪', '►']);
    (plain || words.len() < rest.len()).then_some(words)
}

/// Whether a line is drawn, not written: under a heading, or between parts.
fn is_rule(line: &str) -> bool {
    line.chars().all(|c| matches!(c, '=' | '-' | '_' | '*' | '~' | '#' | '–' | '—' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lose_their_marks_and_rules_are_no_words() {
        let found = paragraphs("Tech Manager\n============\n\nAbout\n-----\n\n## Duties ##\n* * *\nWork.\n");
        assert_eq!(found, ["Tech Manager", "About", "Duties ##", "Work."]);
    }

    #[test]
    fn items_lose_their_bullets_and_keep_their_numbers() {
        let found = paragraphs("You will:\n- lead\n* plan\n•test\n  – ship\n1. rest\n2) eat\n-5 degrees");
        assert_eq!(found, ["You will:", "lead", "plan", "test", "ship", "1. rest", "2) eat", "-5 degrees"]);
    }

    #[test]
    fn wrapped_lines_are_joined_and_short_lines_are_not() {
        let text = "This line has as many characters as a line of wrapped text may have,\n\
                    and then it goes on in the next one, which is short.\n\
                    Location: Denver\nTeam: Payments\n\n\
                    - An item that is wrapped, too, and that has a second line, which is\n  indented.\n- Next\n";
        let found = paragraphs(text);
        assert_eq!(found[0].split_whitespace().last(), Some("short."));
        assert_eq!(found[1..3], ["Location: Denver", "Team: Payments"]);
        assert!(found[3].ends_with("which is indented."), "{found:?}");
        assert_eq!(found[4], "Next");
        assert_eq!(found.len(), 5);
    }

    #[test]
    fn long_lines_are_paragraphs_each() {
        let long = "word ".repeat(40);
        assert_eq!(paragraphs(&format!("{long}\n{long}\nshort")).len(), 3);
    }

    #[test]
    fn nothing_comes_of_nothing() {
        for nothing in ["", " \n\t\r\n", "---", "#", "> ", "- ", "•"] {
            assert!(paragraphs(nothing).is_empty(), "{nothing:?}");
        }
    }
}
