import { useState } from 'react'
import { CheckLine } from '../../components/checks.tsx'
import { ChoiceCards } from '../../components/choice-cards.tsx'
import { Disclose } from '../../components/disclose.tsx'
import { Field } from '../../components/field.tsx'
import { t } from '../../texts.ts'
import { at, idFrom, put, textAt } from './definition.ts'
import { ChecksAt, ChoiceAt, ListAt, PairsAt, Section, TextAt, useEditing } from './form-parts.tsx'
import { Scopes } from './scopes.tsx'

function About({ isNew }: { isNew: boolean }) {
  const texts = t.providersEdit
  const { draft, set, error } = useEditing()
  return (
    <Section id="about" title={texts.about}>
      <div className="edit-pair">
        <Field
          label={texts.name}
          value={textAt(draft, 'name')}
          onChange={(name) =>
            set((before) => {
              // A new one's id follows its name until somebody writes another.
              const follows = isNew && textAt(before, 'id') === idFrom(textAt(before, 'name'))
              return { ...before, name, ...(follows ? { id: idFrom(name) } : {}) }
            })
          }
          error={error('name')}
          maxLength={200}
          autoComplete="off"
        />
        <Field
          label={texts.id}
          help={isNew ? texts.idHelp : texts.idFixed}
          mono
          isReadOnly={!isNew}
          value={textAt(draft, 'id')}
          onChange={(id) => set((before) => ({ ...before, id }))}
          error={error('id')}
          maxLength={100}
          autoComplete="off"
          spellCheck="false"
        />
      </div>
      <TextAt path="description" label={texts.description} lines={2} />
      <div className="edit-pair">
        <ChoiceAt path="category" label={texts.category} texts={t.providers.categories} />
        <TextAt path="console_url" label={texts.console} help={texts.consoleHelp} optional mono />
      </div>
      <TextAt path="documentation_url" label={texts.documentation} optional mono />
    </Section>
  )
}

const mainEndpoints = ['authorization', 'token', 'userinfo'] as const
const otherEndpoints = [
  'revocation',
  'introspection',
  'device_authorization',
  'pushed_authorization_request',
  'registration',
] as const

function Where() {
  const texts = t.providersEdit
  const { draft, set } = useEditing()
  // What the other way held comes back when one changes one's mind.
  const [kept, keep] = useState<{ issuer?: unknown; discovery?: unknown; endpoints?: unknown }>({})
  const way = draft.issuer === undefined ? 'hand' : 'issuer'
  function choose(next: string) {
    if (next === way) return
    const { issuer, discovery, endpoints, ...others } = draft
    keep({ ...kept, ...(way === 'issuer' ? { issuer, discovery } : { endpoints }) })
    set(() =>
      next === 'issuer'
        ? { ...others, issuer: kept.issuer ?? '', discovery: kept.discovery ?? 'oidc' }
        : { ...others, endpoints: kept.endpoints ?? { authorization: '', token: '' } },
    )
  }
  return (
    <Section id="where" title={texts.where}>
      <ChoiceCards
        label={texts.whereHow}
        cards={[
          { id: 'issuer', title: texts.byIssuer },
          { id: 'hand', title: texts.byHand },
        ]}
        value={way}
        onChange={choose}
      />
      {way === 'issuer' ? (
        <div className="edit-pair" key="issuer">
          <TextAt path="issuer" label={texts.issuer} mono placeholder="https://login.example.com" />
          <ChoiceAt path="discovery" label={texts.discovery} texts={texts.discoveries} />
        </div>
      ) : (
        <div className="stack" key="hand">
          {mainEndpoints.map((name) => (
            <TextAt
              key={name}
              path={`endpoints.${name}`}
              label={texts.endpoints[name]}
              mono
              optional={name === 'userinfo'}
            />
          ))}
          <Disclose title={texts.endpointsMore} open={otherEndpoints.some((it) => at(draft, `endpoints.${it}`))}>
            <div className="stack">
              {otherEndpoints.map((name) => (
                <TextAt key={name} path={`endpoints.${name}`} label={texts.endpoints[name]} mono optional />
              ))}
            </div>
          </Disclose>
        </div>
      )}
    </Section>
  )
}

