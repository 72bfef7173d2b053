use rstest::rstest;

use super::*;

/// Blocks in short: `<bold>…</>` and so on, ` ¶ ` between blocks.
fn short(blocks: &[Block<'_>]) -> String {
    let shown = blocks.iter().map(|block| match block {
        Block::Lines(parts) => line(parts),
        Block::Quote(parts) => format!("> {}", line(parts)),
        Block::Bullets(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| format!("• {}", line(item)))
                .collect();
            items.join(" | ")
        }
        Block::Numbers(items) => {
            let one = |(number, item): &(&str, Vec<_>)| format!("{number} {}", line(item));
            items.iter().map(one).collect::<Vec<_>>().join(" | ")
        }
    });
    shown.collect::<Vec<_>>().join(" ¶ ")
}

fn line(parts: &[Inline<'_>]) -> String {
    let shown = parts.iter().map(|part| match part {
        Inline::Text(words) => (*words).to_owned(),
        Inline::Code(words) => format!("<code>{words}</>"),
        Inline::Link(words) => format!("<link>{words}</>"),
        Inline::Name(name) => format!("<@{name}>"),
        Inline::Styled(style, parts) => {
            let name = format!("{style:?}").to_lowercase();
            format!("<{name}>{}</>", line(parts))
        }
    });
    shown.collect()
}

// As in `formatting.test.ts`.
#[rstest]
#[case(
    "*bold* _italic_ ~struck~",
    "<bold>bold</> <italic>italic</> <struck>struck</>"
)]
#[case("*_both_*", "<bold><italic>both</></>")]
#[case("(*so*), *so*!", "(<bold>so</>), <bold>so</>!")]
#[case(
    "*two words* and _more of them_",
    "<bold>two words</> and <italic>more of them</>"
)]
#[case("say `*this*` now", "say <code>*this*</> now")]
#[case("```const a = *b*;```", "<code>const a = *b*;</>")]
#[case("```\na\n\nb\n```", "<code>a\n\nb</>")]
#[case(
    "*see https://example.org/a_b_c*",
    "<bold>see <link>https://example.org/a_b_c</></>"
)]
#[case("> said *who*?\n> me\nand then", "> said <bold>who</>?\nme ¶ and then")]
#[case(
    "list:\n- one\n* two\n1. first\n2. second",
    "list: ¶ • one | • two ¶ 1 first | 2 second"
)]
#[case("*ά* _日本_ *😀*", "<bold>ά</> <italic>日本</> <bold>😀</>")]
fn signs_are_read(#[case] text: &str, #[case] shown: &str) {
    assert_eq!(short(&whatsapp(text, &[])), shown);
}

#[rstest]
#[case("2*3*4")]
#[case("snake_case_name")]
#[case("*not\nbold*")]
#[case("a * * b")]
#[case("**bold**")]
#[case("__init__")]
#[case("~/home ~ and ~/tmp")]
#[case("``")]
#[case("a ` lonely one")]
#[case("-not a list")]
#[case("1.5 litres")]
#[case("_ _")]
#[case("5 > 3")]
#[case("<b>no</b> &amp;")]
fn what_is_no_sign_stays(#[case] text: &str) {
    assert_eq!(short(&whatsapp(text, &[])), text);
}

#[test]
fn a_platform_without_signs_has_links_alone() {
    let text = "*a* https://b.org/";
    assert_eq!(short(&plain(text, &[])), "*a* <link>https://b.org/</>");
}

#[test]
fn those_who_are_mentioned_are_named_and_nobody_else() {
    let ana = [Mention {
        handle: "4915550002".to_owned(),
        name: "Ana".to_owned(),
    }];
    let text = "*@4915550002* and @4915550003, `@4915550002` 4915550002";
    assert_eq!(
        short(&whatsapp(text, &ana)),
        "<bold><@Ana></> and @4915550003, <code>@4915550002</> 4915550002"
    );
    assert_eq!(short(&plain("@4915550002!", &ana)), "<@Ana>!");
}

/// Every letter of a text that is no sign is shown once, in order.
#[test]
fn no_letter_is_lost_whatever_is_typed() {
    let signs = [
        "*",
        "_",
        "~",
        "`",
        "```",
        "> ",
        "- ",
        "1. ",
        "\n",
        " ",
        "a",
        "é",
        "😀",
        "https://b.org/_a*",
    ];
    let mut seed = 7_u64;
    let mut next = |most: usize| {
        seed = seed * 48_271 % 2_147_483_647;
        usize::try_from(seed).unwrap() % most
    };
    let letters =
        |text: &str| text.replace(['*', '_', '~', '`', '>', '-', '.', ' ', '\n', '1'], "");
    for _ in 0..2_000 {
        let text: String = (0..next(24)).map(|_| signs[next(signs.len())]).collect();
        let mut shown = String::new();
        for block in whatsapp(&text, &[]) {
            match block {
                Block::Lines(parts) | Block::Quote(parts) => collect(&parts, &mut shown),
                Block::Bullets(items) => items.iter().for_each(|item| collect(item, &mut shown)),
                Block::Numbers(items) => {
                    items.iter().for_each(|(_, item)| collect(item, &mut shown))
                }
            }
        }
        assert_eq!(letters(&shown), letters(&text), "{text:?}");
    }
}

fn collect(parts: &[Inline<'_>], shown: &mut String) {
    for part in parts {
        match part {
            Inline::Text(words)
            | Inline::Code(words)
            | Inline::Link(words)
            | Inline::Name(words) => {
                shown.push_str(words);
            }
            Inline::Styled(_, parts) => collect(parts, shown),
        }
    }
}

#[rstest]
fn sixty_thousand_signs_end(
    #[values("*a", "*a ", "`", "```", "``` ", "*_~", "> ", "*a*", "[(", "\n`")] sign: &str,
) {
    assert!(!whatsapp(&sign.repeat(60_000 / sign.len()), &[]).is_empty());
}
