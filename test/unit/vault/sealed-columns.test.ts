import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { otherBlobs, sealedColumns } from '../../../electron/vault/sealed-columns.ts'
import { fill, sealedState } from './filled.ts'
import { unlocked } from './support.ts'

interface Column {
  table: string
  name: string
  pk: number
}

async function schema() {
  const { vault, file } = await unlocked()
  vault.close()
  const db = new Database(file)
  const columns = db
    .prepare(
      `SELECT t.name AS "table", c.name, c.pk FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
       WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' AND (c.type = 'BLOB' OR c.pk > 0)`,
    )
    .all() as Column[]
  const blobs = db
    .prepare(
      `SELECT t.name || '.' || c.name FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
       WHERE t.schema = 'main' AND c.type = 'BLOB'`,
    )
    .pluck()
    .all() as string[]
  db.close()
  return { columns, blobs }
}

it('the list of sealed columns holds every BLOB of the schema that is not a hash or a wrapped key', async () => {
  const { blobs } = await schema()
  const listed = sealedColumns.map(({ table, column }) => `${table}.${column}`)
  expect([...listed, ...otherBlobs].sort()).toEqual(blobs.sort())
})

it('each is found by the primary key of its table', async () => {
  const { columns } = await schema()
  for (const { table, key } of sealedColumns) {
    const primary = columns.filter((it) => it.table === table && it.pk > 0).sort((a, b) => a.pk - b.pk)
    expect([table, ...key]).toEqual([table, ...primary.map(({ name }) => name)])
  }
})

it('what the tests fill in leaves no sealed column out', async () => {
  const { vault, file } = await unlocked()
  fill(vault, 2)
  expect(sealedState(file).values).toHaveLength(sealedColumns.length * 2)
})
