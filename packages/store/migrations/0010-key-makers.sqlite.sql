-- Which key made a key: the prefix of a key in this table, or `config:` and the beginning of a configured key's hash. Two keys with one maker, at any
-- depth, are one pair of eyes. For keys made earlier the audit log knows the maker; NULL is "not known", and such a key confirms nothing.

ALTER TABLE api_keys ADD COLUMN made_by TEXT;
UPDATE api_keys SET made_by = (SELECT l.who FROM audit_log l WHERE l.act = 'api_key.create' AND l.subject = api_keys.prefix ORDER BY l.seq LIMIT 1);
CREATE INDEX api_keys_made_by ON api_keys (made_by);
CREATE TRIGGER api_keys_maker_fixed BEFORE UPDATE ON api_keys
  WHEN OLD.made_by IS NOT NEW.made_by OR OLD.expires_at IS NOT NEW.expires_at
  BEGIN SELECT RAISE(ABORT, 'api_keys: the maker and the expiry of a key are fixed'); END;
