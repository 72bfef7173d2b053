//! The app's own words where there is no window to say them: in pages that are taken out, and in the
//! terminal. The window's are in its catalogues; what both say is the same word in every language, which
//! a test looks at.
//!
//! Counts stand behind a colon (`Messages: 12`), so that no language needs its rules for plurals here.

use crate::view::Language;

/// A row is a word: English, German, Portuguese, Arabic. `{}` stands for what differs.
macro_rules! words {
    ($($name:ident: $en:literal, $de:literal, $pt:literal, $ar:literal;)*) => {
        /// All words of a language.
        #[derive(Debug)]
        pub(crate) struct Words {
            pub(crate) language: Language,
            $(pub(crate) $name: &'static str,)*
        }

        static ENGLISH: Words = Words { language: Language::En, $($name: $en,)* };
        static GERMAN: Words = Words { language: Language::De, $($name: $de,)* };
        static PORTUGUESE: Words = Words { language: Language::Pt, $($name: $pt,)* };
        static ARABIC: Words = Words { language: Language::Ar, $($name: $ar,)* };

        #[cfg(test)]
        const ALL: &[[&str; 4]] = &[$([$en, $de, $pt, $ar],)*];
    };
}

words! {
    photo: "Photo", "Foto", "Foto", "صورة";
    video: "Video", "Video", "Vídeo", "فيديو";
    audio: "Audio", "Audio", "Áudio", "صوت";
    voice: "Voice message", "Sprachnachricht", "Mensagem de voz", "رسالة صوتية";
    document: "Document", "Dokument", "Documento", "مستند";
    sticker: "Sticker", "Sticker", "Figurinha", "ملصق";
    location: "Location", "Standort", "Localização", "الموقع";
    contact: "Contact", "Kontakt", "Contato", "جهة اتصال";
    poll: "Poll", "Umfrage", "Enquete", "استطلاع";
    call: "Call", "Anruf", "Ligação", "مكالمة";
    file: "File", "Datei", "Arquivo", "ملف";
    of_unknown_kind: "Message of an unknown kind", "Nachricht unbekannter Art",
        "Mensagem de tipo desconhecido", "رسالة من نوع غير معروف";
    you: "You", "Du", "Você", "أنت";
    deleted: "This message was deleted", "Diese Nachricht wurde gelöscht",
        "Esta mensagem foi apagada", "حُذفت هذه الرسالة";
    forwarded: "Forwarded", "Weitergeleitet", "Encaminhada", "مُعاد توجيهها";
    a_message: "A message", "Eine Nachricht", "Uma mensagem", "رسالة";
    something_changed: "Something changed in this chat", "In diesem Chat hat sich etwas geändert",
        "Algo mudou nesta conversa", "تغيّر شيء في هذه المحادثة";
    edited: "edited", "bearbeitet", "editada", "مُعدَّلة";
    said_before: "What it said before", "Was vorher da stand", "O que dizia antes", "ما كانت تقوله سابقًا";
    until: "until {}", "bis {}", "até {}", "حتى {}";
    starred: "Starred", "Mit Stern markiert", "Com estrela", "مميزة بنجمة";
    pending: "Waiting to be sent", "Wartet aufs Senden", "Aguardando envio", "في انتظار الإرسال";
    sent: "Sent", "Gesendet", "Enviada", "أُرسلت";
    delivered: "Delivered", "Zugestellt", "Entregue", "سُلِّمت";
    read: "Read", "Gelesen", "Lida", "مقروءة";
    played: "Played", "Abgespielt", "Reproduzida", "شُغِّلت";
    not_sent: "Not sent", "Nicht gesendet", "Não enviada", "لم تُرسل";
    a_contact: "A contact", "Ein Kontakt", "Um contato", "جهة اتصال";
    no_phone: "No telephone number", "Keine Telefonnummer", "Sem número de telefone", "لا رقم هاتف";
    not_understood: "A kind of message that Threadkeep does not understand yet. It is kept.",
        "Eine Art von Nachricht, die Threadkeep noch nicht versteht. Sie bleibt erhalten.",
        "Um tipo de mensagem que o Threadkeep ainda não entende. Ela fica guardada.",
        "نوع من الرسائل لا يفهمه Threadkeep بعد. الرسالة محفوظة.";
    nothing_more: "nothing more is known of it", "mehr ist davon nicht bekannt", "nada mais se sabe dele",
        "لا يُعرف عنه أكثر";
    not_included: "not included", "nicht enthalten", "não incluído", "غير مُضمَّن";
    kept_as: "kept as {}", "abgelegt als {}", "guardado como {}", "محفوظ باسم {}";
    votes: "Votes: {}", "Stimmen: {}", "Votos: {}", "الأصوات: {}";
    group: "Group", "Gruppe", "Grupo", "مجموعة";
    broadcast: "Broadcast list", "Broadcast-Liste", "Lista de transmissão", "قائمة بث";
    channel: "Channel", "Kanal", "Canal", "قناة";
    page: "Page {}", "Seite {}", "Página {}", "صفحة {}";
    pages: "Pages", "Seiten", "Páginas", "الصفحات";
    since: "Since {}", "Seit {}", "Desde {}", "منذ {}";
    earlier: "Earlier", "Früher", "Antes", "الأقدم";
    later: "Later", "Später", "Depois", "الأحدث";
    chats: "Chats", "Chats", "Conversas", "المحادثات";
    all_chats: "All chats", "Alle Chats", "Todas as conversas", "كل المحادثات";
    count_of_chats: "Chats: {}", "Chats: {}", "Conversas: {}", "المحادثات: {}";
    count_of_messages: "Messages: {}", "Nachrichten: {}", "Mensagens: {}", "الرسائل: {}";
    no_messages: "No messages", "Keine Nachrichten", "Nenhuma mensagem", "لا رسائل";
    none_of_that_time: "There is no message of that time.", "Aus dieser Zeit gibt es keine Nachricht.",
        "Não há mensagem desse período.", "لا رسائل من ذلك الوقت.";
    colophon: "Exported by Threadkeep, {}. Times: {}.", "Exportiert mit Threadkeep, {}. Zeiten: {}.",
        "Exportado pelo Threadkeep, {}. Horários: {}.", "صُدِّر بواسطة Threadkeep، {}. الأوقات: {}.";
    months: "January February March April May June July August September October November December",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر";
    weekdays: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد";
    // Day, month, year; then the weekday and that.
    date: "{} {} {}", "{}. {} {}", "{} de {} de {}", "{} {} {}";
    weekday_and_date: "{}, {}", "{}, {}", "{}, {}", "{}، {}";
    thousands: ",", ".", ".", ",";
}

impl Words {
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &ENGLISH,
            Language::De => &GERMAN,
            Language::Pt => &PORTUGUESE,
            Language::Ar => &ARABIC,
        }
    }

    /// What people call a kind of message; nothing for words alone and for kinds without a name.
    pub(crate) fn kind(&self, kind: &str) -> Option<&'static str> {
        Some(match kind {
            "image" => self.photo,
            "video" => self.video,
            "audio" => self.audio,
            "voice" => self.voice,
            "document" => self.document,
            "sticker" => self.sticker,
            "location" => self.location,
            "contact" => self.contact,
            "poll" => self.poll,
            "call" => self.call,
            _ => return None,
        })
    }

    pub(crate) fn month(&self, number: i8) -> &'static str {
        nth(self.months, number)
    }

    /// From Monday, which is 1.
    pub(crate) fn weekday(&self, number: i8) -> &'static str {
        nth(self.weekdays, number)
    }

    /// A number as people read it: `12,345`.
    pub(crate) fn count(&self, number: u64) -> String {
        let digits = number.to_string();
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push_str(self.thousands);
            }
            grouped.push(digit);
        }
        grouped
    }
}

