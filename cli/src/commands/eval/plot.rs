//! Keystrokes saved over the size of what saves them, as SVG.

use super::Measured;
use crate::drawing::{FONT, INK, failed, mesh};
use anyhow::Result;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::path::Path;

const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 121, 107),
    RGBColor(216, 67, 21),
    RGBColor(57, 73, 171),
    RGBColor(142, 36, 170),
    RGBColor(249, 168, 37),
    RGBColor(84, 110, 122),
];

/// A line for each set through all systems, from the smallest to the largest, with the intervals of the harness.
pub(super) fn sizes(measured: &[Measured], path: &Path) -> Result<()> {
    let mut sets: Vec<&str> = Vec::new();
    let mut systems: Vec<(&str, f64)> = Vec::new();
    for Measured { set, system, megabytes, .. } in measured {
        if !sets.contains(&set.as_str()) {
            sets.push(set);
        }
        if systems.iter().all(|(known, _)| known != system) {
            systems.push((system, *megabytes));
        }
    }
    let largest = systems.iter().map(|(_, megabytes)| *megabytes).fold(0.0, f64::max);
    let ends = |pick: fn(f64, f64) -> f64, from: f64, end: usize| {
        measured.iter().map(|m| m.measures.ksr_ci[end]).fold(from, pick)
    };
    let (low, high) = (ends(f64::min, 100.0, 0).floor() - 2.0, ends(f64::max, 0.0, 1).ceil() + 6.0);

    let area = SVGBackend::new(path, (760, 480)).into_drawing_area();
    area.fill(&WHITE).map_err(failed)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(20)
        .margin_right(150)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..largest * 1.05, low..high)
        .map_err(failed)?;
    mesh(&mut chart).x_desc("size, MB").y_desc("keystrokes saved, %").draw().map_err(failed)?;
    for (name, megabytes) in &systems {
        let (end, shift) = if *megabytes > 0.9 * largest { (HPos::Right, -4) } else { (HPos::Left, 4) };
        let label = (FONT, 12).into_font().color(&INK).pos(Pos::new(end, VPos::Top));
        chart
            .draw_series(LineSeries::new([(*megabytes, low), (*megabytes, high)], INK.mix(0.25)))
            .map_err(failed)?;
        let text = EmptyElement::at((*megabytes, high)) + Text::new((*name).to_owned(), (shift, 2), label);
        chart.draw_series([text]).map_err(failed)?;
    }
    for (set, colour) in sets.iter().zip(COLOURS.iter().cycle()) {
        let mut of_set: Vec<&Measured> = measured.iter().filter(|m| m.set == *set).collect();
        of_set.sort_by(|a, b| a.megabytes.total_cmp(&b.megabytes));
        let line = of_set.iter().map(|m| (m.megabytes, m.measures.ksr));
        chart.draw_series(LineSeries::new(line, colour.stroke_width(2))).map_err(failed)?;
        for m in &of_set {
            let [from, to] = m.measures.ksr_ci;
            let interval = LineSeries::new([(m.megabytes, from), (m.megabytes, to)], colour.stroke_width(1));
            chart.draw_series(interval).map_err(failed)?;
            let point = Circle::new((m.megabytes, m.measures.ksr), 4, colour.filled());
            chart.draw_series([point]).map_err(failed)?;
        }
        if let Some(last) = of_set.last() {
            let name = (FONT, 13).into_font().color(colour).pos(Pos::new(HPos::Left, VPos::Center));
            let (x, y) = chart.backend_coord(&(largest * 1.05, last.measures.ksr));
            area.draw_text(set, &name, (x + 8, y)).map_err(failed)?;
        }
    }
    area.present().map_err(failed)
}
