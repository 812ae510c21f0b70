import { SearchX } from 'lucide-react'
import { useState } from 'react'
import type { Provider, Registration } from '../../../shared/models.ts'
import { useProviders, useRegistrations } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { Bone, Empty } from '../../components/empty.tsx'
import { SearchField } from '../../components/field.tsx'
import { Mark } from '../../components/mark.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { OriginChip, ProvidersActions } from '../provider-edit/provider-actions.tsx'
import { providerFits } from './provider-fits.ts'
import './providers.css'

function Card({ provider, registrations }: { provider: Provider; registrations: Registration[] }) {
  const texts = t.providers
  const own = registrations.filter((it) => it.provider_id === provider.id).length
  return (
    <a href={href(paths.provider(provider.id))} className="card provider-card">
      <Mark id={provider.id} name={provider.name} size={48} />
      <span className="grow">
        <span className="provider-name">{provider.name}</span>
        <span className="provider-text two-lines">{provider.description}</span>
        <span className="provider-meta">
          {provider.needs_registration ? texts.registrations(own) : texts.builtIn}
          {provider.origin !== 'catalogue' && (
            <>
              {' '}
              <OriginChip provider={provider} />
            </>
          )}
        </span>
      </span>
    </a>
  )
}

/** Who one can connect to. */
export function Providers() {
  const texts = t.providers
  const providers = useProviders()
  const registrations = useRegistrations().data ?? []
  const [search, setSearch] = useState('')
  const found = (providers.data ?? []).filter((provider) => providerFits(provider, search))
  const grouped = (providers.data ?? []).length > 12
  const categories = grouped ? [...new Set(found.map((provider) => provider.category))] : []
  return (
    <div className="page">
      <header className="page-head">
        <div className="titles">
          <h1>{texts.title}</h1>
          <p>{texts.lead}</p>
        </div>
        <div className="providers-search">
          <SearchField label={texts.search} value={search} onChange={setSearch} />
        </div>
        <ProvidersActions providers={providers.data ?? []} />
      </header>
      {providers.isError && <ErrorNote error={providers.error} />}
      {providers.isPending && (
        <div className="provider-grid" role="status" aria-label={t.common.loading}>
          {['a', 'b', 'c', 'd'].map((id) => (
            <Bone key={id} height={110} />
          ))}
        </div>
      )}
      {providers.data && found.length === 0 && <Empty icon={SearchX} title={texts.empty} />}
      {!grouped && (
        <div className="provider-grid">
          {found.map((provider) => (
            <Card key={provider.id} provider={provider} registrations={registrations} />
          ))}
        </div>
      )}
      <div className="stack loose">
        {categories.map((category) => (
          <section key={category} aria-label={texts.categories[category] ?? category}>
            <h2 className="section-title">{texts.categories[category] ?? category}</h2>
            <div className="provider-grid">
              {found
                .filter((provider) => provider.category === category)
                .map((provider) => (
                  <Card key={provider.id} provider={provider} registrations={registrations} />
                ))}
            </div>
          </section>
        ))}
      </div>
    </div>
  )
}
