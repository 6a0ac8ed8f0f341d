//! The tour: types a few messages by itself, taking a suggestion as soon as it is right, and gives two voice commands.

use super::typing::{Key, SAY, Typing};
use anyhow::Result;
use std::io::Write;

/// Messages that nothing was fitted to.
const MESSAGES: [&str; 2] =
    ["Shall we meet for lunch tomorrow?", "Ich komme heute leider etwas später nach Hause."];
const COMMANDS: [&str; 2] = ["set a timer for ten minutes", "schalte das Licht im Wohnzimmer ein"];

/// Plays it on `out`.
pub(super) fn play(mut typing: Typing<'_>, out: &mut impl Write) -> Result<()> {
    writeln!(out, "spatz: three suggestions a key; taken as soon as one is right")?;
    for message in MESSAGES {
        write_message(&mut typing, message, out)?;
    }
    writeln!(out, "\nvoice commands")?;
    for command in COMMANDS {
        for letter in SAY.chars().chain(command.chars()) {
            typing.press(Key::Letter(letter))?;
        }
        typing.press(Key::Enter)?;
        if let Some(call) = typing.sent().last().and_then(|sent| sent.call.as_deref()) {
            writeln!(out, "  \"{command}\"\n      {call}")?;
        }
    }
    writeln!(out, "\nIn a terminal, `spatz try` lets you type yourself.")?;
    Ok(())
}

/// Types `message`; writes a line for each word.
fn write_message(typing: &mut Typing<'_>, message: &str, out: &mut impl Write) -> Result<()> {
    writeln!(out)?;
    typing.refresh()?;
    for word in message.split_inclusive(' ') {
        let letters = word.trim_end().trim_end_matches(|letter: char| !letter.is_alphanumeric());
        let mut typed = letters.chars();
        let taken = loop {
            if let Some(place) = typing.strip().iter().position(|suggestion| suggestion == letters) {
                show(typing, Some(place), out)?;
                typing.press(Key::Take(place))?;
                break true;
            }
            let Some(letter) = typed.next() else { break false };
            typing.press(Key::Letter(letter))?;
        };
        if !taken {
            show(typing, None, out)?;
        }
        let rest = word.trim_start_matches(letters);
        let rest = if taken && rest == " " { "" } else { rest };
        for letter in rest.chars() {
            typing.press(Key::Letter(letter))?;
        }
    }
    let keys = typing.keys() + 1;
    typing.press(Key::Enter)?;
    writeln!(out, "  sent with {keys} keys instead of {}", message.chars().count() + 1)?;
    Ok(())
}

/// The text and the strip, the word taken in brackets.
fn show(typing: &Typing<'_>, taken: Option<usize>, out: &mut impl Write) -> Result<()> {
    let mark = |(place, word): (usize, &String)| match taken {
        Some(taken) if taken == place => format!("[{word}]"),
        _ => word.clone(),
    };
    let strip: Vec<String> = typing.strip().iter().enumerate().map(mark).collect();
    writeln!(out, "  {:<52} {}", format!("{}▏", typing.text()), strip.join("  "))?;
    Ok(())
}
