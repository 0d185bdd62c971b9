//! Tables as text: CSV (RFC 4180) with commas, semicolons or tabs, as spreadsheets write it.

/// The lines of a text, each with its cells. Empty lines are left out.
pub(crate) fn read(text: &str) -> Vec<(usize, Vec<String>)> {
    let text = text.trim_start_matches('\u{feff}');
    let mark = delimiter(text);
    let mut lines = Vec::new();
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let (mut is_quoted, mut line, mut begins) = (false, 1, 1);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\n' {
            line += 1;
        }
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                is_quoted = true;
            }
            letter if is_quoted => cell.push(letter),
            '\r' => {}
            '\n' => {
                cells.push(std::mem::take(&mut cell));
                lines.push((begins, std::mem::take(&mut cells)));
                begins = line;
            }
            letter if letter == mark => cells.push(std::mem::take(&mut cell)),
            letter => cell.push(letter),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        lines.push((begins, cells));
    }
    lines.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    lines
}

/// What separates the cells: the mark that the first line has most of.
fn delimiter(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: char| first.chars().filter(|letter| *letter == mark).count();
    let marks = [',', ';', '\t'];
    marks.into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(',')
}

#[cfg(test)]
mod tests;
