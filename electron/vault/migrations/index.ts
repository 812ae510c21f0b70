import type { Migration } from '../migrate.ts'
import { initial } from './0001-initial.ts'
import { grantsAndRecords } from './0002-grants-and-records.ts'

/** In order. A migration that has been released is never changed: what has to change comes as the next one. */
export const migrations: readonly Migration[] = [initial, grantsAndRecords]
