INSERT INTO jid (_id, user, server, type, raw_string) VALUES
  (1, '4915550001', 's.whatsapp.net', 0, '4915550001@s.whatsapp.net'),
  (2, '120363000000000001', 'g.us', 1, '120363000000000001@g.us'),
  (3, '4915550002', 's.whatsapp.net', 0, '4915550002@s.whatsapp.net'),
  (4, '100000000000002', 'lid', 18, '100000000000002@lid'),
  (5, 'status', 'broadcast', 5, 'status@broadcast'),
  (6, '4915550001', 's.whatsapp.net', 17, '4915550001.0:7@s.whatsapp.net');
INSERT INTO jid_map (lid_row_id, jid_row_id) VALUES (4, 3);
INSERT INTO chat (_id, jid_row_id, hidden, subject, archived, sort_timestamp, unseen_message_count) VALUES
  (1, 1, 0, NULL, 0, 1600000001000, 2), (2, 2, 0, 'Lake trip', 1, 1600000002000, 0),
  (3, 5, 1, NULL, 0, NULL, 0);
