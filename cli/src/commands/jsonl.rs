//! Requests and answers as JSON, one a line. A line that is no request gets `{"error": WHY}` in its place: it must not cost
//! the answers to the lines behind it.

use anyhow::{Context, Result};
use serde_json::json;
use std::io::{BufRead, Write};

/// The lines of `input` that are not empty, with their numbers from 1 on. What is no UTF-8 shows as such signs do.
pub(super) fn lines(input: impl BufRead) -> impl Iterator<Item = Result<(usize, String)>> {
    input.split(b'\n').enumerate().filter_map(|(number, line)| {
        let line = match line.context("cannot read standard input") {
            Ok(line) => line,
            Err(error) => return Some(Err(error)),
        };
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_start_matches('\u{feff}').trim();
        (!line.is_empty()).then(|| Ok((number + 1, line.to_owned())))
    })
}

/// Answers each request.
pub(super) fn answer_lines(
    input: impl BufRead,
    out: &mut impl Write,
    mut answer: impl FnMut(&str) -> Result<String>,
) -> Result<()> {
    for line in lines(input) {
        let (number, line) = line?;
        let failed = |error| json!({ "error": format!("line {number}: {error:#}") }).to_string();
        let answer = answer(&line).unwrap_or_else(failed);
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_costs_no_other_answer() {
        let input: &[u8] = b"\xef\xbb\xbf1\n\n\xff\r\n[\n3";
        let mut out = Vec::new();
        answer_lines(input, &mut out, |line| Ok(serde_json::from_str::<i32>(line)?.to_string())).unwrap();
        let out = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!((lines.len(), lines[0], lines[3]), (4, "1", "3"), "{out}");
        assert!(lines[1].starts_with(r#"{"error":"line 3: "#), "{out}");
        assert!(lines[2].starts_with(r#"{"error":"line 4: "#), "{out}");
    }
}
