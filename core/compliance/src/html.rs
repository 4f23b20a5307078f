//! A page as one HTML file that needs nothing else and reads well when printed.

use std::fmt::Write as _;

use super::page::{Block, Page};

const STYLE: &str = "\
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #ccc}\
table{border-collapse:collapse;margin:1rem 0;font-size:.9rem}\
th,td{border:1px solid #bbb;padding:.25rem .5rem;text-align:left;vertical-align:top}\
thead{display:table-header-group}tr{break-inside:avoid}th{background:#f2f2f2}\
code{font-size:.92em;background:#f5f5f5;padding:0 .15em}\
@page{size:A4 landscape;margin:12mm}@media print{body{font-size:10pt;margin:0;max-width:none}h2{break-after:avoid}code{background:none}}";

impl Page {
    /// The page as one HTML file, without scripts and without anything from elsewhere.
    #[must_use]
    pub fn html(&self) -> String {
        let title = escape_text(&self.title);
        let mut html = format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
            escape_text(&self.language),
            title.replace("<code>", "").replace("</code>", ""),
        );
        for section in &self.sections {
            if !section.title.is_empty() {
                let _ = writeln!(html, "<h2>{}</h2>", escape_text(&section.title));
            }
            section.blocks.iter().for_each(|block| write_block(&mut html, block));
        }
        html.push_str("</body>\n</html>\n");
        html
    }
}

fn write_block(html: &mut String, block: &Block) {
    match block {
        Block::Paragraph(words) => {
            let _ = writeln!(html, "<p>{}</p>", escape_text(words));
        }
        Block::List(points) => {
            html.push_str("<ul>\n");
            for point in points {
                let _ = writeln!(html, "<li>{}</li>", escape_text(point));
            }
            html.push_str("</ul>\n");
        }
        Block::Table(head, rows) => {
            html.push_str("<table>\n<thead>\n");
            write_cells(html, "th", head);
            html.push_str("</thead>\n<tbody>\n");
            rows.iter().for_each(|row| write_cells(html, "td", row));
            html.push_str("</tbody>\n</table>\n");
        }
    }
}

fn write_cells(html: &mut String, tag: &str, row: &[String]) {
    html.push_str("<tr>");
    for cell in row {
        let _ = write!(html, "<{tag}>{}</{tag}>", escape_text(cell));
    }
    html.push_str("</tr>\n");
}

/// A text that is no markup; what stands between backticks is set as code.
fn escape_text(text: &str) -> String {
    let plain = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut html = String::with_capacity(plain.len());
    let parts: Vec<&str> = plain.split('`').collect();
    let whole = parts.len() % 2 == 1;
    for (i, part) in parts.iter().enumerate() {
        if i % 2 == 1 && whole {
            let _ = write!(html, "<code>{part}</code>");
        } else {
            html.push_str(part);
            if !whole && i + 1 < parts.len() {
                html.push('`');
            }
        }
    }
    html
}
