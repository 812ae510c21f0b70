import { useLocation } from 'wouter'
import { useAccounts, useApps } from '../../app/queries.ts'
import { paths } from '../../app/routes.ts'
import { Disclose } from '../../components/disclose.tsx'
import { Field, SearchField } from '../../components/field.tsx'
import { plainLine } from '../../components/plain-text.ts'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'
import { sortAccounts } from '../accounts/need.ts'
import { allRights, type FilterDraft, hiddenCount, type Span, spans } from './activity-filter.ts'
import { looks } from './activity-look.ts'

interface Props {
  account: string | null
  app: string | null
  draft: FilterDraft
  onChange: (change: Partial<FilterDraft>) => void
}

const all = 'all'

/** Everything that narrows the log. The usual ones in view, the rest one press away. */
export function Filters({ account, app, draft, onChange }: Props) {
  const texts = t.activity
  const [, navigate] = useLocation()
  const accounts = useAccounts().data ?? []
  const apps = useApps().data ?? []
  const hidden = hiddenCount(draft)
  function go(next: { account: string | null; app: string | null }) {
    navigate(paths.activityWith(next.account, next.app))
  }
  return (
    <>
      <div className="activity-tools">
        <div className="grow">
          <SearchField label={texts.search} value={draft.search} onChange={(search) => onChange({ search })} />
        </div>
        <Select
          bare
          label={texts.account}
          className="activity-filter"
          value={account ?? all}
          onChange={(id) => go({ account: id === all ? null : id, app })}
          choices={[
            { id: all, text: texts.allAccounts },
            ...sortAccounts(accounts, 'name').map(({ id, alias }) => ({ id, text: alias })),
          ]}
        />
        {(apps.length > 0 || app !== null) && (
          <Select
            bare
            label={texts.app}
            className="activity-filter"
            value={app ?? all}
            onChange={(id) => go({ account, app: id === all ? null : id })}
            choices={[
              { id: all, text: texts.allApps },
              ...apps.map(({ id, name }) => ({ id, text: plainLine(name) })),
              ...(app === null || apps.some((it) => it.id === app) ? [] : [{ id: app, text: texts.goneApp }]),
            ]}
          />
        )}
        <Select
          bare
          label={texts.kind}
          className="activity-filter"
          value={draft.kind === '' ? all : draft.kind}
          onChange={(id) => onChange({ kind: id === all ? '' : (id as FilterDraft['kind']) })}
          choices={[
            { id: all, text: texts.allKinds },
            ...(Object.keys(looks) as (keyof typeof looks)[]).map((id) => ({ id, text: texts.kinds[id] })),
          ]}
        />
      </div>
      <div className="activity-more-filters">
        <Disclose title={texts.more} {...(hidden > 0 ? { aside: String(hidden), open: true } : {})}>
          <div className="activity-filters">
            <Select
              label={texts.outcome}
              value={draft.outcome === '' ? all : draft.outcome}
              onChange={(id) => onChange({ outcome: id === all ? '' : (id as FilterDraft['outcome']) })}
              choices={[
                { id: all, text: texts.outcomes.any },
                { id: 'ok', text: texts.outcomes.ok },
                { id: 'failed', text: texts.outcomes.failed },
              ]}
            />
            <Select
              label={texts.right}
              value={draft.right === '' ? all : draft.right}
              onChange={(id) => onChange({ right: id === all ? '' : (id as FilterDraft['right']) })}
              choices={[
                { id: all, text: texts.anyRight },
                ...allRights.map((id) => ({ id, text: t.usage.rights[id] })),
              ]}
            />
            <Field
              label={texts.host}
              mono
              value={draft.host}
              onChange={(host) => onChange({ host })}
              placeholder="api.example.com"
              spellCheck="false"
              autoComplete="off"
            />
            <Select
              label={texts.time}
              value={draft.span}
              onChange={(id) => onChange({ span: id as Span })}
              choices={spans.map((id) => ({ id, text: texts.spans[id] }))}
            />
            {draft.span === 'between' && (
              <>
                <Field label={texts.from} type="date" value={draft.from} onChange={(from) => onChange({ from })} />
                <Field label={texts.to} type="date" value={draft.to} onChange={(to) => onChange({ to })} />
              </>
            )}
          </div>
        </Disclose>
      </div>
    </>
  )
}
