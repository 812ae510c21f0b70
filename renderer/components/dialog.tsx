import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { t } from '../texts.ts'
import { Button } from './button.tsx'
import './dialog.css'

interface Props {
  title: string
  /** Beside the title, for example a step count. */
  aside?: ReactNode
  isOpen: boolean
  onClose: () => void
  /** Clicking beside it does not close it: something typed would be lost. */
  keep?: boolean
  size?: 's' | 'm' | 'l'
  role?: 'dialog' | 'alertdialog'
  children: ReactNode
  footer?: ReactNode
  /** The children bring their own body and foot: a sheet whose steps change inside one dialog. */
  steps?: boolean
}

/** A modal dialog: head and foot stand still, the middle scrolls. */
export function Dialog({
  title,
  aside,
  isOpen,
  onClose,
  keep,
  size = 'm',
  role = 'dialog',
  children,
  footer,
  steps,
}: Props) {
  return (
    <ModalOverlay
      className="veil"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!keep}
      isKeyboardDismissDisabled={false}
    >
      <Modal className={`modal ${size}`}>
        <AriaDialog className="dialog" role={role}>
          <header className="dialog-head">
            <Heading slot="title" level={2} className="dialog-title" dir="auto">
              {title}
            </Heading>
            {aside}
            <AriaButton className="icon-button s" aria-label={t.common.close} onPress={onClose}>
              <X size={16} aria-hidden />
            </AriaButton>
          </header>
          {steps ? children : <div className="dialog-body">{children}</div>}
          {footer && <footer className="dialog-foot">{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

interface ConfirmProps {
  title: string
  isOpen: boolean
  onClose: () => void
  onConfirm: () => void
  submit: string
  pending?: boolean
  danger?: boolean
  /** It cannot be done (yet). */
  blocked?: boolean
  children: ReactNode
}

/** Asks before something that cannot be taken back, or that others will notice. The safe answer has the focus. */
export function Confirm({
  title,
  isOpen,
  onClose,
  onConfirm,
  submit,
  pending,
  danger,
  blocked,
  children,
}: ConfirmProps) {
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      size="s"
      role="alertdialog"
      footer={
        <>
          <Button autoFocus onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button
            look={danger ? 'danger' : 'primary'}
            isPending={pending ?? false}
            isDisabled={blocked ?? false}
            onPress={onConfirm}
          >
            {submit}
          </Button>
        </>
      }
    >
      <div className="stack muted">{children}</div>
    </Dialog>
  )
}
