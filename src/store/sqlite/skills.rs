//! The skills of all roles.

use rusqlite::{Connection, Row};

use crate::store::document::Slice;
use crate::store::index;
use crate::store::search::SkillCount;

/// The skills by id: those after `after` whose name has words that begin like `words`, and how many
/// have such a name in all.
pub fn list(
    connection: &Connection,
    words: &[String],
    after: Option<&str>,
    limit: usize,
) -> rusqlite::Result<(Slice<SkillCount>, u64)> {
    // The name that most roles give a skill comes first.
    let sql = "SELECT skill, name, roles FROM skill_names ORDER BY skill, roles DESC, name";
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = Found { items: Vec::new(), total: 0, more: false };
    let mut skill: Option<SkillCount> = None;
    for row in statement.query_map([], read)? {
        let row = row?;
        match &mut skill {
            Some(skill) if skill.id == row.id => skill.roles += row.roles,
            _ => {
                if let Some(whole) = skill.replace(row) {
                    found.add(whole, words, after, limit);
                }
            }
        }
    }
    if let Some(whole) = skill {
        found.add(whole, words, after, limit);
    }
    Ok((Slice { items: found.items, more: found.more }, found.total))
}

struct Found {
    items: Vec<SkillCount>,
    total: u64,
    more: bool,
}

impl Found {
    fn add(&mut self, skill: SkillCount, words: &[String], after: Option<&str>, limit: usize) {
        if !words.is_empty() && !begins_so(&skill.name, words) {
            return;
        }
        self.total += 1;
        if after.is_some_and(|after| *skill.id <= *after) {
        } else if self.items.len() < limit {
            self.items.push(skill);
        } else {
            self.more = true;
        }
    }
}

fn begins_so(name: &str, words: &[String]) -> bool {
    let own = index::words(name);
    words.iter().all(|word| own.iter().any(|own| own.starts_with(word.as_str())))
}

fn read(row: &Row<'_>) -> rusqlite::Result<SkillCount> {
    Ok(SkillCount { id: row.get(0)?, name: row.get(1)?, roles: row.get::<_, i64>(2)?.unsigned_abs() })
}
