import { LockKeyhole, Monitor, Moon, Sun } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import type { Practice } from '../../../shared/models.ts'
import { keys, useCall, useInfo, usePractice, useProtection, useVault } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { chooseTheme, themes, useTheme } from '../../app/theme.ts'
import { Button } from '../../components/button.tsx'
import { CopyLine } from '../../components/copy.tsx'
import { Facts } from '../../components/facts.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { EgressSettings } from '../network/egress.tsx'
import { StorageBadge } from '../vault/storage-badge.tsx'
import { ActivityLimits } from './activity-limits.tsx'
import '../../components/segments.css'
import './settings.css'

const signs = { system: Monitor, light: Sun, dark: Moon }

function Appearance() {
  const texts = t.settings
  const theme = useTheme()
  return (
    <section className="card pad setting" aria-labelledby="appearance">
      <h2 id="appearance">{texts.appearance}</h2>
      <ToggleButtonGroup
        aria-label={texts.theme}
        className="segments"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[theme]}
        onSelectionChange={(chosen) => {
          const next = themes.find((it) => chosen.has(it))
          if (next) chooseTheme(next)
        }}
      >
        {themes.map((id) => {
          const Icon = signs[id]
          return (
            <ToggleButton key={id} id={id} className="segment">
              <Icon size={15} aria-hidden />
              {texts.themes[id]}
            </ToggleButton>
          )
        })}
      </ToggleButtonGroup>
    </section>
  )
}

function Vault() {
  const vault = useVault()
  const badge = useProtection().data?.badge
  const lock = useCall('vault.lock', [keys.vault])
  if (!vault.data) return null
  const { guards, reason } = vault.data
  return (
    <section className="card pad stack" aria-labelledby="vault">
      <div className="setting">
        <h2 id="vault">{t.settings.vault}</h2>
        <div className="row wrap">
          <a href={href(paths.vault)}>{t.protection.open}</a>
          <Button icon={LockKeyhole} isPending={lock.isPending} onPress={() => lock.mutate({})}>
            {t.vault.lockNow}
          </Button>
        </div>
      </div>
      {badge ? <StorageBadge badge={badge} title="p" /> : <p className="muted small break">{reason}</p>}
      {guards.length > 0 && !guards.includes('passphrase') && <p className="faint small">{t.vault.lockNowHelp}</p>}
      {lock.isError && <ErrorNote error={lock.error} />}
    </section>
  )
}

function PracticeForm({ practice }: { practice: Practice }) {
  const texts = t.settings
  const [value, setValue] = useState(String(practice.access_token_lifetime))
  const [tried, setTried] = useState(false)
  const configure = useCall('practice.configure', [keys.practice])
  const seconds = /^\d{1,5}$/.test(value.trim()) ? Number(value) : Number.NaN
  const right = seconds >= 2 && seconds <= 86_400
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (right) configure.mutate({ access_token_lifetime: seconds }, { onSuccess: () => tell(texts.saved) })
  }
  return (
    <form onSubmit={submit} className="stack" noValidate>
      <div className="row lifetime">
        <Field
          label={texts.lifetime}
          help={texts.lifetimeHelp}
          unit={texts.seconds}
          inputMode="numeric"
          value={value}
          onChange={setValue}
          error={tried && !right ? texts.lifetimeWrong : null}
        />
        <Button type="submit" isPending={configure.isPending} isDisabled={seconds === practice.access_token_lifetime}>
          {t.common.save}
        </Button>
      </div>
      {configure.isError && <ErrorNote error={configure.error} />}
    </form>
  )
}

function PracticeSettings() {
  const texts = t.settings
  const practice = usePractice()
  if (!practice.data) return null
  const { running, issuer, api_base_url } = practice.data
  return (
    <section className="card pad stack" aria-labelledby="practice">
      <div className="row">
        <h2 id="practice">{texts.practice}</h2>
        <span className={running ? 'chip good' : 'chip'}>
          {running ? texts.practiceRunning : texts.practiceStopped}
        </span>
      </div>
      <p className="muted small">{texts.practiceHelp}</p>
      <PracticeForm practice={practice.data} />
      {running && (
        <Facts
          facts={[
            issuer === null ? null : { name: texts.issuer, value: <code>{issuer}</code> },
            api_base_url === null ? null : { name: t.providers.apiBase, value: <code>{api_base_url}</code> },
          ]}
        />
      )}
    </section>
  )
}

function About() {
  const texts = t.settings
  const info = useInfo().data
  if (!info) return null
  const off = <span className="faint">{texts.off}</span>
  return (
    <section className="card pad stack" aria-labelledby="about">
      <h2 id="about">{texts.about}</h2>
      <Facts
        facts={[
          { name: texts.version, value: `${info.name} ${info.version}` },
          { name: texts.host, value: `${texts.hosts[info.host]}, ${info.platform}` },
          { name: texts.http, value: info.http ? <CopyLine text={info.http} label={texts.http} /> : off },
          { name: texts.socket, value: info.socket ? <CopyLine text={info.socket} label={texts.socket} /> : off },
          { name: texts.profile, value: <CopyLine text={info.profile} label={texts.profile} /> },
        ]}
      />
    </section>
  )
}

export function Settings() {
  return (
    <div className="page settings">
      <header className="page-head">
        <h1>{t.settings.title}</h1>
      </header>
      <div className="stack gap">
        <Appearance />
        <Vault />
        <EgressSettings />
        <ActivityLimits />
        <PracticeSettings />
        <About />
      </div>
    </div>
  )
}
