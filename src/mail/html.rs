//! HTML to lines of text: by blocks, tables by their fields, without what is hidden or
//! struck out; quotes and signatures are known by the marks mail programs give them.
//!
//! Works on html5ever's tokens, not on a tree: time and memory stay linear in the input,
//! however deep elements are nested.

mod effect;
mod page;
mod table;

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::lines::Line;
use page::Page;

/// Longer tags hold pictures, not text; html5ever's time grows with the square of a tag's attributes.
const MAX_TAG: usize = 8 * 1024;

/// Reads a text/html part.
pub(super) fn lines(html: &str) -> Vec<Line> {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(without_monstrous_tags(html)));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

fn without_monstrous_tags(html: &str) -> String {
    let mut sound = String::with_capacity(html.len());
    let mut rest = html;
    // how much is left from the next end of a tag on
    let mut from_end = html.len() + 1;
    while let Some((before, tag)) = rest.split_once('<') {
        sound.push_str(before);
        if from_end > tag.len() {
            from_end = tag.find('>').map_or(0, |end| tag.len() - end);
        }
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic());
        if is_tag && tag.len() - from_end > MAX_TAG {
            rest = tag.get(tag.len() - from_end + 1..).unwrap_or_default();
        } else {
            sound.push('<');
            rest = tag;
        }
    }
    sound + rest
}

#[derive(Default)]
struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => page.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                page.start(&tag);
                match &*tag.name {
                    "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" | "iframe" => return TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" => return TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => {}
                }
            }
            Token::TagToken(tag) => page.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
