//! A feed that comes again with less.

use std::fs;

use super::{Shop, feed, jardin};

#[test]
fn a_feed_that_lacks_much_takes_nothing_away_unless_that_is_said() {
    let shop = Shop::new();
    assert_eq!(shop.import(&feed("google.tsv"), &[]).0, Some(0));
    let text = fs::read_to_string(feed("google.tsv")).unwrap();
    let first = |rows: usize| text.lines().take(rows + 1).map(|line| format!("{line}\n")).collect::<String>();
    let (five, two) = (shop.write("five.tsv", first(5)), shop.write("two.tsv", first(2)));
    let (code, said) = shop.import(&five, &[]);
    assert!(code == Some(0) && said.contains("1 item of the catalogue not in this file: kept"), "{said}");
    let (code, said) = shop.import(&two, &["--replace"]);
    assert!(
        code == Some(1)
            && said.contains("4 items of the catalogue not in this file, more than a third: kept"),
        "{said}"
    );
    assert_eq!(shop.items().len(), 6);
    let unread = shop.write("unread.tsv", format!("{}X\tT\tD\tL\tI\tin stock\tfree\t\t\t\t\n", first(5)));
    let (code, said) = shop.import(&unread, &["--replace"]);
    assert!(code == Some(1) && said.contains("nothing of the catalogue goes"), "{said}");
    assert!(
        shop.import(&five, &["--replace", "--dry-run"])
            .1
            .contains("1 item of the catalogue not in this file: would go")
    );
    assert_eq!(shop.items().len(), 6);
    let (code, said) = shop.import(&five, &["--replace"]);
    assert!(code == Some(0) && said.contains("1 item of the catalogue not in this file: gone"), "{said}");
    assert_eq!(shop.import(&two, &["--replace=all"]).0, Some(0));
    assert_eq!(shop.items().len(), 2);
    assert_eq!(jardin(shop.path(), &["import", ".", "--put-back"]).0, Some(0));
    assert_eq!(shop.items().len(), 5);
}
