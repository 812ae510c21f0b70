import { CircleAlert, CircleCheck, Info } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import './toast.css'

interface Toast {
  id: number
  text: string
  tone: 'good' | 'bad' | 'calm'
  link: { text: string; href: string } | null
}

let toasts: Toast[] = []
let count = 0
const listeners = new Set<() => void>()

function set(next: Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/**
 * Says in a corner that something is done or has come. Nothing that can only be acted on here is said here: a link leads
 * to where it stands anyway.
 */
export function tell(text: string, tone: Toast['tone'] = 'good', link: Toast['link'] = null): void {
  count += 1
  // The same words twice in a row are one message.
  set([...toasts.filter((it) => it.text !== text).slice(-2), { id: count, text, tone, link }])
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const icons = { good: CircleCheck, bad: CircleAlert, calm: Info }
const lasts = ({ tone, link }: Toast) => (link ? 15_000 : tone === 'bad' ? 8000 : 4000)

function ToastLine({ toast }: { toast: Toast }) {
  const end = () => set(toasts.filter((it) => it.id !== toast.id))
  // biome-ignore lint/correctness/useExhaustiveDependencies: `end` is made anew each time and always does the same.
  useEffect(() => {
    const timer = setTimeout(end, lasts(toast))
    return () => clearTimeout(timer)
  }, [toast])
  const Icon = icons[toast.tone]
  return (
    <div className={`toast ${toast.tone}`}>
      <Icon size={16} aria-hidden />
      <span dir="auto">{toast.text}</span>
      {toast.link && (
        <a href={toast.link.href} className="toast-link" onClick={end}>
          {toast.link.text}
        </a>
      )}
    </div>
  )
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  )
}
