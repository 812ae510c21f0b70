import { SquareTerminal } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { keys, useAccounts, useCall } from '../../app/queries.ts'
import { paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { t } from '../../texts.ts'
import { sortAccounts } from '../accounts/need.ts'
import { useConnect } from '../connect/use-connect.ts'
import { Answer } from './answer.tsx'
import { History, remember, type Sent } from './history.tsx'
import { carriesBody, parseHeaders, type RequestDraft } from './request-draft.ts'
import { RequestForm } from './request-form.tsx'
import './playground.css'

/** What was written last, so that a look at another place loses nothing. In memory alone. */
let last: RequestDraft = { account: '', method: 'GET', url: '', headers: '', body: '' }

/** Requests sent as one of the person's accounts. */
export function Playground({ account }: { account: string | null }) {
  const texts = t.playground
  const [, navigate] = useLocation()
  const connect = useConnect()
  const accounts = useAccounts().data
  const [draft, setDraft] = useState<RequestDraft>(() => (account === null ? last : { ...last, account }))
  const [sent, setSent] = useState<Sent | null>(null)
  const send = useCall('requests.send', [keys.activity, keys.accounts, keys.practice])
  const sorted = sortAccounts(accounts ?? [], 'name')
  // An account that is gone, or none yet: the first one.
  const chosen = sorted.find((it) => it.id === draft.account) ?? sorted[0]

  function change(next: Partial<RequestDraft>) {
    last = { ...draft, ...next }
    setDraft(last)
    if (next.account !== undefined && account !== null) navigate(paths.playground, { replace: true })
  }

  function submit() {
    if (!chosen) return
    const { headers, error } = parseHeaders(draft.headers)
    if (error !== null || draft.url.trim() === '') return
    const request = { ...draft, account: chosen.id, url: draft.url.trim() }
    const at = new Date().toISOString()
    send.mutate(
      {
        account: chosen.id,
        request: {
          method: request.method,
          url: request.url,
          headers,
          ...(carriesBody(request.method) && request.body !== '' ? { body: request.body } : {}),
        },
      },
      {
        onSuccess: (answer) => {
          const entry = { at, draft: request, alias: chosen.alias, answer, error: null }
          remember(entry)
          setSent(entry)
        },
        onError: (error) => {
          const entry = { at, draft: request, alias: chosen.alias, answer: null, error }
          remember(entry)
          setSent(entry)
        },
      },
    )
  }

  return (
    <div className="page wide">
      <header className="page-head">
        <div className="titles">
          <h1>{texts.title}</h1>
          <p>{texts.lead}</p>
        </div>
      </header>
      {accounts?.length === 0 && (
        <div className="card">
          <Empty icon={SquareTerminal} title={texts.noAccounts}>
            <Button look="primary" onPress={() => connect({})}>
              {t.account.list.connect}
            </Button>
          </Empty>
        </div>
      )}
      {chosen && (
        <div className="playground">
          <div className="stack gap">
            <RequestForm
              draft={{ ...draft, account: chosen.id }}
              accounts={sorted}
              pending={send.isPending}
              onChange={change}
              onSend={submit}
            />
            <History
              chosen={sent}
              onChoose={(entry) => {
                last = entry.draft
                setDraft(entry.draft)
                setSent(entry)
              }}
            />
          </div>
          <Answer sent={sent} pending={send.isPending} />
        </div>
      )}
    </div>
  )
}
