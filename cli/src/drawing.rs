//! What all pictures have in common.

use anyhow::anyhow;
use plotters::style::RGBColor;

pub(crate) const INK: RGBColor = RGBColor(38, 50, 56);
pub(crate) const GRID: RGBColor = RGBColor(225, 229, 232);
pub(crate) const FONT: &str = "sans-serif";

/// Drawing errors borrow their backend; only the words are kept.
pub(crate) fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("cannot draw: {error}")
}
