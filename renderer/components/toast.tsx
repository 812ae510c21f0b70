import { CircleAlert, CircleCheck } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import './toast.css'

interface Toast {
  id: number
  text: string
  tone: 'good' | 'bad'
}

let toasts: Toast[] = []
let count = 0
const listeners = new Set<() => void>()

function set(next: Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** Says in a corner that something is done. Nothing that has to be acted on is said here. */
export function tell(text: string, tone: Toast['tone'] = 'good'): void {
  count += 1
  // The same words twice in a row are one message.
  set([...toasts.filter((it) => it.text !== text).slice(-2), { id: count, text, tone }])
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function ToastLine({ toast }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => set(toasts.filter((it) => it.id !== toast.id)), toast.tone === 'bad' ? 8000 : 4000)
    return () => clearTimeout(timer)
  }, [toast])
  const Icon = toast.tone === 'bad' ? CircleAlert : CircleCheck
  return (
    <div className={`toast ${toast.tone}`}>
      <Icon size={16} aria-hidden />
      <span>{toast.text}</span>
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
