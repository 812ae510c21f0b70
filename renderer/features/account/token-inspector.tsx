import { KeyRound } from 'lucide-react'
import type { Account, TokenFacts } from '../../../shared/models.ts'
import { useInspection } from '../../app/queries.ts'
import { Bone, Empty } from '../../components/empty.tsx'
import { LifeBar } from '../../components/life-bar.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { Moment } from '../../components/time.tsx'
import { t } from '../../texts.ts'
import { claimRows } from './claims.ts'
import './token-inspector.css'

function Claims({ title, claims, name }: { title: string; claims: Record<string, unknown>; name: string }) {
  const texts = t.account.tokens
  const now = useNow('slow')
  return (
    <div className="claims">
      <h3 className="section-title">{title}</h3>
      <table aria-label={`${name}: ${title}`}>
        <colgroup>
          <col className="claim-name-column" />
          <col />
          <col className="claim-meaning-column" />
        </colgroup>
        <thead className="hidden-text">
          <tr>
            <th scope="col">{texts.claim}</th>
            <th scope="col">{texts.value}</th>
            <th scope="col">{texts.meaning}</th>
          </tr>
        </thead>
        <tbody>
          {claimRows(claims, now).map((row) => (
            <tr key={row.name}>
              <th scope="row">
                <code>{row.name}</code>
              </th>
              <td>
                <bdi className="claim-value">{row.value}</bdi>
                {row.time && <span className="claim-time">{row.time}</span>}
              </td>
              <td className="claim-meaning">{row.meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Token({ token, type, account }: { token: TokenFacts; type: string | null; account: Account }) {
  const texts = t.account.tokens
  const name = texts.kinds[token.kind]
  const from = token.issued_at ?? (token.kind === 'access_token' ? account.token?.obtained_at : null)
  return (
    <section className="card token" aria-label={name}>
      <header className="token-head">
        <h2>{name}</h2>
        <span className="chip accent" title={texts.formatHelp[token.format]}>
          {texts.formats[token.format]}
        </span>
        {type && token.kind === 'access_token' && <span className="chip">{type}</span>}
      </header>
      <dl className="token-facts">
        <div>
          <dt>{texts.lengthName}</dt>
          <dd className="numbers">{texts.length(token.length)}</dd>
        </div>
        <div>
          <dt title={texts.fingerprintHelp}>{texts.fingerprint}</dt>
          <dd>
            <code>{token.fingerprint}</code>
          </dd>
        </div>
        <div>
          <dt>{texts.issued}</dt>
          <dd>
            <Moment at={token.issued_at} none={t.common.unknown} />
          </dd>
        </div>
        <div>
          <dt>{texts.expires}</dt>
          <dd>
            {from && token.expires_at ? (
              <LifeBar
                label={`${name}: ${t.account.list.timeLeft}`}
                from={from}
                until={token.expires_at}
                endless={t.common.unknown}
                over={t.account.states.expired}
              />
            ) : (
              <Moment at={token.expires_at} none={t.common.unknown} />
            )}
          </dd>
        </div>
      </dl>
      {token.claims && <Claims title={texts.claims} claims={token.claims} name={name} />}
      {token.header && <Claims title={texts.header} claims={token.header} name={name} />}
      {token.format === 'opaque' && <p className="token-opaque">{texts.formatHelp.opaque}</p>}
    </section>
  )
}

/** What the tokens say of themselves. The tokens never come here. */
export function TokenInspector({ account }: { account: Account }) {
  const texts = t.account.tokens
  const inspection = useInspection(account.id)
  if (inspection.isError) return <ErrorNote error={inspection.error} />
  if (!inspection.data) {
    return (
      <div className="stack" role="status" aria-label={t.common.loading}>
        <Bone height={220} />
        <Bone height={140} />
      </div>
    )
  }
  if (inspection.data.tokens.length === 0) return <Empty icon={KeyRound} title={texts.none} />
  return (
    <div className="stack gap">
      <p className="muted">
        {texts.lead} {texts.fingerprintNote}
      </p>
      {inspection.data.tokens.map((token) => (
        <Token key={token.kind} token={token} type={inspection.data.token_type} account={account} />
      ))}
    </div>
  )
}
