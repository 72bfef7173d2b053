//! What is found in what, in many scripts. Each text is a message of its own and each query is asked once.

use super::*;

/// A text, a query, and whether the text is found by it.
const CASES: &[(&str, &str, bool)] = &[
    // Latin with accents
    ("O orçamento está pronto", "orcamento", true),
    ("O orcamento esta pronto", "orçamento", true),
    ("O orcamento esta pronto", "ORÇAMENTO", true),
    ("Amanhã há reunião", "reuniao amanha", true),
    ("Zoë & Renée", "zoe", true),
    ("Zoë & Renée", "renee", true),
    ("naïve façade", "naive", true),
    ("cafe\u{301} au lait", "café", true),
    ("café au lait", "cafe\u{301}", true),
    ("smørrebrød på Østerbro", "smorrebrod", true),
    ("Łódź i Kraków", "lodz krakow", true),
    ("Tiếng Việt không dấu", "tieng viet khong dau", true),
    ("Đà Nẵng", "da nang", true),
    ("Æther œuvre", "aether oeuvre", true),
    ("ﬁnance ﬂow", "finance", true),
    ("ＦＵＬＬ ｗｉｄｔｈ", "full width", true),
    ("𝓗𝓮𝓵𝓵𝓸 there", "hello", true),
    ("coordinate", "coördinate", true),
    ("hello world", "word", false),
    ("hello world", "wor", true),
    ("hello world", "orld", false),
    // Short words are whole ones
    ("going home", "go", false),
    ("go home", "go", true),
    ("going home", "goi", true),
    // German
    ("Die Straße ist gesperrt", "strasse", true),
    ("Die Strasse ist gesperrt", "straße", true),
    ("DIE STRAẞE", "Straße", true),
    ("Grüße aus Köln", "grusse koln", true),
    ("Bundestagswahlkampf", "bundestag", true),
    ("Bundestagswahlkampf", "wahlkampf", false),
    ("Donaudampfschifffahrt", "donau*", true),
    // Turkish
    ("İstanbul'da buluşalım", "istanbul", true),
    ("ISTANBUL", "istanbul", true),
    ("ıstanbul", "İSTANBUL", true),
    ("ağaç ışık", "agac isik", true),
    ("KIŞ geldi", "kış", true),
    // Greek
    ("Η ΟΔΟΣ είναι κλειστή", "οδός", true),
    ("οδος", "ΟΔΟΣ", true),
    ("Καλημέρα κόσμε", "καλημερα", true),
    ("Ελλάδα", "ελλαδα", true),
    ("ἄνθρωπος", "ανθρωπος", true),
    ("Ελλάδα", "ελλας", false),
    // Cyrillic
    ("Ёлка и мёд", "елка мед", true),
    ("Елка", "ёлка", true),
    ("МОЙ дом", "мой", true),
    ("мои дома", "мой", false),
    ("Київ їжа", "їжа", true),
    ("за\u{301}мок", "замок", true),
    ("Привет, мир!", "ПРИВЕТ", true),
    ("Привет, мир!", "приветы", false),
    // Arabic and Persian
    ("مُحَمَّد قال", "محمد", true),
    ("محمد قال", "مُحَمَّد", true),
    ("أحمد وإبراهيم وآدم", "احمد", true),
    ("احمد", "أحمد", true),
    ("مـــرحبا", "مرحبا", true),
    ("القاهرة", "القاهره", true),
    ("مستشفى", "مستشفي", true),
    ("می\u{200c}خواهم", "میخواهم", true),
    ("كتاب", "کتاب", true),
    ("مرحبا", "سلام", false),
    ("عام ٢٠٢٤", "2024", true),
    // Hebrew
    ("שָׁלוֹם לכולם", "שלום", true),
    ("שלום", "שָׁלוֹם", true),
    ("שלום", "שלו", true),
    ("שלום", "תודה", false),
    // Hindi and other Indic scripts
    ("नमस्ते दुनिया", "नमस्ते", true),
    ("ज़िंदगी", "जिंदगी", true),
    ("किताब", "कताब", false),
    ("की", "के", false),
    ("வணக்கம் உலகம்", "வணக்கம்", true),
    ("१२३ रुपये", "123", true),
    // Thai, Lao, Khmer, Myanmar: no spaces between words
    ("วันนี้อากาศดีมาก", "อากาศ", true),
    ("วันนี้อากาศดีมาก", "ดีมาก", true),
    ("วันนี้อากาศดีมาก", "ฝนตก", false),
    ("ກິນເຂົ້າແລ້ວບໍ່", "ເຂົ້າ", true),
    ("ខ្ញុំស្រលាញ់អ្នក", "ស្រលាញ់", true),
    ("မင်္ဂလာပါခင်ဗျား", "ခင်ဗျား", true),
    // Han
    ("前言你好世界", "你好", true),
    ("前言你好世界", "好世", true),
    ("前言你好世界", "界", true),
    ("前言你好世界", "好你", false),
    ("前言你好世界", "你世", false),
    ("前言你好世界", "你好 世界", true),
    ("重跑gen-itgc后", "itgc", true),
    ("重跑gen-itgc后", "重跑", true),
    ("一兩個𠮷野家", "𠮷野", true),
    ("漢字", "汉字", false),
    ("価格は５０００円", "5000円", true),
    // Kana
    ("明日の朝の運用", "朝の運用", true),
    ("ﾃｽﾄﾃﾞｰﾀ", "テストデータ", true),
    ("カタカナ", "かたかな", false),
    ("かき", "がき", false),
    ("ラーメン食べたい", "ラーメン", true),
    // Hangul
    ("안녕하세요 여러분", "안녕", true),
    ("안녕하세요 여러분", "하세", true),
    (
        "안녕하세요",
        "\u{110b}\u{1161}\u{11ab}\u{1102}\u{1167}\u{11bc}",
        true,
    ),
    ("안녕하세요", "안하", false),
    ("ㅋㅋㅋ 웃겨", "ㅋㅋ", true),
    // Emoji
    ("Happy birthday 🎂🎉", "🎉", true),
    ("Happy birthday 🎂🎉", "🎂🎉", true),
    ("Happy birthday 🎂", "🎉", false),
    ("ok 👍🏽", "👍", true),
    ("ok 👍", "👍🏿", true),
    ("❤️", "❤", true),
    ("👨‍👩‍👧 family", "👩", true),
    ("🇩🇪 won", "🇩🇪", true),
    ("🇩🇪 won", "🇫🇷", false),
    ("good🙂night", "night", true),
    // Web and mail addresses
    (
        "see https://docs.example.org/guide/start.html?x=1",
        "docs.example.org",
        true,
    ),
    (
        "see https://docs.example.org/guide/start.html?x=1",
        "https://docs.example.org/guide",
        true,
    ),
    (
        "see https://docs.example.org/guide/start.html?x=1",
        "guide start",
        true,
    ),
    ("see https://docs.example.org", "example.com", false),
    (
        "write to anna.lee@example.org",
        "anna.lee@example.org",
        true,
    ),
    ("write to anna.lee@example.org", "anna", true),
    ("write to anna.lee@example.org", "@example.org", true),
    ("#holiday @ben", "#holiday", true),
    // Telephone numbers
    ("call +49 170 1234567 now", "+491701234567", true),
    ("call +49 170 1234567 now", "+49 170 1234567", true),
    ("call +49 170 1234567 now", "1234567", true),
    ("call +491701234567 now", "+49 170 1234567", true),
    ("call (030) 901-820", "030901820", true),
    ("call +49 170 1234567 now", "+491701234568", false),
    // File names, code, figures
    ("Rechnung_2024-05.pdf", "rechnung_2024-05.pdf", true),
    ("Rechnung_2024-05.pdf", "rechnung 2024", true),
    ("IMG-20240531-WA0001.jpg", "WA0001", true),
    ("fn main() { println!(\"hi\"); }", "println!", true),
    (
        "SELECT * FROM messages WHERE id = 'x'",
        "messages where",
        true,
    ),
    ("let x = foo::bar(baz);", "foo::bar", true),
    ("it costs 12.50€", "12.50", true),
    ("it costs 12.50€", "€", true),
    ("x = a && b", "&&", false),
    // Operators
    ("the quick brown fox", "\"quick brown\"", true),
    ("the quick brown fox", "\"brown quick\"", false),
    ("the quick brown fox", "brown quick", true),
    ("the quick brown fox", "cat OR fox", true),
    ("the quick brown fox", "cat OR dog", false),
    ("the quick brown fox", "quick -fox", false),
    ("the quick brown fox", "quick -cat", true),
    ("the quick brown fox", "-\"brown fox\" quick", false),
    ("the quick brown fox", "qui* bro*", true),
    ("the quick brown fox", "“quick brown”", true),
    ("the quick brown fox", "NEAR(quick fox)", false),
    ("a note: this", "note:this", true),
    ("don't panic", "don't", true),
    ("l'amour toujours", "amour", true),
];

#[tokio::test]
async fn a_text_is_found_by_what_a_person_would_type_and_by_nothing_else() {
    assert!(CASES.len() >= 120);
    let place = Place::new().await;
    let rows = CASES
        .iter()
        .zip(1..)
        .map(|((text, ..), number)| said(number, 1, serde_json::json!({"content": text})));
    place.put(rows.collect()).await;
    let mut wrong = Vec::new();
    for ((text, query, expected), number) in CASES.iter().zip(1_usize..) {
        let found = place.find(query).await.contains(&number.to_string());
        if found != *expected {
            wrong.push(format!("{query:?} in {text:?}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
