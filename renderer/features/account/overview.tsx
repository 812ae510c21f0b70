import type { Account } from '../../../shared/models.ts'
import { useInspection } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { CopyIcon } from '../../components/copy.tsx'
import { Facts } from '../../components/facts.tsx'
import { LifeBar } from '../../components/life-bar.tsx'
import { Moment } from '../../components/time.tsx'
import { t } from '../../texts.ts'
import { Recent } from '../activity/recent.tsx'
import { Check } from './check.tsx'

function Identity({ account }: { account: Account }) {
  const texts = t.account.overview
  const { identity } = account
  return (
    <section className="card pad stack" aria-labelledby="identity">
      <h2 id="identity">{texts.identity}</h2>
      {identity ? (
        <Facts
          facts={[
            identity.name === null ? null : { name: texts.name, value: identity.name },
            identity.email === null ? null : { name: texts.email, value: identity.email },
            identity.username === null ? null : { name: texts.username, value: identity.username },
            { name: texts.subject, value: <code>{identity.subject}</code>, help: texts.subjectHelp },
            identity.issuer === null ? null : { name: texts.issuer, value: <code>{identity.issuer}</code> },
          ]}
        />
      ) : (
        <p className="muted">{texts.noIdentity}</p>
      )}
    </section>
  )
}

function Lifetimes({ account }: { account: Account }) {
  const texts = t.account.overview
  const { token } = account
  const inspection = useInspection(account.id)
  const idToken = inspection.data?.tokens.find((it) => it.kind === 'id_token')
  if (!token) {
    return (
      <section className="card pad stack" aria-labelledby="lifetimes">
        <h2 id="lifetimes">{texts.lifetimes}</h2>
        <p className="muted">{texts.noTokens}</p>
      </section>
    )
  }
  return (
    <section className="card pad stack" aria-labelledby="lifetimes">
      <h2 id="lifetimes">{texts.lifetimes}</h2>
      <div className="lifetimes">
        <div className="lifetime-row">
          <span className="lifetime-name">{texts.accessToken}</span>
          <LifeBar
            label={texts.accessToken}
            from={token.obtained_at}
            until={token.expires_at}
            endless={t.account.list.untilRefused}
            over={t.account.states.expired}
          />
          <p className="lifetime-help">{texts.expirySource[token.expiry_source]}</p>
        </div>
        <div className="lifetime-row">
          <span className="lifetime-name">{texts.refreshToken}</span>
          <p className="lifetime-help">{token.has_refresh_token ? texts.refreshKept : texts.refreshNone}</p>
        </div>
        {idToken?.expires_at && (
          <div className="lifetime-row">
            <span className="lifetime-name">{texts.idToken}</span>
            <LifeBar
              label={texts.idToken}
              from={idToken.issued_at ?? token.obtained_at}
              until={idToken.expires_at}
              endless={t.account.list.noExpiry}
              over={texts.ended}
            />
            <p className="lifetime-help">{texts.idTokenHelp}</p>
          </div>
        )}
      </div>
    </section>
  )
}

function Connection({ account }: { account: Account }) {
  const texts = t.account.overview
  return (
    <section className="card pad stack" aria-labelledby="connection">
      <h2 id="connection">{texts.connection}</h2>
      <Facts
        facts={[
          {
            name: texts.provider,
            value: <a href={href(paths.provider(account.provider_id))}>{account.provider_name}</a>,
          },
          { name: texts.registration, value: account.registration_name },
          { name: texts.grant, value: t.grants.names[account.grant] ?? account.grant },
          { name: texts.connected, value: <Moment at={account.created_at} /> },
          { name: texts.lastUsed, value: <Moment at={account.last_used_at} none={t.account.list.neverUsed} /> },
          { name: texts.lastRefresh, value: <Moment at={account.last_refresh_at} /> },
          {
            name: texts.id,
            value: (
              <span className="row">
                <code className="break">{account.id}</code>
                <CopyIcon text={account.id} label={`${t.common.copy}: ${texts.id}`} />
              </span>
            ),
          },
        ]}
      />
    </section>
  )
}

export function Overview({ account }: { account: Account }) {
  return (
    <div className="columns">
      <div className="stack gap">
        <Lifetimes account={account} />
        <Check account={account} />
        <Recent
          title={t.account.overview.recent}
          filter={{ account: account.id }}
          all={paths.account(account.id, 'activity')}
          count={5}
        />
      </div>
      <div className="stack gap">
        <Identity account={account} />
        <Connection account={account} />
      </div>
    </div>
  )
}