/// A sentence with what differs in the places of its `{}`.
pub(crate) fn fill<const N: usize>(sentence: &str, parts: [&str; N]) -> String {
    let mut filled = String::new();
    let mut parts = parts.into_iter();
    for (place, piece) in sentence.split("{}").enumerate() {
        if place > 0 {
            filled.push_str(parts.next().unwrap_or_default());
        }
        filled.push_str(piece);
    }
    filled
}

/// What people call a kind of message, in English; nothing for words alone.
#[must_use]
pub fn kind_name(kind: &str) -> Option<&'static str> {
    match kind {
        "unknown" => Some(ENGLISH.of_unknown_kind),
        kind => ENGLISH.kind(kind),
    }
}

fn nth(words: &'static str, number: i8) -> &'static str {
    let place = usize::try_from(number).unwrap_or(1).saturating_sub(1);
    words.split(' ').nth(place).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, fs, path::Path};

    use super::*;

    /// What a catalogue of the window says for each English text.
    fn catalogue(language: &str) -> HashMap<String, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/i18n/locales");
        let text = fs::read_to_string(folder.join(format!("{language}.po"))).unwrap();
        let unquoted = |line: &str| line.trim().trim_matches('"').replace("{0}", "{}");
        let pairs = text.split("\n\n").filter_map(|entry| {
            let (_, rest) = entry.split_once("msgid ")?;
            let (english, own) = rest.split_once("\nmsgstr ")?;
            let joined = |lines: &str| lines.lines().map(unquoted).collect::<String>();
            Some((joined(english), joined(own)))
        });
        pairs.collect()
    }

    #[test]
    fn the_window_says_the_same() {
        for (place, language) in ["de", "pt", "ar"].into_iter().enumerate() {
            let catalogue = catalogue(language);
            let mut both = 0;
            for word in ALL {
                if let Some(own) = catalogue.get(word[0]) {
                    assert_eq!(own, word[place + 1], "{language} for {:?}", word[0]);
                    both += 1;
                }
            }
            assert!(both >= 35, "most of the words are the window's too: {both}");
        }
    }

    #[test]
    fn every_word_has_as_many_places_in_every_language() {
        for word in ALL {
            let places = word.map(|text| text.matches("{}").count());
            assert_eq!(places, [places[0]; 4], "{word:?}");
        }
        for language in [Language::En, Language::De, Language::Pt, Language::Ar] {
            let words = Words::of(language);
            assert_eq!(words.months.split(' ').count(), 12);
            assert_eq!(words.weekdays.split(' ').count(), 7);
        }
    }

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        let counts =
            [Language::En, Language::De].map(|language| Words::of(language).count(1_234_567));
        assert_eq!(counts, ["1,234,567", "1.234.567"]);
        assert_eq!(Words::of(Language::En).count(999), "999");
    }
}
