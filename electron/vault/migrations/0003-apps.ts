import type { Migration } from '../migrate.ts'

/** Apps, permissions, asks, host bindings; who used what. */
export const apps: Migration = {
  version: 3,
  sql: `
    CREATE TABLE apps (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      purpose TEXT NOT NULL,
      key_hash BLOB NOT NULL UNIQUE,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER,
      expires_at INTEGER,
      idle_days INTEGER,
      revoked_at INTEGER,
      caller TEXT
    ) STRICT;

    CREATE TABLE permissions (
      id TEXT PRIMARY KEY,
      app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
      account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
      rights TEXT NOT NULL,
      hosts TEXT NOT NULL,
      methods TEXT NOT NULL,
      path_prefix TEXT,
      until INTEGER,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX permissions_app ON permissions (app_id);
    CREATE INDEX permissions_account ON permissions (account_id);

    CREATE TABLE asks (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      code TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL,
      app_id TEXT REFERENCES apps (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      purpose TEXT NOT NULL,
      user_agent TEXT,
      wants TEXT NOT NULL,
      caller TEXT,
      secret_hash BLOB,
      times INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      decided_at INTEGER
    ) STRICT;

    CREATE TABLE bindings (
      host TEXT PRIMARY KEY,
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      created_at INTEGER NOT NULL
    ) STRICT;

    ALTER TABLE activity ADD COLUMN app_id TEXT;
    ALTER TABLE activity ADD COLUMN app_name TEXT;
    ALTER TABLE activity ADD COLUMN access_right TEXT;
    ALTER TABLE activity ADD COLUMN host TEXT;
    ALTER TABLE activity ADD COLUMN status INTEGER;
    CREATE INDEX activity_app ON activity (app_id, id) WHERE app_id IS NOT NULL;
    CREATE INDEX activity_uses ON activity (id) WHERE access_right IS NOT NULL;
    CREATE INDEX activity_others ON activity (id) WHERE access_right IS NULL;
    CREATE INDEX activity_at ON activity (at);

    CREATE TABLE usage (
      day INTEGER NOT NULL,
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      actor TEXT NOT NULL,
      app_id TEXT NOT NULL DEFAULT '',
      app_name TEXT NOT NULL DEFAULT '',
      access_right TEXT NOT NULL,
      method TEXT NOT NULL DEFAULT '',
      host TEXT NOT NULL DEFAULT '',
      path TEXT NOT NULL DEFAULT '',
      count INTEGER NOT NULL,
      failed INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      PRIMARY KEY (account_id, day, actor, app_id, access_right, method, host, path)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX usage_day ON usage (day);
  `,
}
