// Formats in words, by their names in commands.
import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";

const NAMES: Readonly<Record<string, MessageDescriptor>> = {
  "baileys-events": msg`Events of a Baileys bridge`,
  "baileys-store": msg`Store of a Baileys bridge`,
  neutral: msg`Threadkeep records`,
  "whatsapp-export": msg`WhatsApp chat export`,
  "whatsapp-android": msg`WhatsApp backup from Android`,
  "whatsapp-ios": msg`WhatsApp database from an iPhone or Mac`,
  telegram: msg`Telegram export`,
  signal: msg`Signal export`,
  messenger: msg`Messenger download`,
  instagram: msg`Instagram download`,
  vcard: msg`Contacts (vCard)`,
};

/** What a format is called; its own name where it has no words, nothing where it is unknown. */
export function formatName(format: string): string {
  const words = NAMES[format];
  return words === undefined ? format : i18n._(words);
}

/** What people have, and how to get it. */
export function KINDS(): { name: string; about: string }[] {
  return [
    {
      name: t`WhatsApp, one chat`,
      about: t`“Export chat” on the phone: a text file, or a ZIP with its photos.`,
    },
    {
      name: t`WhatsApp, everything`,
      about: t`msgstore.db or an encrypted backup from Android, ChatStorage.sqlite from an iPhone or Mac.`,
    },
    { name: t`Telegram`, about: t`“Export Telegram data” in Telegram Desktop, as JSON.` },
    { name: t`Signal`, about: t`The export of Signal Desktop or Android.` },
    { name: t`Messenger and Instagram`, about: t`“Download your information”, as JSON.` },
    { name: t`Names of people`, about: t`Contacts as vCard.` },
  ];
}
