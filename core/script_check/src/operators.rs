//! The operators of scripts, and what they mean of numbers.

use std::cmp::Ordering;

use rhai::INT;

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`, of texts as well.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
    /// `**`.
    Power,
}

impl Arithmetic {
    /// Every operator with its sign.
    pub const ALL: [(&'static str, Self); 6] = [
        ("+", Self::Add),
        ("-", Self::Subtract),
        ("*", Self::Multiply),
        ("/", Self::Divide),
        ("%", Self::Remainder),
        ("**", Self::Power),
    ];

    /// Every operator with the sign that assigns its result.
    pub const ASSIGNING: [(&'static str, Self); 6] = [
        ("+=", Self::Add),
        ("-=", Self::Subtract),
        ("*=", Self::Multiply),
        ("/=", Self::Divide),
        ("%=", Self::Remainder),
        ("**=", Self::Power),
    ];

    /// The operator of a sign.
    pub fn from_sign(sign: &str) -> Option<Self> {
        Self::ALL.iter().find(|(s, _)| *s == sign).map(|(_, op)| *op)
    }

    /// Of two decimal numbers; dividing by zero gives an infinity.
    #[expect(clippy::disallowed_methods, reason = "what the language itself does")]
    pub fn calculate_floats(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Remainder => a % b,
            Self::Power => a.powf(b),
        }
    }

    /// Of two whole numbers; `None` beyond their range.
    pub fn calculate_integers(self, a: INT, b: INT) -> Option<INT> {
        match self {
            Self::Add => a.checked_add(b),
            Self::Subtract => a.checked_sub(b),
            Self::Multiply => a.checked_mul(b),
            Self::Divide => None,
            Self::Remainder => a.checked_rem(b),
            Self::Power => a.checked_pow(u32::try_from(b).ok()?),
        }
    }
}

/// An order between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    More,
    /// `>=`.
    AtLeast,
}

impl Comparison {
    /// Every comparison with its sign.
    pub const ALL: [(&'static str, Self); 4] =
        [("<", Self::Less), ("<=", Self::AtMost), (">", Self::More), (">=", Self::AtLeast)];

    /// The comparison of a sign.
    pub fn from_sign(sign: &str) -> Option<Self> {
        Self::ALL.iter().find(|(s, _)| *s == sign).map(|(_, op)| *op)
    }

    /// Of two decimal numbers; false with what is not a number.
    pub fn compare_floats(self, a: f64, b: f64) -> bool {
        match self {
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::More => a > b,
            Self::AtLeast => a >= b,
        }
    }

    /// Of two values whose order is known.
    pub fn fits_order(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

/// An operator as it is written, told by its sign and by how many values it stands between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `!a`.
    Not,
    /// `-a`.
    Negate,
    /// `a == b`.
    Equal,
    /// `a != b`.
    Unequal,
    /// `a < b` and its like.
    Compare(Comparison),
    /// `a + b` and its like.
    Calculate(Arithmetic),
    /// `a..b`, and `a..=b` where it is true.
    Range(bool),
}

/// Signs of Rhai that are no operators of scripts: a single one is a mistake for a double one.
pub(crate) const BITWISE: [&str; 5] = ["&", "|", "^", "<<", ">>"];

impl Operator {
    /// The operator of a sign; `None` for any other name.
    #[must_use]
    pub fn from_sign(sign: &str, values: usize) -> Option<Self> {
        match (sign, values) {
            ("!", 1) => Some(Self::Not),
            ("-", 1) => Some(Self::Negate),
            ("==", 2) => Some(Self::Equal),
            ("!=", 2) => Some(Self::Unequal),
            ("..", 2) => Some(Self::Range(false)),
            ("..=", 2) => Some(Self::Range(true)),
            (_, 2) => {
                let compare = Comparison::from_sign(sign).map(Self::Compare);
                compare.or_else(|| Arithmetic::from_sign(sign).map(Self::Calculate))
            }
            _ => None,
        }
    }
}
