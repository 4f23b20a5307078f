//! `jardin subject`.

mod page;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use arc_swap::ArcSwap;
use clap::{Args, Subcommand, ValueEnum};
use jardin_compliance::Words;
use jardin_host::{Host, MachineClock, OpenShop, ShopContent, StartOptions};
use jardin_server::{Access, Limits, Server, ServerRules};
use serde_json::Value;

use super::{
    print,
    serve::{PROGRAM, open_shop, runtime},
    shop_arg::open_folder,
};

/// Answer a person who asks about their data
#[derive(Debug, Args)]
pub(crate) struct SubjectArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write everything that is stored of a person, and what it means (GDPR Art. 15, 20)
    Export(ExportArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Example: jardin subject export u1 my-shop > u1.json\n\
                        Example: jardin subject export u1 my-shop --format html --language fr > u1.html\n\
                        It is what `GET /v1/subjects/{id}` answers, whether the shop runs or not, and stands in the audit.\n\
                        Exit code: 0 it is written, 1 nothing is stored of that id, 2 it could not be looked at")]
struct ExportArgs {
    /// Who, by the id that the shop uses
    id: String,
    /// The shop folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Look::Json)]
    format: Look,
    /// In which of the policy's languages; its first where none is named
    #[arg(long)]
    language: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Look {
    /// For programs, and for another shop
    Json,
    /// For the terminal
    Text,
    /// For a document
    Markdown,
    /// One file to read and to print
    Html,
}

pub(crate) fn run(args: &SubjectArgs) -> anyhow::Result<ExitCode> {
    let What::Export(args) = &args.what;
    let content = ShopContent::read_for_start(&open_folder(&args.folder)?, args.data.as_deref())?;
    let words = Words::of(args.language.as_deref(), content.policy.rules());
    let path = format!("/v1/subjects/{}?locale={}", encode_segment(&args.id), words.code());
    let (status, person) = runtime()?.block_on(read_route(&content, args, &path))?;
    match status {
        200 => print::line(written(&person, args.format, &words).trim_end()),
        404 => {
            print::error("nothing is stored of that id");
            return Ok(ExitCode::from(1));
        }
        _ => anyhow::bail!("the shop refuses: {}", text_of(&person, "detail")),
    }
    Ok(ExitCode::SUCCESS)
}

fn text_of<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn written(person: &Value, look: Look, words: &Words) -> String {
    let page = || page::draw_person(person, words);
    match look {
        Look::Json => serde_json::to_string_pretty(person).unwrap_or_default(),
        Look::Text => page().text(),
        Look::Markdown => page().markdown(),
        Look::Html => page().html(),
    }
}

/// What a route of the API answers, of the shop that runs or of one that is started for it.
async fn read_route(content: &ShopContent, args: &ExportArgs, path: &str) -> anyhow::Result<(u16, Value)> {
    let options =
        StartOptions { data: args.data.clone(), listen: None, clock: Arc::new(MachineClock), seed: 0 };
    match open_shop(content, options).await? {
        OpenShop::Local(host) => read_locally(&host, path).await,
        OpenShop::Served(client) => Ok(client.read_route(path)?),
    }
}

async fn read_locally(host: &Host, path: &str) -> anyhow::Result<(u16, Value)> {
    // nobody can reach it but this process
    let access = Access::closed(SocketAddr::from(([127, 0, 0, 1], 0)));
    let limits = Limits {
        body_bytes: 0,
        read: Duration::from_secs(1),
        in_flight: 1,
        connections: 1,
        connections_per_address: None,
    };
    let rules = Arc::new(ArcSwap::from_pointee(ServerRules::new(access, limits)));
    let audit = Arc::clone(&host.audit);
    let server = Server::new(Arc::clone(&host.engine), rules, PROGRAM).with_audit(audit);
    let (status, body) = server.read_route(path).await;
    host.audit.flush();
    Ok((status, serde_json::from_slice(&body).context("the answer is no JSON")?))
}

/// An id as a segment of a path (RFC 3986).
fn encode_segment(id: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    id.bytes().map(encode).collect()
}
