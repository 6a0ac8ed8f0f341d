//! The keyboard on a terminal: draws, reads keys, and leaves the terminal as it was.

use super::typing::{Key, PLACES, SAY, Sent, Typing};
use anyhow::Result;
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::style::{Print, Stylize};
use crossterm::terminal::{
    self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use crossterm::{execute, queue};
use std::io::{self, Stdout, Write};
use std::time::Duration;

/// Rows below the history: the message, the strip, the status line, and air.
const ROWS_BELOW: usize = 7;
/// Room for the number and two letters.
const NARROWEST_PLACE: usize = 6;
/// Letters of a place of the strip.
const WIDEST_PLACE: usize = 22;

/// Runs until Escape or Ctrl-C.
pub(super) fn run(mut typing: Typing<'_>, model: &str) -> Result<()> {
    let mut screen = Screen::enter()?;
    let mut slowest = Duration::ZERO;
    typing.refresh()?;
    loop {
        slowest = slowest.max(typing.latency());
        screen.draw(&typing, model, slowest)?;
        match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => match pressed(key, &typing) {
                Pressed::Key(key) => typing.press(key)?,
                Pressed::Leave => return Ok(()),
                Pressed::Nothing => {}
            },
            _ => {}
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Pressed {
    Key(Key),
    Leave,
    Nothing,
}

fn pressed(key: KeyEvent, typing: &Typing<'_>) -> Pressed {
    let control = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    match key.code {
        KeyCode::Esc => Pressed::Leave,
        KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => Pressed::Leave,
        KeyCode::Tab | KeyCode::Right => Pressed::Key(Key::Phrase),
        KeyCode::Backspace => Pressed::Key(Key::Backspace),
        KeyCode::Enter => Pressed::Key(Key::Enter),
        KeyCode::Char(letter) if !control => Pressed::Key(match place(letter) {
            // A digit goes on with a number, and is a digit where the strip has nothing at its place or a command begins a word.
            Some(place)
                if !typing.text().ends_with(|last: char| last.is_ascii_digit())
                    && (typing.in_word() || !typing.text().starts_with(SAY))
                    && (place < typing.strip().len() || place == PLACES && typing.emoji().is_some()) =>
            {
                Key::Take(place)
            }
            _ => Key::Letter(letter),
        }),
        _ => Pressed::Nothing,
    }
}

fn place(letter: char) -> Option<usize> {
    let digit = letter.to_digit(10)? as usize;
    digit.checked_sub(1).filter(|place| *place <= PLACES)
}

/// The terminal in raw mode; dropped, also by a panic, it is what it was before.
struct Screen {
    out: Stdout,
}

impl Screen {
    fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode()?;
        let mut screen = Self { out: io::stdout() };
        execute!(screen.out, EnterAlternateScreen)?;
        Ok(screen)
    }

    /// Writes every row over the old one in one update, so that nothing flickers.
    fn draw(&mut self, typing: &Typing<'_>, model: &str, slowest: Duration) -> io::Result<()> {
        let (width, height) = terminal::size()?;
        let (rows, cursor) = rows(typing, model, slowest, width.into(), height.into());
        queue!(self.out, BeginSynchronizedUpdate, Hide)?;
        for (number, row) in rows.iter().enumerate() {
            queue!(self.out, MoveTo(0, number as u16), Print(row), Clear(ClearType::UntilNewLine))?;
        }
        let (column, row) = cursor;
        queue!(
            self.out,
            Clear(ClearType::FromCursorDown),
            MoveTo(column as u16, row as u16),
            Show,
            EndSynchronizedUpdate
        )?;
        self.out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nothing can be done where the terminal itself is gone.
        let _ = execute!(self.out, Show, LeaveAlternateScreen);
        let _ = terminal::disable_raw_mode();
    }
}

/// The screen's rows, and where the cursor stands.
fn rows(
    typing: &Typing<'_>,
    model: &str,
    slowest: Duration,
    width: usize,
    height: usize,
) -> (Vec<String>, (usize, usize)) {
    let room = width.saturating_sub(1).max(8);
    let mut rows = vec![title(model, room), String::new()];
    let space = height.saturating_sub(rows.len() + ROWS_BELOW);
    let history: Vec<String> = typing.sent().iter().flat_map(|sent| history(sent, room)).collect();
    rows.extend(history[history.len().saturating_sub(space)..].iter().cloned());
    rows.resize(rows.len().max(2 + space), String::new());
    rows.push(String::new());

    let (prompt, message) = match typing.text().strip_prefix(SAY) {
        Some(said) => (" say ".black().on_yellow().to_string() + " ", said),
        None => (" › ".cyan().bold().to_string(), typing.text()),
    };
    let prompt_width = if typing.text().starts_with(SAY) { 6 } else { 3 };
    let shown = last_letters(message, room - prompt_width.min(room - 1));
    let cursor = (prompt_width + shown.chars().count(), rows.len());
    let grey = first_letters(typing.phrase(), room.saturating_sub(cursor.0));
    rows.push(format!("{prompt}{shown}{}", grey.dim()));
    rows.extend(strip(typing.strip(), room));
    rows.push(status(typing, slowest, room));
    rows.truncate(height.max(1));
    (rows, cursor)
}

fn title(model: &str, room: usize) -> String {
    let rest = first_letters(&format!("  {model}, on this machine, offline"), room.saturating_sub(6));
    format!("{}{}", " spatz".cyan().bold(), rest.dim())
}

fn history(sent: &Sent, room: usize) -> Vec<String> {
    let letters = sent.text.chars().count() + 1;
    let note = match sent.call {
        Some(_) => String::new(),
        None => format!("  {} keys for {letters}", sent.keys),
    };
    let text = first_letters(&sent.text, room.saturating_sub(3 + note.len()));
    let mark = if sent.call.is_some() { " ◂ ".yellow() } else { " ▸ ".dim() };
    let mut rows = vec![format!("{mark}{text}{}", note.dim())];
    if let Some(call) = &sent.call {
        rows.push(format!("   {}", first_letters(call, room.saturating_sub(3)).green()));
    }
    rows
}

/// The strip: three places in a frame.
fn strip(words: &[String], room: usize) -> [String; 3] {
    let inner = ((room.saturating_sub(PLACES + 2)) / PLACES).clamp(NARROWEST_PLACE, WIDEST_PLACE);
    let edge = |left: &str, middle: &str, right: &str| {
        format!(" {left}{}{right}", vec!["─".repeat(inner); PLACES].join(middle)).dim().to_string()
    };
    let bar = "│".dim().to_string();
    let place = |number: usize| {
        let Some(word) = words.get(number) else { return " ".repeat(inner) };
        let word = first_letters(word, inner.saturating_sub(4));
        let filler = " ".repeat(inner.saturating_sub(3 + word.chars().count()));
        let shown = if number == 0 { word.bold() } else { word.stylize() };
        format!(" {} {shown}{filler}", (number + 1).to_string().dim())
    };
    let middle = (0..PLACES).map(place).collect::<Vec<_>>().join(&bar);
    [edge("╭", "┬", "╮"), format!(" {bar}{middle}{bar}"), edge("╰", "┴", "╯")]
}

fn status(typing: &Typing<'_>, slowest: Duration, room: usize) -> String {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let what = match typing.autocorrection() {
        Some(correction) => format!("space: {correction} ·"),
        None if typing.in_word() => "completion".to_owned(),
        None => "next word".to_owned(),
    };
    let times = format!(" {what} {:.1} ms, slowest {:.1} ms", ms(typing.latency()), ms(slowest));
    let emoji = typing.emoji().map(|emoji| format!(" · 4 {emoji}")).unwrap_or_default();
    let help = emoji + " · 1 2 3 Tab take · /say … · Esc leaves";
    first_letters(&(times + &help), room).dim().to_string()
}

/// The beginning of `text`, with an ellipsis where it is cut.
fn first_letters(text: &str, count: usize) -> String {
    if text.chars().count() <= count {
        return text.to_owned();
    }
    text.chars().take(count.saturating_sub(1)).chain(['…']).collect()
}

/// The end of `text`, with an ellipsis where it is cut.
fn last_letters(text: &str, count: usize) -> String {
    let length = text.chars().count();
    if length <= count {
        return text.to_owned();
    }
    std::iter::once('…').chain(text.chars().skip(length - count.saturating_sub(1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::try_it::calls::Commands;
    use crate::commands::try_it::typing::tests::Words;

    #[test]
    fn long_text_is_cut_where_it_does_not_matter() {
        assert_eq!(first_letters("Straße", 4), "Str…");
        assert_eq!(last_letters("Straße", 4), "…aße");
        assert_eq!(first_letters("Tor", 3), "Tor");
        assert_eq!(last_letters("Tor", 3), "Tor");
    }

    #[test]
    fn the_strip_is_as_wide_as_its_frame() {
        let words = ["morgen".to_owned(), "mit".to_owned()];
        for room in [10, 30, 80, 200] {
            let plain = |row: &str| strip_styles(row).chars().count();
            let rows = strip(&words, room);
            assert!(rows.iter().all(|row| plain(row) == plain(&rows[0])), "{rows:?}");
        }
    }

    #[test]
    fn a_digit_begins_a_number_in_a_command() {
        let mut typing = Typing::new(&Words, Commands::samples(None));
        typing.refresh().unwrap();
        let digit = KeyEvent::from(KeyCode::Char('1'));
        assert!(matches!(pressed(digit, &typing), Pressed::Key(Key::Take(0))));
        SAY.chars().for_each(|letter| typing.press(Key::Letter(letter)).unwrap());
        assert!(matches!(pressed(digit, &typing), Pressed::Key(Key::Letter('1'))));
        typing.press(Key::Letter('m')).unwrap();
        assert!(matches!(pressed(digit, &typing), Pressed::Key(Key::Take(0))));
    }

    fn strip_styles(row: &str) -> String {
        let mut letters = row.chars();
        let mut out = String::new();
        while let Some(letter) = letters.next() {
            if letter == '\u{1b}' {
                letters.by_ref().find(|letter| letter.is_ascii_alphabetic());
            } else {
                out.push(letter);
            }
        }
        out
    }
}
