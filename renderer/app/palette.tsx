import { AppWindow, LockKeyhole, type LucideIcon, Plus, RefreshCw, Search, ShieldCheck, SunMoon } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Dialog } from 'react-aria-components/Dialog'
import { Header } from 'react-aria-components/Header'
import { Input } from 'react-aria-components/Input'
import { Menu, MenuItem, MenuSection } from 'react-aria-components/Menu'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { SearchField } from 'react-aria-components/SearchField'
import { useLocation } from 'wouter'
import { errorOf } from '../client.ts'
import { Mark } from '../components/mark.tsx'
import { plainLine } from '../components/plain-text.ts'
import { tell } from '../components/toast.tsx'
import { fits, needsYou } from '../features/accounts/need.ts'
import { useConnect } from '../features/connect/use-connect.ts'
import { t } from '../texts.ts'
import { keys, useAccounts, useApps, useCall, useProviders } from './queries.ts'
import { places } from './rail.tsx'
import { paths } from './routes.ts'
import { chooseTheme, themes } from './theme.ts'
import './palette.css'

interface Item {
  id: string
  text: string
  help?: string
  icon?: LucideIcon
  mark?: { id: string; name: string }
  run: () => void
}

/** How well the best of them fits: its name begins with the words, holds them, or something else about it does. */
function distance(items: Item[], words: string): number {
  return Math.min(
    ...items.map(({ text }) => {
      const at = text.toLocaleLowerCase().indexOf(words)
      return at === 0 ? 0 : at > 0 ? 1 : 2
    }),
  )
}

function useItems(query: string, close: () => void): { title: string; items: Item[] }[] {
  const [, navigate] = useLocation()
  const connect = useConnect()
  const accounts = useAccounts()
  const providers = useProviders()
  const apps = useApps()
  const lock = useCall('vault.lock', [keys.vault])
  const refresh = useCall('accounts.refresh', [keys.accounts, ['account']])
  return useMemo(() => {
    const words = query.trim().toLocaleLowerCase()
    const named = (item: Item) => item.text.toLocaleLowerCase().includes(words)
    const run = (action: () => void) => () => {
      close()
      action()
    }
    const all = accounts.data ?? []
    const found = all.filter((account) => fits(account, words)).slice(0, 8)
    const go: Item[] = places.map(({ path, text, icon }) => ({ id: path, text, icon, run: run(() => navigate(path)) }))
    const practice = providers.data?.find((it) => !it.needs_registration)
    const actions: Item[] = [
      { id: 'connect', text: t.palette.connect, icon: Plus, run: run(() => connect({})) },
      ...(practice
        ? [
            {
              id: 'connect-practice',
              text: t.palette.connectPractice,
              icon: Plus,
              run: run(() => connect({ provider: practice.id })),
            },
          ]
        : []),
      ...found
        .filter((account) => account.status.state !== 'disabled' && (words !== '' || needsYou(account)))
        .map((account) =>
          needsYou(account)
            ? {
                id: `again:${account.id}`,
                text: t.palette.reconnect(account.alias),
                icon: RefreshCw,
                run: run(() => connect({ account: account.id })),
              }
            : {
                id: `refresh:${account.id}`,
                text: t.palette.refresh(account.alias),
                icon: RefreshCw,
                run: run(() =>
                  refresh.mutate(
                    { account: account.id },
                    {
                      onSuccess: () => tell(t.account.done.refreshed),
                      onError: (error) => tell(errorOf(error).message, 'bad'),
                    },
                  ),
                ),
              },
        ),
      ...themes.map((theme) => ({
        id: `theme:${theme}`,
        text: t.palette.theme(t.settings.themes[theme]),
        icon: SunMoon,
        run: run(() => chooseTheme(theme)),
      })),
      { id: 'vault', text: t.palette.vault, icon: ShieldCheck, run: run(() => navigate(paths.vault)) },
      { id: 'lock', text: t.palette.lock, icon: LockKeyhole, run: run(() => lock.mutate({})) },
    ]
    const list: Item[] = found.map((account) => ({
      id: account.id,
      text: account.alias,
      help: account.identity?.email ?? account.identity?.username ?? account.provider_name,
      mark: { id: account.provider_id, name: account.provider_name },
      run: run(() => navigate(paths.account(account.id))),
    }))
    const programs: Item[] = (apps.data ?? []).map((app) => ({
      id: app.id,
      text: plainLine(app.name),
      icon: AppWindow,
      run: run(() => navigate(paths.app(app.id))),
    }))
    const sections = [
      { title: t.palette.accounts, items: words === '' ? list.slice(0, 5) : list },
      { title: t.palette.go, items: go.filter(named) },
      { title: t.apps.title, items: words === '' ? [] : programs.filter(named).slice(0, 8) },
      { title: t.palette.actions, items: actions.filter((it) => (words === '' ? !it.id.includes(':') : named(it))) },
    ].filter((section) => section.items.length > 0)
    return words === '' ? sections : sections.sort((a, b) => distance(a.items, words) - distance(b.items, words))
  }, [query, close, navigate, connect, accounts.data, providers.data, apps.data, lock.mutate, refresh.mutate])
}

function Content({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('')
  const sections = useItems(query, onClose)
  return (
    <Autocomplete inputValue={query} onInputChange={setQuery}>
      <SearchField className="palette-field" aria-label={t.palette.title} autoFocus>
        <Search size={18} aria-hidden />
        <Input className="palette-input" placeholder={t.palette.placeholder} dir="auto" />
      </SearchField>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there */}
      <section className="palette-list" tabIndex={0} aria-label={t.palette.results}>
        <Menu
          className="palette-menu"
          aria-label={t.palette.title}
          renderEmptyState={() => <p className="palette-empty">{t.palette.empty}</p>}
        >
          {sections.map((section) => (
            <MenuSection key={section.title} id={section.title}>
              <Header className="palette-section">{section.title}</Header>
              {section.items.map(({ id, text, help, icon: Icon, mark, run }) => (
                <MenuItem key={id} id={id} textValue={text} className="menu-item palette-item" onAction={run}>
                  {mark ? <Mark {...mark} size={20} /> : Icon && <Icon size={16} aria-hidden />}
                  <span className="menu-text clip" dir="auto">
                    {text}
                  </span>
                  {help && (
                    <span className="palette-help clip" dir="auto">
                      {help}
                    </span>
                  )}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </Menu>
      </section>
    </Autocomplete>
  )
}

/** Everything by name: places, accounts, actions. */
export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <ModalOverlay
      className="veil palette-veil"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
    >
      <Modal className="modal m palette">
        <Dialog className="dialog" aria-label={t.palette.title}>
          <Content onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
