//! What one request costs: reading the register, understanding a mail, the whole answer.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros make public items"
)]

use std::hint::black_box;

use antragsbote::answer::{Circumstances, Knowledge, answer};
use antragsbote::kommune::{Files, Register};
use antragsbote::mail::{self, Address, MessageId};
use antragsbote::policy::{Recent, Rules};
use antragsbote::request::RequestId;
use antragsbote::template::{Catalogue, TemplateId, Texts, built_in};
use criterion::{Criterion, criterion_group, criterion_main};

/// A plain request, as most are.
const REQUEST: &str = "From: Anna Muster <anna@example.org>\r\n\
    To: antrag@example.org\r\n\
    Subject: Musterantrag\r\n\
    Message-ID: <1@example.org>\r\n\
    MIME-Version: 1.0\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    \r\n\
    Guten Tag,\r\n\r\n\
    bitte senden Sie uns den Musterantrag für den Ausländerbeirat der Stadt Fürth.\r\n\r\n\
    Viele Grüße\r\nAnna Muster\r\n";

fn knowledge() -> Knowledge {
    let files = built_in();
    let default = TemplateId::parse("nationaler-integrationsplan").unwrap();
    Knowledge {
        bot: Address {
            name: Some("Antragsbote".to_owned()),
            email: "antrag@example.org".to_owned(),
        },
        admin: None,
        register: Register::built_in(),
        catalogue: Catalogue::read(&files, &default, Register::built_in()).unwrap(),
        texts: Texts::read(&files, Register::built_in()).unwrap(),
        rules: Rules::default(),
    }
}

fn circumstances() -> Circumstances {
    Circumstances {
        now: "2026-03-02T10:00:00Z".parse().unwrap(),
        request: RequestId::parse("01JD0000000000000000000000").unwrap(),
        reply_id: MessageId::parse("<reply@example.org>").unwrap(),
        boundary: "grenze".to_owned(),
        recent: Recent::default(),
        earlier: None,
    }
}

fn benches(criterion: &mut Criterion) {
    let (knowledge, circumstances) = (knowledge(), circumstances());
    let request = mail::parse(REQUEST.as_bytes());
    assert_eq!(
        answer(&request, &knowledge, &circumstances)
            .unwrap()
            .documents
            .len(),
        1
    );

    criterion.bench_function("answer one plain request", |bencher| {
        bencher.iter(|| {
            let request = mail::parse(black_box(REQUEST.as_bytes()));
            answer(&request, &knowledge, &circumstances)
        });
    });
    criterion.bench_function("look up a misspelt name", |bencher| {
        bencher.iter(|| {
            knowledge
                .register
                .find(black_box("Rothenborg ob der Tauber"))
        });
    });
    criterion.bench_function("read the whole register", |bencher| {
        bencher.iter(|| Register::read(black_box(Files::BUILT_IN)).unwrap());
    });
    criterion.bench_function("compile the built-in motions", |bencher| {
        let (files, default) = (
            built_in(),
            TemplateId::parse("nationaler-integrationsplan").unwrap(),
        );
        bencher
            .iter(|| Catalogue::read(black_box(&files), &default, Register::built_in()).unwrap());
    });
}

criterion_group!(group, benches);
criterion_main!(group);
