import { RefreshCw, ShieldCheck, SquareTerminal } from 'lucide-react'
import type { ReactNode } from 'react'
import { useProviders } from '../../app/queries.ts'
import { Button } from '../../components/button.tsx'
import { Mark } from '../../components/mark.tsx'
import { t } from '../../texts.ts'
import { useConnect } from '../connect/use-connect.ts'
import './first-run.css'

const signs = [ShieldCheck, RefreshCw, SquareTerminal]

/** No account yet: what this is for, and the two ways to begin. */
export function FirstRun({ children }: { children?: ReactNode }) {
  const { first } = t.account
  const connect = useConnect()
  const providers = useProviders()
  const practice = providers.data?.find((provider) => !provider.needs_registration)
  const real = (providers.data ?? []).filter((provider) => provider.needs_registration)
  return (
    <div className="page first">
      {children}
      <h1>{first.title}</h1>
      <p className="first-lead">{first.lead}</p>
      <div className="first-ways">
        <section className="card first-way practice" aria-labelledby="first-practice">
          <div className="first-marks">
            <Mark id="practice" name="Practice" size={48} />
          </div>
          <h2 id="first-practice">{first.practiceTitle}</h2>
          <p>{first.practiceText}</p>
          <Button look="primary" isDisabled={!practice} onPress={() => practice && connect({ provider: practice.id })}>
            {first.practice}
          </Button>
        </section>
        <section className="card first-way" aria-labelledby="first-real">
          <div className="first-marks">
            {real.slice(0, 5).map((provider) => (
              <Mark key={provider.id} id={provider.id} name={provider.name} size={48} />
            ))}
          </div>
          <h2 id="first-real">{first.realTitle}</h2>
          <p>{first.realText}</p>
          <Button onPress={() => connect({})}>{first.real}</Button>
        </section>
      </div>
      <ul className="first-points">
        {first.points.map(([title, text], index) => {
          const Icon = signs[index] ?? ShieldCheck
          return (
            <li key={title}>
              <Icon size={18} aria-hidden />
              <div>
                <p className="first-point">{title}</p>
                <p className="muted small">{text}</p>
              </div>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
