//! `jardin demo`: a shop of our own making, served in seconds.

mod seeding;
mod shelves;
mod shop;
mod shoppers;
mod storefront;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use jardin_contract::Clock;

use jardin_host::{FolderWatch, MachineClock, ShopContent, StartOptions};

use super::{
    print,
    serve::{Place, runtime, serve, start_host},
    shop_arg::open_folder,
};

/// Serve a shop of our own making, with shoppers and their history, to try everything on
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin demo --listen 127.0.0.1:0 --data /tmp/jardin-demo")]
pub(crate) struct DemoArgs {
    #[command(flatten)]
    place: Place,
}

/// Where the demo keeps its shop and its data if nothing else is said.
const FOLDER: &str = "jardin-demo";

pub(crate) fn run(args: &DemoArgs) -> anyhow::Result<ExitCode> {
    let root = args.place.data.clone().unwrap_or_else(|| PathBuf::from(FOLDER));
    let (shop, data) = (root.join("shop"), root.join("data"));
    shop::write(&shop)?;
    let folder = open_folder(&shop)?;
    let watch = FolderWatch::new(&folder);
    let content = ShopContent::read(&folder)?;
    let clock: Arc<dyn Clock> = Arc::new(MachineClock);
    runtime()?.block_on(async {
        let options = || StartOptions {
            data: Some(data.clone()),
            listen: args.place.listen,
            clock: Arc::clone(&clock),
            seed: clock.now().ms().unsigned_abs(),
        };
        let start = || start_host(&content, options());
        let mut host = start().await?;
        if host.engine.item(&shop::first_item()?).is_err() {
            print::error("filling the shop with items, shoppers and their history …");
            seeding::fill(&host, clock.now()).await?;
            // what sells well is counted at a start and then from time to time: the first list should know it
            // already
            drop(host);
            host = start().await?;
        }
        host.engine.tick().await;
        serve(host, &content, watch, args.place.listen, storefront::pages(), |base| {
            print::line(&invitation(base))
        })
        .await
    })
}

/// Where to look, and commands to try, with their answers' gist.
fn invitation(base: &str) -> String {
    let ask = |body: &str| {
        format!("curl -s {base}/v1/recommendations -d '{body}' -H 'content-type: application/json'")
    };
    let look = |ids: &[&str]| {
        let events = ids.iter().map(|id| {
            format!(r#"{{"type":"view_item","occurred_at":"'$(date -u +%FT%TZ)'","session_id":"visit-1","items":[{{"item_id":"{id}"}}]}}"#)
        });
        let events = events.collect::<Vec<_>>().join(",");
        format!("curl -s {base}/v1/events -d '{{\"events\":[{events}]}}' -H 'content-type: application/json'")
    };
    let lines = [
        String::new(),
        format!("Open {base}/ in a browser: the shop, what it knows of you, and what follows from it."),
        String::new(),
        "The home list of an unknown visitor, then three products that they look at, then the list again:".to_owned(),
        ask(r#"{"placement":"home","session_id":"visit-1"}"#),
        look(&["SKI-102", "SKI-103", "SKB-102"]),
        ask(r#"{"placement":"home","session_id":"visit-1"}"#),
        String::new(),
        "A home list for Camille, who agreed to a list of her own:".to_owned(),
        ask(r#"{"placement":"home","subject_id":"camille"}"#),
        String::new(),
        "The page of a tent: companions that others bought with it, chosen by a script over a plugin:".to_owned(),
        ask(&format!(
            r#"{{"placement":"product_page","context":{{"page_item":"{}"}},"locale":"en"}}"#,
            shop::A_TENT
        )),
        String::new(),
        "The home list for Noor, who agreed to nothing, and for Sacha, who objected: the shop window, and why:".to_owned(),
        ask(r#"{"placement":"home","subject_id":"noor"}"#),
        ask(r#"{"placement":"home","subject_id":"sacha"}"#),
    ];
    lines.join("\n")
}
