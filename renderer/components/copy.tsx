import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { t } from '../texts.ts'
import { Button, IconButton } from './button.tsx'
import { tell } from './toast.tsx'
import './copy.css'

/** Copies what is not secret, and says that it did. Secrets never reach this page. */
function useCopy(text: string) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])
  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      tell(t.common.copied)
    } catch {
      tell(t.common.copyFailed, 'bad')
    }
  }
  return { copied, copy }
}

export function CopyIcon({ text, label }: { text: string; label: string }) {
  const { copied, copy } = useCopy(text)
  return <IconButton size="s" icon={copied ? Check : Copy} label={label} onPress={copy} />
}

export function CopyButton({ text, children, isDisabled }: { text: string; children: string; isDisabled?: boolean }) {
  const { copied, copy } = useCopy(text)
  return (
    <Button size="s" icon={copied ? Check : Copy} onPress={copy} isDisabled={isDisabled ?? false}>
      {children}
    </Button>
  )
}

/** A value to be carried elsewhere exactly as it is. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  return (
    <div className="copy-line">
      <code dir="ltr">{text}</code>
      <CopyIcon text={text} label={`${t.common.copy}: ${label}`} />
    </div>
  )
}
