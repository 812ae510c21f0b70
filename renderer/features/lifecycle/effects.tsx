import { useQuery } from '@tanstack/react-query'
import type { Effects, LifecycleAction } from '../../../shared/contract-records.ts'
import { call } from '../../client.ts'
import { Bone } from '../../components/empty.tsx'
import { Note } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { WhoNotices } from './who-notices.tsx'

/** What an action is done to. */
export type Subject = { account: string } | { registration: string }

/** Asked anew for each question: it changes with every token and sign-in. */
export function useEffects(subject: Subject, action: LifecycleAction) {
  return useQuery({
    queryKey: ['effects', subject, action],
    queryFn: () =>
      'account' in subject
        ? call('accounts.effects', { account: subject.account, action })
        : call('registrations.effects', { id: subject.registration, action }),
    gcTime: 0,
    retry: false,
  })
}

/** True when the action would do nothing: there is no grant that anyone could end. */
export const isIdle = (effects: Effects): boolean =>
  effects.action === 'revoke' && (effects.provider_told === 'no' || !effects.accounts.some((it) => it.has_tokens))

/** What will be touched, in the host's own sentences, before it is done. */
export function EffectsList({ query }: { query: ReturnType<typeof useEffects> }) {
  const texts = t.lifecycle
  return (
    <div aria-live="polite">
      {query.isPending && (
        <div className="effects" role="status" aria-label={texts.finding}>
          <Bone width="90%" height={18} />
          <Bone width="70%" height={18} />
          <Bone width="50%" height={18} />
        </div>
      )}
      {query.isError && <Note tone="soon">{texts.unknown}</Note>}
      {query.data && (
        <ul className="effects" aria-label={texts.effects}>
          {query.data.sentences.map((sentence) => (
            <li key={sentence} className="break" dir="auto">
              {sentence}
            </li>
          ))}
        </ul>
      )}
      {query.data && query.data.action !== 'enable' && <WhoNotices accounts={query.data.accounts} />}
    </div>
  )
}
