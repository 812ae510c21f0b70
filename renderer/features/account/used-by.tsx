import { CircleCheck, CircleDashed, CircleHelp } from 'lucide-react'
import type { Usage } from '../../../shared/contract-apps.ts'
import type { Account } from '../../../shared/models.ts'
import { useProviders, useUsage } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { Disclose } from '../../components/disclose.tsx'
import { Bone } from '../../components/empty.tsx'
import { Mark } from '../../components/mark.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { plainLine } from '../../components/plain-text.ts'
import { Moment } from '../../components/time.tsx'
import { t } from '../../texts.ts'
import { Bindings } from './bindings.tsx'
import { placeText, usageDays } from './usage-text.ts'
import './used-by.css'

/** Uses that are in view at once. */
const shown = 5

type User = Usage['users'][number]

function Uses({ uses }: { uses: User['uses'] }) {
  const texts = t.usage
  return (
    <ul className="uses">
      {uses.map((use) => (
        <li key={`${use.right} ${use.method} ${use.host} ${use.path}`} className="use">
          <span className="grow break">
            {use.right === 'request' && use.host !== null ? <code>{placeText(use)}</code> : texts.uses[use.right]}
          </span>
          {use.failed > 0 && <span className="use-failed numbers">{texts.failed(use.failed)}</span>}
          <span className="faint numbers use-count">{use.count.toLocaleString()}×</span>
        </li>
      ))}
    </ul>
  )
}

function UserLine({ user }: { user: User }) {
  const texts = t.usage
  const name = plainLine(user.name)
  return (
    <li className="user">
      <Mark id={user.app_id ?? user.actor} name={name} size={28} />
      <div className="grow stack tight">
        <div className="row wrap between">
          {user.app_id === null ? (
            <span className="need-name break" dir="auto">
              {name}
            </span>
          ) : (
            <a href={href(paths.app(user.app_id))} className="need-name break" dir="auto">
              {name}
            </a>
          )}
          <span className="faint small numbers">
            {texts.times(user.count)}
            {user.failed > 0 && (
              <>
                , <span className="use-failed">{texts.failed(user.failed)}</span>
              </>
            )}
            {' · '}
            <Moment at={user.last_at} />
          </span>
        </div>
        <Uses uses={user.uses.slice(0, shown)} />
        {user.uses.length > shown && (
          <Disclose title={t.account.list.more(user.uses.length - shown)}>
            <Uses uses={user.uses.slice(shown)} />
          </Disclose>
        )}
      </div>
    </li>
  )
}

function Permitted({ usage }: { usage: Usage }) {
  const texts = t.usage
  const used = new Set(usage.users.map(({ app_id }) => app_id))
  return (
    <section className="card pad stack" aria-labelledby="permitted">
      <div>
        <h2 id="permitted">{texts.permitted}</h2>
        <p className="muted small">{usage.permitted.length > 0 ? texts.permittedLead : texts.permittedNone}</p>
      </div>
      {usage.permitted.length > 0 && (
        <ul className="stack tight">
          {usage.permitted.map(({ app_id, name, rights }) => (
            <li key={app_id} className="row wrap permitted">
              <a href={href(paths.app(app_id))} className="need-name break grow" dir="auto">
                {plainLine(name)}
              </a>
              {!used.has(app_id) && <span className="faint small">{texts.usedNot}</span>}
              <span className="row wrap">
                {rights.map((right) => (
                  <span key={right} className={right === 'token' || right === 'manage' ? 'chip soon' : 'chip'}>
                    {texts.rights[right]}
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

const signs = { used: CircleCheck, unused: CircleDashed, unknown: CircleHelp }
const tones = { used: 'good', unused: 'soon', unknown: 'calm' } as const
/** What is not used comes first: that is what one can give up. */
const order = { unused: 0, used: 1, unknown: 2 }

function ScopeUse({ usage, account }: { usage: Usage; account: Account }) {
  const texts = t.usage
  const provider = useProviders().data?.find((it) => it.id === account.provider_id)
  const scopes = [...usage.scopes].sort((a, b) => order[a.state] - order[b.state])
  const unused = scopes.filter(({ state }) => state === 'unused').length
  return (
    <section className="card" aria-labelledby="scope-use">
      <div className="card-head">
        <h2 id="scope-use">{texts.scopes}</h2>
      </div>
      {scopes.length === 0 && <p className="muted permissions-none">{texts.scopesNone}</p>}
      {unused > 0 && <p className="muted small scope-note">{texts.unusedNote(unused, usage.days)}</p>}
      <ul className="scope-list">
        {scopes.map(({ name, state, last_at }) => {
          const Icon = signs[state]
          const known = provider?.scopes.find((scope) => scope.name === name)
          return (
            <li key={name}>
              <Icon size={16} aria-hidden className={`scope-sign ${tones[state]}`} />
              <div className="grow">
                {known && <p className="small">{known.text}</p>}
                <code className={known ? 'faint break' : 'break'}>{name}</code>
              </div>
              <span className="small muted scope-when">
                {texts.scopeStates[state]}
                {last_at !== null && (
                  <>
                    {', '}
                    <Moment at={last_at} />
                  </>
                )}
              </span>
            </li>
          )
        })}
      </ul>
      {scopes.some(({ state }) => state === 'unknown') && (
        <p className="faint small scope-note last">{texts.unknownHelp}</p>
      )}
    </section>
  )
}

/** Who uses the account for what, who may, and what of its scopes nobody needed: what breaks if it goes. */
export function UsedBy({ account }: { account: Account }) {
  const texts = t.usage
  const query = useUsage(account.id, usageDays)
  if (query.isError) return <ErrorNote error={query.error} />
  if (!query.data) {
    return (
      <div className="stack" role="status" aria-label={t.common.loading}>
        <Bone height={180} />
        <Bone height={120} />
      </div>
    )
  }
  const usage = query.data
  return (
    <div className="stack gap">
      <p className="muted">{texts.lead(usage.days)}</p>
      {!usage.complete && (
        <Note tone="soon" title={texts.incomplete}>
          <p>{texts.incompleteText}</p>
        </Note>
      )}
      <div className="provider-columns">
        <div className="stack gap">
          <section className="card" aria-labelledby="users">
            <div className="card-head">
              <h2 id="users">{texts.users}</h2>
            </div>
            {usage.users.length === 0 ? (
              <p className="muted permissions-none">{texts.none(usage.days)}</p>
            ) : (
              <ul className="users">
                {usage.users.map((user) => (
                  <UserLine key={user.app_id ?? user.actor} user={user} />
                ))}
              </ul>
            )}
          </section>
          <ScopeUse usage={usage} account={account} />
        </div>
        <div className="stack gap">
          <Permitted usage={usage} />
          <Bindings account={account} />
        </div>
      </div>
    </div>
  )
}
