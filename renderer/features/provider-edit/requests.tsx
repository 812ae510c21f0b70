import { useState } from 'react'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { t } from '../../texts.ts'
import { AnswerMapping } from './answer-mapping.tsx'
import { at, type Draft, parseObject, put } from './definition.ts'
import { ChoiceAt, PairsAt, TextAt, useEditing } from './form-parts.tsx'
import { Preview } from './preview.tsx'
import '../settings/settings.css'

export const ownRequests = ['token', 'refresh', 'revoke', 'validate', 'identity'] as const
export type OwnRequest = (typeof ownRequests)[number]

const methods = { GET: 'GET', POST: 'POST', PUT: 'PUT', PATCH: 'PATCH', DELETE: 'DELETE' }

/** What one begins with: the request that the standard would send. */
function starter(request: OwnRequest, draft: Draft): Draft {
  const token = at(draft, 'endpoints.token')
  const url = typeof token === 'string' && token !== '' ? token : 'https://example.com/oauth/token'
  const client = { client_id: '{{ CLIENT_ID }}', client_secret: '{{ CLIENT_SECRET }}' }
  switch (request) {
    case 'token':
      return {
        method: 'POST',
        url,
        body: 'form',
        data: { grant_type: 'authorization_code', code: '{{ code }}', redirect_uri: '{{ redirect_url }}', ...client },
      }
    case 'refresh':
      return {
        method: 'POST',
        url,
        body: 'form',
        data: { grant_type: 'refresh_token', refresh_token: '{{ refresh_token }}', ...client },
      }
    case 'revoke':
      return { method: 'POST', url, body: 'form', data: { token: '{{ access_token }}', ...client } }
    case 'validate':
    case 'identity': {
      const userinfo = at(draft, 'endpoints.userinfo')
      return {
        method: 'GET',
        url: typeof userinfo === 'string' && userinfo !== '' ? userinfo : 'https://example.com/me',
        headers: { Authorization: 'Bearer {{ access_token }}' },
      }
    }
  }
}

/** The data of a body, as the JSON that it is. */
function Data({ path }: { path: string }) {
  const texts = t.providersEdit
  const { draft, set, error } = useEditing()
  const [text, setText] = useState(() => JSON.stringify(at(draft, path) ?? {}, null, 2))
  const parsed = parseObject(text)
  return (
    <Field
      label={texts.requests.data}
      help={texts.requests.dataHelp}
      mono
      lines={7}
      spellCheck="false"
      value={text}
      onChange={(next) => {
        setText(next)
        const now = parseObject(next)
        if ('value' in now) set((before) => put(before, path, now.value))
      }}
      error={'problem' in parsed ? texts.jsonWrong(parsed.problem) : error(path)}
    />
  )
}

function Template({ request }: { request: OwnRequest }) {
  const texts = t.providersEdit.requests
  const { draft, set } = useEditing()
  const path = `requests.${request}`
  const body = at(draft, `${path}.body`)
  return (
    <>
      <div className="request-top">
        <ChoiceAt path={`${path}.method`} label={texts.method} texts={methods} />
        <TextAt path={`${path}.url`} label={texts.url} mono />
      </div>
      <PairsAt path={`${path}.query`} label={texts.query} help={texts.pairHelp} optional />
      <PairsAt path={`${path}.headers`} label={texts.headers} help={texts.pairHelp} optional />
      <ChoiceAt path={`${path}.body`} label={texts.body} texts={texts.bodies} absent="none" />
      {body !== undefined && body !== 'none' && <Data path={`${path}.data`} />}
      <p className="field-help">
        <strong>{texts.variables}:</strong> {texts.variablesText}
      </p>
      <div>
        <Button size="s" onPress={() => set((before) => put(before, path, undefined))}>
          {texts.drop}
        </Button>
      </div>
    </>
  )
}

/** Requests of the provider's own, each beside what it comes to. */
export function Requests() {
  const texts = t.providersEdit.requests
  const { draft, set } = useEditing()
  const [which, choose] = useState<OwnRequest | 'answer'>('token')
  const written = at(draft, `requests.${which}`) !== undefined
  return (
    <>
      <p className="muted small requests-bar">{texts.lead}</p>
      <div className="requests-bar">
        <ToggleButtonGroup
          aria-label={texts.which}
          className="segments request-which"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[which]}
          onSelectionChange={(chosen) => {
            const next = [...ownRequests, 'answer' as const].find((it) => chosen.has(it))
            if (next) choose(next)
          }}
        >
          {[...ownRequests, 'answer' as const].map((id) => (
            <ToggleButton key={id} id={id} className="segment">
              {texts.names[id]}
              {at(draft, `requests.${id}`) !== undefined && <span className="request-dot" aria-hidden />}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
      {which === 'answer' ? (
        <AnswerMapping />
      ) : (
        <div className={written ? 'requests' : undefined} key={which}>
          <section className="card pad stack form" aria-labelledby="own-request">
            <h2 id="own-request">{texts.titles[which]}</h2>
            <p className="muted small">{texts.helps[which]}</p>
            {written ? (
              <Template request={which} />
            ) : (
              <div className="row wrap">
                <span className="grow">{texts.standard}</span>
                <Button
                  size="s"
                  onPress={() => set((before) => put(before, `requests.${which}`, starter(which, before)))}
                >
                  {texts.write}
                </Button>
              </div>
            )}
          </section>
          {written && <Preview request={which} />}
        </div>
      )}
    </>
  )
}
