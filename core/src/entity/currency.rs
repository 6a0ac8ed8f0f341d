//! Money.

use std::fmt;

/// An amount of money; the currency alone where no number stands with it ("in dollars").
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Money {
    /// How much.
    pub amount: Option<f64>,
    /// Of what.
    pub currency: &'static Currency,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.currency.code.unwrap_or(self.currency.name);
        match self.amount {
            Some(amount) => write!(f, "{amount} {name}"),
            None => f.write_str(name),
        }
    }
}

/// A currency, or a name that several share ("dollar").
#[derive(Debug, PartialEq, Eq)]
pub struct Currency {
    /// Its English name.
    pub name: &'static str,
    /// ISO 4217; `None` where several share the name.
    pub code: Option<&'static str>,
}
