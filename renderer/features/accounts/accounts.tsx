import { Plus, SearchX } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import type { Account, AccountState } from '../../../shared/models.ts'
import { isBeginning } from '../../app/load-accounts.ts'
import { useAccounts } from '../../app/queries.ts'
import { Button } from '../../components/button.tsx'
import { Bone, Empty } from '../../components/empty.tsx'
import { SearchField } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'
import { useConnect } from '../connect/use-connect.ts'
import { AccountRow } from './account-row.tsx'
import { FirstRun } from './first-run.tsx'
import { states as allStates, fits, needsYou, type Sort, sortAccounts, sorts } from './need.ts'
import { NeedsAnswer } from './needs-answer.tsx'
import { NeedsYou } from './needs-you.tsx'
import { WindowList } from './window-list.tsx'
import './accounts.css'

/** From here on the list can be searched; below it, everything is in view anyway. */
const many = 7

function Skeleton() {
  return (
    <div className="card accounts-card" role="status" aria-label={t.common.loading}>
      {['a', 'b', 'c', 'd'].map((id) => (
        <div key={id} className="account-row">
          <Bone width={36} height={36} />
          <span className="account-names stack tight">
            <Bone width="40%" />
            <Bone width="60%" height={12} />
          </span>
        </div>
      ))}
    </div>
  )
}

function List({ accounts }: { accounts: Account[] }) {
  const { list } = t.account
  const [search, setSearch] = useState('')
  const [state, setState] = useState<AccountState | 'any'>('any')
  const [sort, setSort] = useState<Sort>('need')
  const words = useDeferredValue(search.trim().toLocaleLowerCase())
  const narrowed = words !== '' || state !== 'any'
  const needing = useMemo(() => sortAccounts(accounts.filter(needsYou), 'need'), [accounts])
  const shown = useMemo(() => {
    const apart = !narrowed && sort === 'need'
    const found = accounts.filter((account) => {
      if (apart) return !needsYou(account)
      return fits(account, words) && (state === 'any' || account.status.state === state)
    })
    return sortAccounts(found, sort)
  }, [accounts, words, state, sort, narrowed])
  const states = allStates.filter((it) => accounts.some((account) => account.status.state === it))

  return (
    <>
      {accounts.length >= many && (
        <div className="accounts-tools">
          <div className="grow">
            <SearchField label={list.search} value={search} onChange={setSearch} />
          </div>
          <Select
            bare
            label={list.filter}
            className="accounts-filter"
            value={state}
            onChange={(id) => setState(id as AccountState | 'any')}
            choices={[{ id: 'any', text: list.anyState }, ...states.map((id) => ({ id, text: t.account.states[id] }))]}
          />
          <Select
            bare
            label={list.sort}
            className="accounts-filter"
            value={sort}
            onChange={(id) => setSort(id as Sort)}
            choices={sorts.map((id) => ({ id, text: list.sorts[id] }))}
          />
        </div>
      )}
      {!narrowed && sort === 'need' && needing.length > 0 && <NeedsYou accounts={needing} />}
      {(shown.length > 0 || narrowed) && (
        <section aria-labelledby="all-accounts">
          <h2 id="all-accounts" className="section-title" aria-live="polite">
            {narrowed ? list.shown(shown.length, accounts.length) : needing.length > 0 ? list.others : list.all}
            {!narrowed && <span className="faint numbers">{shown.length.toLocaleString()}</span>}
          </h2>
          <div className="card accounts-card">
            {shown.length > 0 ? (
              <WindowList
                label={list.all}
                items={shown}
                idOf={(account) => account.id}
                rowHeight={64}
                render={(account) => <AccountRow account={account} />}
              />
            ) : (
              <Empty icon={SearchX} title={list.empty}>
                <Button
                  onPress={() => {
                    setSearch('')
                    setState('any')
                  }}
                >
                  {list.clear}
                </Button>
              </Empty>
            )}
          </div>
        </section>
      )}
    </>
  )
}

/** Home: what needs the person, then everything else. */
export function Accounts() {
  const { list } = t.account
  const accounts = useAccounts()
  const connect = useConnect()
  if (accounts.data?.length === 0) {
    return (
      <FirstRun>
        <NeedsAnswer />
      </FirstRun>
    )
  }
  return (
    <div className="page">
      <header className="page-head">
        <div className="titles">
          <h1>{list.title}</h1>
          <p aria-live="polite">
            {accounts.data === undefined
              ? t.common.loading
              : isBeginning(accounts.data)
                ? list.first(accounts.data.length)
                : list.count(accounts.data.length)}
          </p>
        </div>
        <Button look="primary" icon={Plus} onPress={() => connect({})}>
          {list.connect}
        </Button>
      </header>
      {accounts.isError && !accounts.data && (
        <ErrorNote
          title={list.failed}
          error={accounts.error}
          actions={
            <Button size="s" onPress={() => void accounts.refetch()}>
              {t.common.retry}
            </Button>
          }
        />
      )}
      <NeedsAnswer />
      {accounts.isPending && <Skeleton />}
      {accounts.data && <List accounts={accounts.data} />}
    </div>
  )
}
