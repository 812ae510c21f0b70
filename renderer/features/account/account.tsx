import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs'
import { useLocation } from 'wouter'
import { NotFound } from '../../app/not-found.tsx'
import { useAccount } from '../../app/queries.ts'
import { paths } from '../../app/routes.ts'
import { errorOf } from '../../client.ts'
import { Bone } from '../../components/empty.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { AccountActivity } from './account-activity.tsx'
import { AccountHeader } from './account-header.tsx'
import { Overview } from './overview.tsx'
import { Scopes } from './scopes.tsx'
import { TokenInspector } from './token-inspector.tsx'
import { UsedBy } from './used-by.tsx'
import './account.css'

const tabs = ['overview', 'users', 'tokens', 'scopes', 'activity'] as const

/** One account: how it is, what its tokens say, what it may do, what happened. */
export function Account({ id, tab }: { id: string; tab: string }) {
  const texts = t.account
  const [, navigate] = useLocation()
  const account = useAccount(id)
  const shown = tabs.find((it) => it === tab) ?? 'overview'

  if (account.isError && !account.data) {
    if (errorOf(account.error).code === 'not_found')
      return <NotFound title={texts.notFound} text={texts.notFoundText} />
    return (
      <div className="page">
        <ErrorNote error={account.error} />
      </div>
    )
  }
  if (!account.data) {
    return (
      <div className="page stack" role="status" aria-label={t.common.loading}>
        <Bone width={80} />
        <Bone height={56} />
        <Bone height={72} />
        <Bone height={240} />
      </div>
    )
  }
  return (
    <div className="page account">
      <AccountHeader account={account.data} />
      <Tabs
        selectedKey={shown}
        onSelectionChange={(key) => navigate(paths.account(id, String(key)), { replace: true })}
        className="tabs"
      >
        <TabList aria-label={texts.tabs.label} className="tab-list">
          {tabs.map((it) => (
            <Tab key={it} id={it} className="tab">
              {texts.tabs[it]}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="overview" className="tab-panel">
          <Overview account={account.data} />
        </TabPanel>
        <TabPanel id="users" className="tab-panel">
          <UsedBy account={account.data} />
        </TabPanel>
        <TabPanel id="tokens" className="tab-panel">
          <TokenInspector account={account.data} />
        </TabPanel>
        <TabPanel id="scopes" className="tab-panel">
          <Scopes account={account.data} />
        </TabPanel>
        <TabPanel id="activity" className="tab-panel">
          <AccountActivity id={id} />
        </TabPanel>
      </Tabs>
    </div>
  )
}
