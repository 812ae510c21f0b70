import { ChevronLeft, LockKeyhole } from 'lucide-react'
import { keys, useCall, useProtection } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { Bone } from '../../components/empty.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { Backups } from './backups.tsx'
import { DataKey } from './data-key.tsx'
import { Doctor } from './doctor.tsx'
import { EditLock } from './edit-lock.tsx'
import { LockSettings } from './lock-settings.tsx'
import { Move } from './move.tsx'
import { Profiles } from './profiles.tsx'
import { StorageBadge } from './storage-badge.tsx'
import { WaysIn } from './ways-in.tsx'
import '../settings/settings.css'
import './vault-page.css'

function Content() {
  const details = useProtection()
  if (details.isError) {
    return (
      <ErrorNote error={details.error} actions={<Button onPress={() => details.refetch()}>{t.common.retry}</Button>} />
    )
  }
  if (!details.data) {
    return (
      <div className="card pad" role="status" aria-label={t.common.loading}>
        <Bone height={120} />
      </div>
    )
  }
  // Ways in, and copies, are for a vault that is kept.
  const kept = details.data.badge.level !== 'memory_only'
  return (
    <>
      <StorageBadge badge={details.data.badge} />
      {kept && (
        <>
          <WaysIn details={details.data} />
          <DataKey details={details.data} />
        </>
      )}
      <LockSettings key={JSON.stringify(details.data.lock)} details={details.data} />
      {kept && (
        <>
          <EditLock details={details.data} />
          <Backups backups={details.data.backups} />
        </>
      )}
    </>
  )
}

/** The vault: what protects it, when it locks, how it is copied and moved, and whether all is well. */
export function VaultPage() {
  const texts = t.protection
  const lock = useCall('vault.lock', [keys.vault])
  return (
    <div className="page settings">
      <header className="page-head">
        <div className="titles">
          <a href={href(paths.settings)} className="row small vault-back">
            <ChevronLeft size={14} aria-hidden />
            {texts.back}
          </a>
          <h1>{texts.title}</h1>
          <p>{texts.lead}</p>
        </div>
        <Button icon={LockKeyhole} isPending={lock.isPending} onPress={() => lock.mutate({})}>
          {t.vault.lockNow}
        </Button>
      </header>
      <div className="stack gap">
        {lock.isError && <ErrorNote error={lock.error} />}
        <Content />
        <Move />
        <Doctor />
        <Profiles />
      </div>
    </div>
  )
}
