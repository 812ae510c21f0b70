import type { Migration } from '../migrate.ts'

/**
 * Columns of type BLOB are sealed (sealing.ts) unless they are wrapped keys. Times are milliseconds since 1970. Lists and
 * objects are JSON text. What lists show stands apart from what has to be decrypted, so that a list never reads secrets.
 */
export const initial: Migration = {
  version: 1,
  sql: `
    CREATE TABLE data_keys (
      version INTEGER PRIMARY KEY,
      verifier BLOB NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE key_slots (
      kind TEXT PRIMARY KEY,
      key_version INTEGER NOT NULL REFERENCES data_keys (version),
      wrapped BLOB NOT NULL,
      params TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE registrations (
      id TEXT PRIMARY KEY,
      provider_id TEXT NOT NULL,
      name TEXT NOT NULL,
      description TEXT NOT NULL,
      client_id TEXT NOT NULL,
      client_secret BLOB,
      client_authentication TEXT NOT NULL,
      scopes TEXT NOT NULL,
      variables TEXT NOT NULL,
      extra_hosts TEXT NOT NULL,
      fallback_expiry INTEGER,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE accounts (
      id TEXT PRIMARY KEY,
      registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
      provider_id TEXT NOT NULL,
      alias TEXT NOT NULL COLLATE NOCASE UNIQUE,
      subject TEXT,
      issuer TEXT,
      name TEXT,
      username TEXT,
      email TEXT,
      scopes_requested TEXT NOT NULL,
      trouble TEXT,
      token_generation INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER,
      last_refresh_at INTEGER
    ) STRICT;
    CREATE INDEX accounts_registration ON accounts (registration_id);
    CREATE INDEX accounts_identity ON accounts (provider_id, subject);

    CREATE TABLE token_sets (
      account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
      token_type TEXT NOT NULL,
      scopes TEXT NOT NULL,
      obtained_at INTEGER NOT NULL,
      expires_at INTEGER,
      expiry_source TEXT NOT NULL,
      has_refresh_token INTEGER NOT NULL,
      has_id_token INTEGER NOT NULL,
      generation INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE token_secrets (
      account_id TEXT PRIMARY KEY REFERENCES token_sets (account_id) ON DELETE CASCADE,
      access_token BLOB NOT NULL,
      refresh_token BLOB,
      id_token BLOB
    ) STRICT;

    CREATE TABLE refresh_markers (
      account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
      started_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE activity (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      account_id TEXT,
      provider_id TEXT,
      actor TEXT NOT NULL,
      summary TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX activity_account ON activity (account_id, id);

    CREATE TABLE practice_records (
      kind TEXT NOT NULL,
      key_hash TEXT NOT NULL,
      value BLOB NOT NULL,
      expires_at INTEGER,
      PRIMARY KEY (kind, key_hash)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX practice_records_expiry ON practice_records (expires_at) WHERE expires_at IS NOT NULL;

    CREATE TABLE settings (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT;
  `,
}
