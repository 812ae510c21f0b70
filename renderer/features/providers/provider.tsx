import { ArrowLeft, Plus } from 'lucide-react'
import type { Provider as ProviderModel } from '../../../shared/models.ts'
import { NotFound } from '../../app/not-found.tsx'
import { useProviders } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { Facts } from '../../components/facts.tsx'
import { LinkOut } from '../../components/link-out.tsx'
import { Mark } from '../../components/mark.tsx'
import { Note } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { SensitivityChip } from '../connect/scope-picker.tsx'
import { useConnect } from '../connect/use-connect.ts'
import { NetworkRouteCard } from '../network/network-route.tsx'
import { OriginChip, ProviderActions } from '../provider-edit/provider-actions.tsx'
import { Guide } from './guide.tsx'
import { Registrations } from './registrations.tsx'
import './providers.css'

function Sources({ provider }: { provider: ProviderModel }) {
  const texts = t.providers
  const tone = { documented: 'good', secondary: 'soon', unverified: 'calm' } as const
  return (
    <section className="card pad stack" aria-labelledby="sources">
      <h2 id="sources">{texts.sources}</h2>
      <span className={`chip fit ${tone[provider.evidence]}`}>{texts.evidence[provider.evidence]}</span>
      <ul className="stack tight small">
        {provider.sources.map((source) => (
          <li key={source.url} className="break">
            <LinkOut href={source.url}>{source.url.replace(/^https:\/\//, '')}</LinkOut>{' '}
            <span className="faint">{texts.readOn(source.read_on)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function ApiBase({ url }: { url: string | null }) {
  if (url === null) return t.common.none
  // `{variable}`: each registration brings its own.
  return url.includes('{') ? t.providers.apiBaseOwn : <code>{url}</code>
}

/** One provider: what it is, how to get a client there, what it offers, and the person's registrations. */
export function Provider({ id }: { id: string }) {
  const texts = t.providers
  const connect = useConnect()
  const providers = useProviders()
  const provider = providers.data?.find((it) => it.id === id)
  if (!providers.data) return null
  if (!provider) return <NotFound />
  return (
    <div className="page">
      <a href={href(paths.providers)} className="back">
        <ArrowLeft size={14} aria-hidden /> {texts.title}
      </a>
      <header className="page-head">
        <Mark id={provider.id} name={provider.name} size={48} />
        <div className="titles">
          <h1>{provider.name}</h1>
          <p>{provider.description}</p>
          <p>
            <OriginChip provider={provider} />
          </p>
        </div>
        {provider.needs_registration && <ProviderActions provider={provider} />}
        <Button look="primary" icon={Plus} onPress={() => connect({ provider: provider.id })}>
          {texts.connect}
        </Button>
      </header>
      <div className="provider-columns">
        <div className="stack gap">
          {provider.needs_registration && <Registrations provider={provider} />}
          {provider.needs_registration ? (
            <section className="card pad stack" aria-labelledby="guide">
              <h2 id="guide">{texts.guide}</h2>
              <Guide provider={provider} />
            </section>
          ) : (
            <Note>{texts.guideBuiltIn}</Note>
          )}
          {provider.scopes.length > 0 && (
            <section className="card" aria-labelledby="scopes">
              <div className="card-head">
                <h2 id="scopes">{texts.scopes}</h2>
              </div>
              <ul className="scope-list">
                {provider.scopes.map((scope) => (
                  <li key={scope.name}>
                    <div className="grow">
                      <p>{scope.text}</p>
                      <code className="faint break">{scope.name}</code>
                    </div>
                    <SensitivityChip sensitivity={scope.sensitivity} />
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
        <div className="stack gap">
          {provider.notices.length > 0 && (
            <section className="card pad stack" aria-labelledby="notices">
              <h2 id="notices">{texts.notices}</h2>
              <ul className="notices">
                {provider.notices.map((notice) => (
                  <li key={notice} className="break">
                    {notice}
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section className="card pad stack" aria-labelledby="facts">
            <h2 id="facts">{texts.facts}</h2>
            <Facts
              facts={[
                {
                  name: texts.signIn,
                  value: t.connect.approve.via[provider.sign_in.via],
                  ...(provider.sign_in.reason ? { help: provider.sign_in.reason } : {}),
                },
                {
                  name: texts.apiBase,
                  value: <ApiBase url={provider.api_base_url} />,
                },
                {
                  name: texts.apiHosts,
                  value: provider.api_hosts.length > 0 ? provider.api_hosts.join(', ') : texts.apiHostsNone,
                },
              ]}
            />
          </section>
          {provider.needs_registration && <NetworkRouteCard provider={provider} />}
          {provider.sources.length > 0 && <Sources provider={provider} />}
        </div>
      </div>
    </div>
  )
}
