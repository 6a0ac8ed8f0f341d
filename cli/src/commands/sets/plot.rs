//! The pictures of `spatz commands report`, as SVG.

use super::report::{BINS, NO_INTENT, Report};
use crate::drawing::{FONT, GRID, INK, failed, mesh};
use anyhow::Result;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::collections::BTreeSet;
use std::path::Path;

const RIGHT: RGBColor = RGBColor(0, 121, 107);
const WRONG: RGBColor = RGBColor(216, 67, 21);

/// Draws which intent (a row) was answered by which (a column); the darker, the more of the row.
pub(super) fn confusion(report: &Report, path: &Path) -> Result<()> {
    const TEXT: i32 = 12;
    let names: BTreeSet<&str> =
        report.confusion.keys().flat_map(|(expected, answered)| [expected.as_str(), answered]).collect();
    // Refusals last.
    let (refused, intents): (Vec<&str>, Vec<&str>) = names.into_iter().partition(|name| *name == NO_INTENT);
    let names: Vec<&str> = intents.into_iter().chain(refused).collect();
    let count = names.len() as i32;
    let cell = (900 / count.max(1)).clamp(14, 48);
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0) as i32;
    let margin = 40 + longest * TEXT * 6 / 10;
    let side = margin + count * cell + 20;

    let area = SVGBackend::new(path, (side as u32, side as u32)).into_drawing_area();
    area.fill(&WHITE).map_err(failed)?;
    let label = (FONT, TEXT).into_font().color(&INK);
    let right = label.pos(Pos::new(HPos::Right, VPos::Center));
    let upwards = (FONT, TEXT).into_font().transform(FontTransform::Rotate270).color(&INK);
    let upwards = upwards.pos(Pos::new(HPos::Left, VPos::Center));
    for (at, name) in (0..).zip(&names) {
        let middle = margin + at * cell + cell / 2;
        area.draw_text(name, &right, (margin - 6, middle)).map_err(failed)?;
        area.draw_text(name, &upwards, (middle, margin - 6)).map_err(failed)?;
    }
    for (row, expected) in (0..).zip(&names) {
        let of_row = |answered: &str| {
            report.confusion.get(&((*expected).to_owned(), answered.to_owned())).copied().unwrap_or(0)
        };
        let all: usize = names.iter().map(|answered| of_row(answered)).sum();
        for (column, answered) in (0..).zip(&names) {
            let (x, y) = (margin + column * cell, margin + row * cell);
            let corners = [(x, y), (x + cell, y + cell)];
            let found = of_row(answered);
            if found > 0 {
                let colour = if row == column { RIGHT } else { WRONG };
                // A single confusion among a thousand must still be seen.
                let share = 0.15 + 0.85 * found as f64 / all as f64;
                area.draw(&Rectangle::new(corners, colour.mix(share).filled())).map_err(failed)?;
            }
            area.draw(&Rectangle::new(corners, GRID.stroke_width(1))).map_err(failed)?;
            if found > 0 && cell >= 24 {
                let ink = if 2 * found > all { WHITE } else { INK };
                let number = (FONT, 11).into_font().color(&ink).pos(Pos::new(HPos::Center, VPos::Center));
                area.draw_text(&found.to_string(), &number, (x + cell / 2, y + cell / 2)).map_err(failed)?;
            }
        }
    }
    let axis = label.pos(Pos::new(HPos::Left, VPos::Top));
    area.draw_text("rows: meant, columns: answered", &axis, (10, 10)).map_err(failed)?;
    area.present().map_err(failed)
}

/// Draws the share of right answers over their confidence; on the diagonal, confidence means what it says.
pub(super) fn calibration(report: &Report, path: &Path) -> Result<()> {
    let area = SVGBackend::new(path, (560, 520)).into_drawing_area();
    area.fill(&WHITE).map_err(failed)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(20)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..1.0, 0.0..1.0)
        .map_err(failed)?;
    let percent = |share: &f64| format!("{:.0} %", 100.0 * share);
    mesh(&mut chart)
        .x_desc("confidence")
        .y_desc("right answers")
        .x_label_formatter(&percent)
        .y_label_formatter(&percent)
        .draw()
        .map_err(failed)?;
    let filled = report.bins.iter().enumerate().filter(|(_, (count, ..))| *count > 0);
    let bars = filled.clone().map(|(bin, (count, _, right))| {
        let edges = [bin as f64 / BINS as f64, (bin + 1) as f64 / BINS as f64];
        let share = *right as f64 / *count as f64;
        let mut bar = Rectangle::new([(edges[0], 0.0), (edges[1], share)], RIGHT.mix(0.35).filled());
        bar.set_margin(0, 0, 2, 2);
        bar
    });
    chart.draw_series(bars).map_err(failed)?;
    chart.draw_series(LineSeries::new([(0.0, 0.0), (1.0, 1.0)], INK.mix(0.5))).map_err(failed)?;
    let points = filled.map(|(_, (count, sum, right))| {
        let at = (sum / *count as f64, *right as f64 / *count as f64);
        let number = (FONT, 12).into_font().color(&INK).pos(Pos::new(HPos::Right, VPos::Bottom));
        EmptyElement::at(at)
            + Circle::new((0, 0), 4, RIGHT.filled())
            + Text::new(count.to_string(), (-6, -4), number)
    });
    chart.draw_series(points).map_err(failed)?;
    area.present().map_err(failed)
}
