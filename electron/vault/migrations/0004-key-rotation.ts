import type { Migration } from '../migrate.ts'

/**
 * `previous`: the data key of the version before, sealed under this one, for as long as a value may be sealed under it.
 * Then the row of the version before goes as well.
 */
export const keyRotation: Migration = {
  version: 4,
  sql: `
    ALTER TABLE data_keys ADD COLUMN previous BLOB;
  `,
}
