//! Amounts with a unit.

use std::fmt;

/// An amount of a unit; the unit alone where no number stands with it ("into fahrenheit").
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// How many.
    pub amount: Option<f64>,
    /// Of what.
    pub unit: &'static Unit,
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.amount {
            Some(amount) => write!(f, "{amount} {}", self.unit.symbol),
            None => f.write_str(self.unit.symbol),
        }
    }
}

/// A unit of measurement.
#[derive(Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its English name: `Kilometer per hour`.
    pub name: &'static str,
    /// Its sign: `km/h`.
    pub symbol: &'static str,
    /// What it measures.
    pub dimension: Dimension,
}

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Metres and inches.
    Length,
    /// Grams and pounds.
    Weight,
    /// Litres and cups.
    Volume,
    /// Hectares and acres.
    Area,
    /// Metres per second and knots.
    Speed,
    /// Bits and bytes.
    Information,
    /// Degrees and radians of a turn.
    Angle,
    /// Degrees Celsius and Fahrenheit.
    Temperature,
    /// Years, months, weeks and days, for ages.
    Time,
}
