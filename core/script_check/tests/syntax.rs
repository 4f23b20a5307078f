//! What other languages, word processors and spreadsheets write otherwise is told with what scripts write.

use jardin_contract::Params;

use crate::shop::check;

#[test]
fn what_is_written_otherwise_is_told_with_what_to_write() {
    let within = |line: &str| format!("fn adjust(item, params) {{\n    {line}\n}}");
    let cases = [
        (within("if item.price > 20 and item.in_stock { item.boost(2); }"), "`&&`"),
        (within("if item.price > 20 or item.in_stock { item.boost(2); }"), "`||`"),
        (within("if not item.in_stock { item.boost(2); }"), "`!(…)`"),
        (within("if item.in_stock { item.boost(2); } elseif item.price > 2 { item.drop(); }"), "`else if`"),
        (within("if item.stock == null { item.drop(); }"), "`()`"),
        (within("if item.category == tents { item.boost(2); }"), "`\"tents\"`"),
        (within("if item.category == 'tents' { item.boost(2); }"), "\"tents\""),
        (within("if item.category == “tents” { item.boost(2); }"), "straight quotes"),
        (within("if item.category = \"tents\" { item.boost(2); }"), "`==`"),
        (within("if item.price <> 10 { item.boost(2); }"), "`!=`"),
        (within("if item.price > 20% { item.boost(2); }"), "`0.2` for 20 %"),
        (within("let f = item.price > 20 ? 2 : 1; item.boost(f);"), "`if … { … } else { … }`"),
        (within("if item.category == \"tents\" || \"mats\" { item.boost(2); }"), "whole comparison"),
        (within("# a comment\n item.boost(2);"), "`//`"),
        (within("If item.in_stock { item.boost(2); }"), "`if` in small letters"),
        ("fn candidates(sources) { sources.catalogue(9, { category: \"x\" }) }".to_owned(), "`#{ category: … }`"),
        ("fn adjust(item) {\n    if item.in_stock { item.boost(2);\n}\nfn arrange(page) { page.limit(4); }".to_owned(), "line 1"),
        ("fn adjust(item) {\n    if item.in_stock { item.boost(2);\n}\n".to_owned(), "line 1"),
    ];
    for (source, written) in cases {
        let report = check("probe", &source, &Params::default()).unwrap_err();
        let help = report.findings[0].help.clone().unwrap_or_default();
        assert!(help.contains(written), "{source}\n{}\n`{written}` is not in `{help}`", report.rendered());
    }
}
