//! What a reader sees of pages, good and bad.

use std::time::{Duration, Instant};

use super::paragraphs;

#[test]
fn blocks_cells_breaks_and_items_are_paragraphs_of_their_own() {
    let page = "<!DOCTYPE html><html><head><title>No</title><style>p{}</style></head><body><nav>Home</nav>\
                <h1>Tech <em>Manager</em></h1><p>One<br>two</p><ul><li>a<li>b &amp; c&nbsp;d</ul>\
                <table><tr><td>x<td>y</table><dl><dt>Place<dd>Denver</dl>loose <b>words</b></body></html>";
    let seen =
        ["Home", "Tech Manager", "One", "two", "a", "b & c d", "x", "y", "Place", "Denver", "loose words"];
    assert_eq!(paragraphs(page), seen);
}

#[test]
fn words_are_not_torn_by_inline_elements_or_comments() {
    assert_eq!(paragraphs("<p>a<b>b</b>c <!-- no -->d<wbr>e\n  f</p>"), ["abc de f"]);
}

#[test]
fn entities_are_decoded_once() {
    assert_eq!(paragraphs("&lt;b&gt; &amp;amp; &#8211; &hellip; &notit; &copy"), ["<b> &amp; – … ¬it; ©"]);
}

#[test]
fn what_a_reader_does_not_see_is_left_out() {
    for hidden in [
        "<script>if (a < b) { no }</script>",
        "<style>no</style>",
        "<template><p>no</p></template>",
        "<noscript>no</noscript>",
        "<svg><title>no</title><text>no</text></svg>",
        "<textarea>no</textarea>",
        "<select><option>no</select>",
        "<p hidden>no</p>",
        "<div hidden=''><p>no</p><div>no</div></div>",
        "<div style='color: red; DISPLAY : none !important'>no</div>",
        "<span style='visibility:hidden'>no</span>",
        "<i aria-hidden=true>no</i>",
        "<dialog>no</dialog>",
        "<!-- no -->",
    ] {
        assert_eq!(paragraphs(&format!("<p>yes</p>{hidden}<p>also</p>")), ["yes", "also"], "{hidden}");
    }
}

#[test]
fn a_hidden_paragraph_ends_where_the_next_one_starts() {
    assert_eq!(paragraphs("<p hidden>no<p>yes<div>also</div>"), ["yes", "also"]);
    assert_eq!(paragraphs("<ul><li hidden>no<li>yes</ul>"), ["yes"]);
    assert_eq!(paragraphs("<dl><dt>a<dd hidden>no<dt>b</dl>"), ["a", "b"]);
    assert_eq!(paragraphs("<table><tr><td hidden>no<td>yes<tr><td>also</table>"), ["yes", "also"]);
}

#[test]
fn styles_that_hide_nothing_hide_nothing() {
    for seen in
        ["<p style='display:block'>yes</p>", "<p aria-hidden=false>yes</p>", "<dialog open>yes</dialog>"]
    {
        assert_eq!(paragraphs(seen), ["yes"], "{seen}");
    }
}

#[test]
fn lines_of_preformatted_text_are_paragraphs() {
    assert_eq!(paragraphs("<pre>a\n  b\n\nc</pre>d\ne"), ["a", "b", "c", "d e"]);
}

#[test]
fn text_without_markup_is_one_paragraph() {
    assert_eq!(paragraphs("  a\n b "), ["a b"]);
    assert!(paragraphs("").is_empty());
    assert!(paragraphs("<").is_empty() || paragraphs("<") == ["<"]);
}

/// A megabyte of anything takes time in proportion, and no stack. The bound is generous: this is the
/// debug build, on a busy machine.
#[test]
fn hostile_pages_take_linear_time_and_no_stack() {
    let attributes: String = (0..150_000).map(|n| format!(" a{n}")).collect();
    let pages = [
        "<div>".repeat(100_000),
        "<b>".repeat(70_000),
        "<p><i>x".repeat(30_000),
        format!("<b>{}", "</i>".repeat(60_000)),
        format!("<ul>{}{}", "<b>".repeat(60_000), "<li></li>".repeat(60_000)),
        format!("<div>{}{}", "<span>".repeat(60_000), "</div>".repeat(60_000)),
        "<".repeat(200_000),
        "<a b='".repeat(50_000),
        "&".repeat(200_000),
        "<!--".repeat(50_000),
        format!("<script>{}", "</scrip".repeat(50_000)),
        format!("<p{attributes}>"),
    ];
    for page in pages {
        let start = Instant::now();
        let _ = paragraphs(&page);
        assert!(start.elapsed() < Duration::from_secs(10), "{}", page.get(..30).unwrap_or_default());
    }
}
