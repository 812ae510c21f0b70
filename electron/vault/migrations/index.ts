import type { Migration } from '../migrate.ts'
import { initial } from './0001-initial.ts'
import { grantsAndRecords } from './0002-grants-and-records.ts'
import { apps } from './0003-apps.ts'
import { keyRotation } from './0004-key-rotation.ts'

/** In order. A migration that has been released is never changed: what has to change comes as the next one. */
export const migrations: readonly Migration[] = [initial, grantsAndRecords, apps, keyRotation]
