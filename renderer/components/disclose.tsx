import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure'
import './disclose.css'

interface Props {
  title: string
  aside?: string
  open?: boolean
  children: ReactNode
}

/** What most people do not need, one press away. */
export function Disclose({ title, aside, open = false, children }: Props) {
  return (
    <Disclosure className="disclose" defaultExpanded={open}>
      <Button slot="trigger" className="disclose-button">
        <ChevronRight size={14} aria-hidden />
        {title}
        {aside && <span className="faint numbers">{aside}</span>}
      </Button>
      <DisclosurePanel className="disclose-panel">
        <div className="disclose-inner">{children}</div>
      </DisclosurePanel>
    </Disclosure>
  )
}
