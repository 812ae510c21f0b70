import type { Migration } from '../migrate.ts'

/** Every grant, own providers, lifecycle, network routes and webhooks. BLOBs are sealed (sealing.ts). */
export const grantsAndRecords: Migration = {
  version: 2,
  sql: `
    ALTER TABLE registrations ADD COLUMN disabled_at INTEGER;
    ALTER TABLE registrations ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE registrations ADD COLUMN private_key BLOB;
    ALTER TABLE registrations ADD COLUMN certificate BLOB;

    ALTER TABLE accounts ADD COLUMN grant_type TEXT NOT NULL DEFAULT 'authorization_code';
    ALTER TABLE accounts ADD COLUMN disabled_at INTEGER;
    ALTER TABLE accounts ADD COLUMN validation TEXT;
    ALTER TABLE accounts ADD COLUMN credentials BLOB;

    ALTER TABLE token_secrets ADD COLUMN extra BLOB;

    CREATE TABLE providers (
      id TEXT PRIMARY KEY,
      definition TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE network_routes (
      provider_id TEXT PRIMARY KEY,
      route TEXT NOT NULL,
      proxy_password BLOB,
      private_key BLOB
    ) STRICT;

    CREATE TABLE webhook_endpoints (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      settings TEXT NOT NULL,
      secret BLOB,
      enabled INTEGER NOT NULL,
      accepted INTEGER NOT NULL DEFAULT 0,
      refused INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE webhook_deliveries (
      id TEXT PRIMARY KEY,
      endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
      deduplication_key TEXT NOT NULL,
      event_type TEXT,
      subject TEXT,
      occurred_at INTEGER,
      received_at INTEGER NOT NULL,
      content_type TEXT NOT NULL,
      body BLOB NOT NULL,
      UNIQUE (endpoint_id, deduplication_key)
    ) STRICT;
    CREATE INDEX webhook_deliveries_received ON webhook_deliveries (received_at);
  `,
}
