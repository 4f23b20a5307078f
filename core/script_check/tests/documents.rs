//! What is written of the language is what is declared.

use jardin_script_check::vocabulary::word_table;

#[test]
fn the_page_of_scripts_shows_every_word_as_it_is_declared() {
    let page = include_str!("../../../docs/scripts.md");
    assert!(page.contains(&word_table()), "docs/scripts.md should hold this table:\n{}", word_table());
}
