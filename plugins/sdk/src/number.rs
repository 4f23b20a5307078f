//! Exponentials and logarithms that are the same bits on every machine: a system's own library rounds them in
//! its own way, and what is compared, or must come out the same after a rebuild, must not depend on it.

/// `ln 2`, cut so that its product with an exponent is exact, and the rest.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// The bits of the square root of one half.
const ROOT_OF_HALF: u64 = 0x3fe6_a09e_667f_3bcd;

/// The natural logarithm of a positive number that is not too small to have all its digits; to 2e-14.
#[inline]
#[must_use]
pub fn ln(x: f64) -> f64 {
    // x = 2^e · m with m between √½ and √2
    let bits = x.to_bits();
    let e = (bits.wrapping_sub(ROOT_OF_HALF) as i64) >> 52;
    let m = f64::from_bits(bits.wrapping_sub((e << 52) as u64));
    // ln m = 2 artanh s, with |s| below 0.172
    let s = (m - 1.0) / (m + 1.0);
    let t = s * s;
    let low = 1.0 + t * (1.0 / 3.0 + t * (1.0 / 5.0 + t * (1.0 / 7.0 + t * (1.0 / 9.0))));
    let high = 1.0 / 11.0 + t * (1.0 / 13.0 + t * (1.0 / 15.0 + t * (1.0 / 17.0)));
    let t5 = t * t * t * t * t;
    let e = e as f64;
    e * LN_2_HIGH + (2.0 * s * (low + t5 * high) + e * LN_2_LOW)
}

/// `e^x`, to 1e-15 of itself; 0 below -700 and no more than `e^700`.
#[must_use]
pub fn exp(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    let x = x.min(700.0);
    // x = n · ln 2 + r with |r| below 0.347
    let n = (x * std::f64::consts::LOG2_E + if x < 0.0 { -0.5 } else { 0.5 }) as i64;
    let r = (x - n as f64 * LN_2_HIGH) - n as f64 * LN_2_LOW;
    let sum = (1..=14).rev().fold(1.0, |sum, k| 1.0 + sum * r / f64::from(k));
    sum * f64::from_bits(((n + 1_023) as u64) << 52)
}

/// `x^y` for a positive x.
#[must_use]
pub fn power(x: f64, y: f64) -> f64 {
    exp(y * ln(x))
}

/// `2^x`, to 1e-15 of itself, and to the last bit where x is whole; as [`exp`] beyond its range.
#[must_use]
pub fn power_of_two(x: f64) -> f64 {
    let whole = x.clamp(-1_000.0, 1_000.0) as i64 as f64;
    exp((x - whole) * std::f64::consts::LN_2) * f64::from_bits(((whole as i64 + 1_023) as u64) << 52)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the system's library is what they are compared with")]
mod tests {
    use super::*;

    /// The system's library is the other implementation; it is right to the last digit or two.
    #[test]
    fn agree_with_the_systems_library() {
        for n in 1..200_000_u32 {
            let x = f64::from(n) * 0.000_37;
            assert!((ln(x) - x.ln()).abs() < 2e-14, "ln {x}");
            assert!((exp(-x) / (-x).exp() - 1.0).abs() < 1e-14, "exp -{x}");
            assert!((power_of_two(-x) / (-x).exp2() - 1.0).abs() < 1e-14, "2^-{x}");
            assert!((power(x, -0.25) / x.powf(-0.25) - 1.0).abs() < 1e-13, "{x}^-0.25");
        }
        assert_eq!((ln(1.0), exp(0.0), exp(-1e9)), (0.0, 1.0, 0.0));
    }

    /// Additions, products and quotients alone are rounded the same by every machine (IEEE 754), and these are
    /// made of nothing else; ln 2 to the last bit and e to the last but one.
    #[test]
    fn are_right_to_the_last_bits() {
        assert_eq!(ln(2.0).to_bits(), std::f64::consts::LN_2.to_bits());
        assert!((-40..40).all(|n| power_of_two(f64::from(n)) == 2_f64.powi(n)));
        assert!(exp(1.0).to_bits().abs_diff(std::f64::consts::E.to_bits()) <= 1);
    }
}