function SignIn() {
  const texts = t.providersEdit
  const { draft, set, error } = useEditing()
  const port = at(draft, 'redirect.port')
  return (
    <Section id="signin" title={texts.signIn}>
      <ChecksAt
        path="grants"
        label={texts.grants}
        help={texts.grantsHelp}
        texts={texts.grantNames}
        absent={['authorization_code']}
      />
      <ChecksAt
        path="client_authentication"
        label={texts.authentication}
        help={texts.authenticationHelp}
        texts={texts.authenticationNames}
      />
      <div className="edit-pair">
        <ChoiceAt path="pkce" label={texts.pkce} texts={texts.pkces} />
        <ChoiceAt path="scope_separator" label={texts.separator} texts={texts.separators} />
        <ChoiceAt path="authorization.par" label={texts.par} texts={texts.pars} absent="auto" />
        <ChoiceAt path="dpop" label={texts.dpop} texts={texts.dpops} absent="none" />
        <ChoiceAt path="sign_in.via" label={texts.via} texts={texts.vias} />
        <ChoiceAt
          path="redirect.host"
          label={texts.redirectHost}
          texts={{ '127.0.0.1': '127.0.0.1', localhost: 'localhost' }}
        />
        <Field
          label={texts.redirectPort}
          help={texts.redirectPortHelp}
          optional
          inputMode="numeric"
          value={port === null || port === undefined ? '' : String(port)}
          onChange={(text) =>
            set((before) =>
              put(before, 'redirect.port', text.trim() === '' ? null : /^\d+$/.test(text.trim()) ? Number(text) : text),
            )
          }
          error={error('redirect.port') === null ? null : texts.redirectPortWrong}
        />
      </div>
      <PairsAt path="authorization_parameters" label={texts.parameters} help={texts.parametersHelp} />
    </Section>
  )
}

function Api() {
  const texts = t.providersEdit
  const { draft, set } = useEditing()
  return (
    <Section id="api" title={texts.api}>
      <TextAt path="api.base_url" label={texts.baseUrl} help={texts.baseUrlHelp} optional mono />
      <ListAt path="api.hosts" label={texts.hosts} help={texts.hostsHelp} />
      <div className="edit-pair">
        <TextAt path="api.header.name" label={texts.headerName} mono />
        <TextAt path="api.header.prefix" label={texts.headerPrefix} help={texts.headerPrefixHelp} mono />
      </div>
      <CheckLine
        isSelected={at(draft, 'api.private_network') === true}
        onChange={(on) => set((before) => put(before, 'api.private_network', on))}
      >
        {texts.private}
      </CheckLine>
    </Section>
  )
}

function Identity() {
  const texts = t.providersEdit
  return (
    <Section id="identity" title={texts.identity}>
      <ChecksAt path="identity.sources" label={texts.identitySources} texts={texts.identitySourceNames} />
      <p className="field-help">{texts.claimHelp}</p>
      <div className="edit-pair">
        <ListAt path="identity.subject" label={texts.claims.subject} />
        <ListAt path="identity.name" label={texts.claims.name} optional />
        <ListAt path="identity.username" label={texts.claims.username} optional />
        <ListAt path="identity.email" label={texts.claims.email} optional />
      </div>
    </Section>
  )
}

/** The important parts of a definition. The rest is in the JSON. */
export function DefinitionForm({ isNew }: { isNew: boolean }) {
  const texts = t.providersEdit
  return (
    <div className="stack gap">
      <About isNew={isNew} />
      <Where />
      <SignIn />
      <Scopes />
      <Api />
      <Identity />
      <Section id="help" title={texts.help}>
        <ListAt path="setup_steps" label={texts.setupSteps} help={texts.linesHelp} by="lines" />
        <ListAt path="notices" label={texts.notices} help={texts.linesHelp} by="lines" />
      </Section>
    </div>
  )
}
