-- Takes away what 0004 made.
DROP TABLE mail_items, mails, schedules;
ALTER TABLE notifications DROP COLUMN opened_at;
