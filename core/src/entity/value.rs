//! Kinds of entities and the typed values that they carry.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::colour::Colour;
use super::currency::Money;
use super::ordinal::Ordinal;
use super::quantity::Quantity;

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An amount: `25`, "two and a half".
    Number,
    /// A place in a row: "third", "last".
    Ordinal,
    /// Parts of a hundred.
    Percent,
    /// Degrees.
    Temperature,
    /// A length, weight, volume, area, speed, angle or amount of information.
    Dimension,
    /// Money.
    Currency,
    /// How old someone or something is.
    Age,
    /// Yes or no.
    Boolean,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// An address on the web.
    Url,
    /// A colour.
    Colour,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A time on a day.
    DateTime,
    /// From one day to another.
    DateRange,
    /// From one time of day to another.
    TimeRange,
    /// From one point in time to another.
    DateTimeRange,
    /// A length of time.
    Duration,
    /// What comes again: "every Monday".
    Set,
}

impl Kind {
    /// Every kind there is.
    pub const ALL: [Self; 20] = [
        Self::Number,
        Self::Ordinal,
        Self::Percent,
        Self::Temperature,
        Self::Dimension,
        Self::Currency,
        Self::Age,
        Self::Boolean,
        Self::Phone,
        Self::Email,
        Self::Url,
        Self::Colour,
        Self::Date,
        Self::Time,
        Self::DateTime,
        Self::DateRange,
        Self::TimeRange,
        Self::DateTimeRange,
        Self::Duration,
        Self::Set,
    ];

    /// Its name in command files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Ordinal => "ordinal",
            Self::Percent => "percent",
            Self::Temperature => "temperature",
            Self::Dimension => "dimension",
            Self::Currency => "currency",
            Self::Age => "age",
            Self::Boolean => "boolean",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Url => "url",
            Self::Colour => "colour",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "datetime",
            Self::DateRange => "daterange",
            Self::TimeRange => "timerange",
            Self::DateTimeRange => "datetimerange",
            Self::Duration => "duration",
            Self::Set => "set",
        }
    }

    /// The kind of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What an entity means. `Display` writes its canonical text, the same for all ways to say it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `22.5`
    Number(f64),
    /// `3`, `end-1`, `current+1`: counted from 1, or from the end or the present place.
    Ordinal(Ordinal),
    /// `25 %` is 25; `None` where only the word stands.
    Percent(Option<f64>),
    /// In the degrees of its unit.
    Temperature(Quantity),
    /// In its unit.
    Dimension(Quantity),
    /// In the main unit of its currency (2.50 euros, not 250 cents).
    Currency(Money),
    /// In years, months, weeks or days, as the unit says.
    Age(Quantity),
    /// Yes or no.
    Boolean(bool),
    /// Digits, with a `+` before an international number.
    Phone(String),
    /// `anna@example.com`
    Email(String),
    /// `https://example.com/page`, as it was said but for spelled-out signs.
    Url(String),
    /// Red, green, blue.
    Colour(Colour),
}

impl Value {
    /// What it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Number(_) => Kind::Number,
            Self::Ordinal(_) => Kind::Ordinal,
            Self::Percent(_) => Kind::Percent,
            Self::Temperature(_) => Kind::Temperature,
            Self::Dimension(_) => Kind::Dimension,
            Self::Currency(_) => Kind::Currency,
            Self::Age(_) => Kind::Age,
            Self::Boolean(_) => Kind::Boolean,
            Self::Phone(_) => Kind::Phone,
            Self::Email(_) => Kind::Email,
            Self::Url(_) => Kind::Url,
            Self::Colour(_) => Kind::Colour,
        }
    }

    /// Whether it says how much, and not only of what, as "fahrenheit" does.
    pub fn has_amount(&self) -> bool {
        match self {
            Self::Percent(value) => value.is_some(),
            Self::Temperature(quantity) | Self::Dimension(quantity) | Self::Age(quantity) => {
                quantity.amount.is_some()
            }
            Self::Currency(money) => money.amount.is_some(),
            _ => true,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value}"),
            Self::Ordinal(ordinal) => write!(f, "{ordinal}"),
            Self::Percent(Some(value)) => write!(f, "{value} %"),
            Self::Percent(None) => f.write_str("%"),
            Self::Temperature(quantity) | Self::Dimension(quantity) | Self::Age(quantity) => {
                write!(f, "{quantity}")
            }
            Self::Currency(money) => write!(f, "{money}"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Phone(text) | Self::Email(text) | Self::Url(text) => f.write_str(text),
            Self::Colour(colour) => write!(f, "{colour}"),
        }
    }
}
