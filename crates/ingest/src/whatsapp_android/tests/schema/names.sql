CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL, is_whatsapp_user BOOLEAN,
  status TEXT, number TEXT, display_name TEXT, given_name TEXT, family_name TEXT, wa_name TEXT, nickname TEXT);
CREATE TABLE wa_vnames (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL UNIQUE, verified_name TEXT);
CREATE TABLE wa_group_descriptions (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL, description TEXT);
CREATE TABLE wa_block_list (jid TEXT PRIMARY KEY NOT NULL);
