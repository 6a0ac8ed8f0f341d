//! What all pictures have in common.

use anyhow::anyhow;
use plotters::chart::MeshStyle;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

pub(crate) const INK: RGBColor = RGBColor(38, 50, 56);
pub(crate) const GRID: RGBColor = RGBColor(225, 229, 232);
pub(crate) const FONT: &str = "sans-serif";

/// A chart with numbers on both axes.
pub(crate) type Chart<'chart, 'svg> =
    ChartContext<'chart, SVGBackend<'svg>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Axes and grid, as all charts have them.
pub(crate) fn mesh<'chart, 'mesh, 'svg>(
    chart: &'mesh mut Chart<'chart, 'svg>,
) -> MeshStyle<'chart, 'mesh, RangedCoordf64, RangedCoordf64, SVGBackend<'svg>> {
    let mut mesh = chart.configure_mesh();
    mesh.light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(INK)
        .label_style((FONT, 13).into_font().color(&INK));
    mesh
}

/// Drawing errors borrow their backend; only the words are kept.
pub(crate) fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("cannot draw: {error}")
}
