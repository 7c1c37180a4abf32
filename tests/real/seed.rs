//! What the seed's motion must say, derived from its text by hand-written substitutions.

/// The seed as its authors wrote it.
pub(crate) const SEED: &str = include_str!("seed.txt");

/// One way to fill in the seed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Combination {
    /// the mail that asks for it
    pub(crate) request: &'static str,
    /// the document's file name
    pub(crate) file: &'static str,
    /// for `Ausländerbeirat/Integrationsbeirat*`
    pub(crate) beirat: &'static str,
    /// for `Stadtrat/Kreistag*`
    pub(crate) rat: &'static str,
    /// for `die Stadt/ den Landkreis XXX**`
    pub(crate) die_kommune: &'static str,
    /// for `in XXX**`
    pub(crate) in_kommune: &'static str,
    /// what must not be left of the other alternatives
    pub(crate) absent: [&'static str; 3],
}

/// All four.
pub(crate) const COMBINATIONS: [Combination; 4] = [
    Combination {
        request: "Kommune: Stadt Fürth\nBeirat: Ausländerbeirat\nRat: Stadtrat\n",
        file: "Musterantrag_Stadt-Fürth_Ausländerbeirat.docx",
        beirat: "Ausländerbeirat",
        rat: "Stadtrat",
        die_kommune: "die Stadt Fürth",
        in_kommune: "in Fürth",
        absent: ["Integrationsbeirat", "Kreistag", "Landkreis"],
    },
    Combination {
        request: "Guten Tag,\n\nbitte schicken Sie uns den Musterantrag für den \
                  Integrationsbeirat der Stadt Fürth.\n\nViele Grüße\nAnna Muster\n",
        file: "Musterantrag_Stadt-Fürth_Integrationsbeirat.docx",
        beirat: "Integrationsbeirat",
        rat: "Stadtrat",
        die_kommune: "die Stadt Fürth",
        in_kommune: "in Fürth",
        absent: ["Ausländerbeirat", "Kreistag", "Landkreis"],
    },
    Combination {
        request: "Guten Tag,\n\nder Ausländerbeirat des Landkreises Fürth möchte den \
                  Musterantrag im Kreistag stellen.\n\nViele Grüße\nAnna Muster\n",
        file: "Musterantrag_Landkreis-Fürth_Ausländerbeirat.docx",
        beirat: "Ausländerbeirat",
        rat: "Kreistag",
        die_kommune: "den Landkreis Fürth",
        in_kommune: "im Landkreis Fürth",
        absent: ["Integrationsbeirat", "Stadtrat", "die Stadt"],
    },
    Combination {
        request: "Kommune: Landkreis Fürth\nBeirat: Integrationsbeirat\n",
        file: "Musterantrag_Landkreis-Fürth_Integrationsbeirat.docx",
        beirat: "Integrationsbeirat",
        rat: "Kreistag",
        die_kommune: "den Landkreis Fürth",
        in_kommune: "im Landkreis Fürth",
        absent: ["Ausländerbeirat", "Stadtrat", "die Stadt"],
    },
];

impl Combination {
    /// Every sentence of the finished motion in its order, list numbers included, white space made single.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let (beirat, rat) = (self.beirat, self.rat);
        let substitutions = [
            (
                "Der Ausländerbeirat/Integrationsbeirat* bittet den Stadtrat/Kreistag zu",
                format!("Der {beirat} bittet den {rat} zu"),
                1,
            ),
            (
                "Der Stadtrat/Kreistag begrüßt",
                format!("Der {rat} begrüßt"),
                1,
            ),
            ("Dem Stadtrat/Kreistag* zu", format!("Dem {rat} zu"), 1),
            (
                "die Stadt/ den Landkreis XXX** ein",
                format!("{} ein", self.die_kommune),
                1,
            ),
            ("in XXX**", self.in_kommune.to_owned(), 3),
            ("* nicht zutreffendes Streichen\n", String::new(), 1),
            ("** Name der Kommune einsetzen\n", String::new(), 1),
        ];
        let mut text = SEED.to_owned();
        for (alternative, choice, times) in substitutions {
            assert_eq!(text.matches(alternative).count(), times, "{alternative}");
            text = text.replace(alternative, &choice);
        }
        assert!(!text.contains('*') && !text.contains("XXX"));
        text.lines().flat_map(sentences_of_paragraph).collect()
    }
}

/// A sentence ends at a full stop or colon behind a word, where a new one begins with a capital:
/// not behind "z." or a number.
fn sentences_of_paragraph(paragraph: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    let mut words = paragraph.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let sentence = sentences.last_mut().unwrap();
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(word);
        let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
        let next = words.peek().and_then(|next| next.chars().next());
        if letters > 2 && word.ends_with(['.', ':']) && next.is_some_and(char::is_uppercase) {
            sentences.push(String::new());
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

#[test]
fn the_expected_sentences_are_the_seeds() {
    let sentences = COMBINATIONS[2].sentences();
    assert_eq!(sentences.len(), 25);
    assert_eq!(sentences[0], "Musterantrag");
    assert_eq!(
        sentences[19],
        "Der Ausländerbeirat bittet den Kreistag zu beschließen:"
    );
    assert_eq!(
        sentences[20],
        "Der Kreistag begrüßt und unterstützt die Zielsetzung des Nationalen Integrationsplan \
         und setzt sich für die Übertragung der Selbstverpflichtungen der Bundesvereinigung der \
         kommunalen Spitzenverbände auf den Landkreis Fürth ein."
    );
    assert_eq!(
        sentences[23],
        "2. Ein Konzept zu entwickeln, wie die genannten Empfehlungen auf die spezielle \
         Situation im Landkreis Fürth übertragen werden können."
    );
}
