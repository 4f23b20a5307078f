//! Bars with their intervals, as SVG.

use std::fmt::Write as _;

use super::Line;
use crate::Interval;

const WIDTH: f64 = 640.0;
const NAMES: f64 = 200.0;
const BAR: f64 = 22.0;

/// One bar a line, with a whisker from the lower to the upper end of its interval.
pub(super) fn bars(title: &str, lines: &[Line], of: impl Fn(&Line) -> Interval) -> String {
    let most = lines.iter().map(|l| of(l).high).fold(0.0, f64::max).max(1e-9);
    let x = |value: f64| NAMES + (WIDTH - NAMES - 90.0) * (value.max(0.0) / most);
    let height = BAR * lines.len() as f64 + 8.0;
    let mut svg = format!(
        "<figure><figcaption>{}</figcaption><svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">",
        escaped(title),
        escaped(title)
    );
    for (n, line) in lines.iter().enumerate() {
        let (interval, top) = (of(line), BAR * n as f64 + 4.0);
        let middle = top + BAR / 2.0 - 2.0;
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text><rect x=\"{NAMES}\" y=\"{top}\" width=\"{:.1}\" height=\"{}\"/>\
             <line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{middle}\" y2=\"{middle}\"/><text x=\"{:.1}\" y=\"{}\">{:.4}</text>",
            NAMES - 8.0,
            middle + 4.0,
            escaped(&line.name),
            x(interval.mean) - NAMES,
            BAR - 6.0,
            x(interval.low),
            x(interval.high),
            x(interval.high) + 8.0,
            middle + 4.0,
            interval.mean,
        );
    }
    svg.push_str("</svg></figure>");
    svg
}

/// Text as HTML shows it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
