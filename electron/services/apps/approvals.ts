import type { RecordStore } from '../../vault/ports.ts'
import type { PermissionRecord } from '../../vault/ports-apps.ts'

/** A permission before it belongs to an app. */
export type Draft = Omit<PermissionRecord, 'id' | 'appId' | 'createdAt' | 'updatedAt'>

/** What the person granted to a program that has not collected its key yet. */
export interface Approval {
  name: string
  permissions: Draft[]
  expiresAt: number | null
  idleDays: number | null
}

const kind = 'pairing-approval'

/**
 * Approvals between the person's decision and the program's next look. There is no app until then: what is here opens
 * nothing, and it is gone when its time is over.
 */
export function createApprovals({ records }: { records: RecordStore }) {
  return {
    put: (askId: string, approval: Approval, until: number): void =>
      records.put(kind, askId, JSON.stringify(approval), until),
    /** Once: the next one finds nothing. */
    take(askId: string): Approval | null {
      const text = records.get(kind, askId)
      if (text === null) return null
      records.delete(kind, askId)
      return JSON.parse(text) as Approval
    },
  }
}

export type Approvals = ReturnType<typeof createApprovals>
