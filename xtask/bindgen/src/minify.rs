//! Takes comments and needless white space out of a style sheet. Nothing clever: brotli does
//! the rest, and what is not touched cannot break.

/// The same style in fewer bytes.
pub(crate) fn minify(style: &str) -> String {
    let mut small = String::with_capacity(style.len());
    let mut rest = style.chars().peekable();
    let mut space = false;
    while let Some(c) = rest.next() {
        if c == '/' && rest.peek() == Some(&'*') {
            skip_comment(&mut rest);
            space = true;
        } else if c.is_ascii_whitespace() {
            space = true;
        } else {
            if space && needs_space(small.chars().next_back(), c) {
                small.push(' ');
            }
            space = false;
            if c == '}' && small.ends_with(';') {
                small.pop();
            }
            small.push(c);
            if c == '"' || c == '\'' {
                copy_string(&mut rest, c, &mut small);
            }
        }
    }
    small
}

/// Between which characters a space can mean something. Around `+`, `-`, `:`, `(`, `)` and `.`
/// it can (`a :hover`, `calc(1px + 2px)`), so only the sure cases go.
fn needs_space(before: Option<char>, after: char) -> bool {
    let is_free = |c: char| matches!(c, '{' | '}' | ';' | ',');
    before.is_some_and(|before| !is_free(before)) && !is_free(after)
}

fn skip_comment(rest: &mut impl Iterator<Item = char>) {
    let mut last = ' ';
    rest.next(); // the star, which does not end `/*/`
    for c in rest {
        if last == '*' && c == '/' {
            return;
        }
        last = c;
    }
}

fn copy_string(rest: &mut impl Iterator<Item = char>, quote: char, to: &mut String) {
    let mut is_escaped = false;
    for c in rest {
        to.push(c);
        if c == quote && !is_escaped {
            return;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[test]
    fn only_what_means_nothing_goes() {
        for (style, small) in [
            ("/* a */ a , b {\n  c: d;\n}\n", "a,b{c: d}"),
            (
                "a :hover { w: calc(1px + 2px); }",
                "a :hover{w: calc(1px + 2px)}",
            ),
            (
                "a::before { content: \"  /* x */ ; } \"; }",
                "a::before{content: \"  /* x */ ; } \"}",
            ),
            ("a { b: '\\' ;  '; c: d }", "a{b: '\\' ;  ';c: d}"),
            ("a/*/ x */b > c { }", "a b > c{}"),
            (
                "@media (width > 4rem) and (hover) { a { b: c; } }",
                "@media (width > 4rem) and (hover){a{b: c}}",
            ),
            ("a { --x: ; }", "a{--x:}"),
        ] {
            assert_eq!(minify(style), small);
        }
    }

    #[test]
    fn an_open_end_does_no_harm() {
        assert_eq!(minify("a { /* open"), "a{");
        assert_eq!(minify("a { b: \"open"), "a{b: \"open");
    }
}
