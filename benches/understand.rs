//! What understanding costs: over the mails of `tests/corpus`, and on texts that grow.
#![allow(
    missing_docs,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "criterion's macros make public items; a bench reads the clock and may fail"
)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use antragsbote::kommune::Register;
use antragsbote::mail::{self, Mail};
use antragsbote::template::{Catalogue, Offer, TemplateId, built_in};
use antragsbote::understand::understand;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// How often each mail is understood to find its place among the others.
const ROUNDS: usize = 9;

/// Every mail of the corpus with its path.
fn corpus() -> Vec<(String, Mail)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let folders = root.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let files = folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| folder.read_dir().unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"));
    files
        .map(|path| {
            let raw = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            (name, mail::parse(&raw))
        })
        .collect()
}

fn fastest(mail: &Mail, offers: &[Offer]) -> Duration {
    let once = || {
        let start = Instant::now();
        black_box(understand(
            black_box(mail),
            Register::built_in(),
            offers,
            None,
        ));
        start.elapsed()
    };
    (0..ROUNDS).map(|_| once()).min().unwrap()
}

/// The corpus by what its mails cost, the cheapest first.
fn ranked(offers: &[Offer]) -> Vec<(String, Mail)> {
    let mut mails: Vec<_> = corpus()
        .into_iter()
        .map(|(name, mail)| (fastest(&mail, offers), name, mail))
        .collect();
    mails.sort_by_key(|(time, ..)| *time);
    mails
        .into_iter()
        .map(|(_, name, mail)| (name, mail))
        .collect()
}

/// A mail of this text.
fn letter(text: &str) -> Mail {
    let head = "From: Anna Muster <anna@example.org>\r\nSubject: Musterantrag\r\n\
                Content-Type: text/plain; charset=utf-8\r\n\r\n";
    mail::parse(format!("{head}{text}").as_bytes())
}

/// Prose that names places, bodies and unknown words again and again, cut to this length.
fn prose(length: usize) -> String {
    const SENTENCES: &str = "Der Ausländerbeirat in Hanau hat mit der Stadt Fürth gesprochen, und \
        Frau Essen aus Neustadt kennt den Landkreis Gießenn gut. Wir bitten um nichts weiter, \
        siehe Oberquellhausen an der Unbekannten.\n";
    SENTENCES.chars().cycle().take(length).collect()
}

fn benches(criterion: &mut Criterion) {
    let default = TemplateId::parse("nationaler-integrationsplan").unwrap();
    let catalogue = Catalogue::read(&built_in(), &default, Register::built_in()).unwrap();
    let offers = catalogue.offers();

    let mails = ranked(offers);
    let mut group = criterion.benchmark_group(format!("{} mails", mails.len()));
    for (percentile, place) in [
        ("median", mails.len() / 2),
        ("99th", mails.len() * 99 / 100),
    ] {
        let (name, mail) = &mails[place];
        group.bench_function(BenchmarkId::new(percentile, name), |bencher| {
            bencher.iter(|| understand(black_box(mail), Register::built_in(), offers, None));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("text");
    for kilobytes in [64_usize, 256, 1024] {
        let mail = letter(&prose(kilobytes << 10));
        group.throughput(Throughput::Bytes(mail.text.new.len() as u64));
        group.bench_function(format!("{kilobytes} kB"), |bencher| {
            bencher.iter(|| understand(black_box(&mail), Register::built_in(), offers, None));
        });
    }
    group.finish();
}

criterion_group!(group, benches);
criterion_main!(group);
