//! The dashboard and the alerting rules name what the program exports, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{At, House, Page};

fn deployed(name: &str) -> String {
    fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("deploy")
            .join(name),
    )
    .unwrap()
}

/// What a running service exports.
fn exported() -> Page {
    let house = House::new();
    let at = At::socket(&house);
    house.configure(&at.section());
    let daemon = house.serve();
    let page = at.until("the figures", |_| true);
    daemon.stop();
    page
}

/// The names of ours in an expression.
fn named(expression: &str) -> BTreeSet<&str> {
    let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words
        .filter(|word| word.starts_with("antragsbote_"))
        .collect()
}

/// Every panel, those of rows included.
fn panels(dashboard: &Value) -> Vec<&Value> {
    let panels = dashboard["panels"].as_array().unwrap().iter();
    panels
        .flat_map(|panel| {
            let inner = panel["panels"].as_array().into_iter().flatten();
            std::iter::once(panel).chain(inner)
        })
        .collect()
}

#[test]
fn every_panel_shows_what_there_is_and_everything_has_a_panel() {
    let page = exported();
    let dashboard: Value = serde_json::from_str(&deployed("grafana.json")).unwrap();
    let variable = &dashboard["templating"]["list"][0];
    assert_eq!(variable["name"], "datasource");
    assert_eq!(
        (&variable["type"], &variable["query"]),
        (&"datasource".into(), &"prometheus".into())
    );
    let (mut ids, mut cells, mut shown) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for panel in panels(&dashboard) {
        let title = panel["title"].as_str().unwrap();
        assert!(!title.is_empty());
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}");
        let place = |name: &str| panel["gridPos"][name].as_u64().unwrap();
        for row in place("y")..place("y") + place("h") {
            for column in place("x")..place("x") + place("w") {
                assert!(
                    column < 24 && cells.insert((row, column)),
                    "{title} overlaps"
                );
            }
        }
        if panel["type"] == "row" {
            continue;
        }
        let source = serde_json::json!({"type": "prometheus", "uid": "${datasource}"});
        assert_eq!(panel["datasource"], source, "{title}");
        let mut letters = BTreeSet::new();
        for target in panel["targets"].as_array().unwrap() {
            assert!(letters.insert(target["refId"].as_str().unwrap()), "{title}");
            let expression = target["expr"].as_str().unwrap();
            let names = named(expression);
            assert!(!names.is_empty(), "{title}: {expression}");
            for name in names {
                assert!(page.names().contains(name), "{title}: there is no {name}");
                shown.insert(name.to_owned());
            }
        }
    }
    for family in page.families.keys() {
        let has_panel = shown.iter().any(|name| name.starts_with(family.as_str()));
        assert!(has_panel, "{family} is shown nowhere");
    }
}

#[test]
fn the_handbook_explains_every_figure_and_no_other() {
    let page = exported();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let handbook = fs::read_to_string(root.join("docs/handbuch/betrieb.md")).unwrap();
    let explained: BTreeSet<&str> = handbook
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(['`', '{']).next())
        .filter(|name| name.starts_with("antragsbote_"))
        .collect();
    let exported: BTreeSet<String> = page
        .families
        .iter()
        .map(|(name, kind)| match kind.as_str() {
            "counter" => format!("{name}_total"),
            "info" => format!("{name}_info"),
            _ => name.clone(),
        })
        .collect();
    let exported: BTreeSet<&str> = exported.iter().map(String::as_str).collect();
    assert_eq!(explained, exported);
}

#[test]
fn every_rule_asks_for_what_there_is() {
    let page = exported();
    let rules = deployed("prometheus-rules.yml");
    let expressions: Vec<&str> = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("expr: "))
        .collect();
    let alerts = rules
        .lines()
        .filter(|line| line.trim().starts_with("- alert: "));
    assert_eq!(expressions.len(), alerts.count());
    for expression in expressions {
        for name in named(expression) {
            assert!(page.names().contains(name), "there is no {name}");
        }
        assert!(expression.contains("antragsbote"), "{expression}");
    }
}
