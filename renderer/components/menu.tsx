import type { LucideIcon } from 'lucide-react'
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Separator } from 'react-aria-components/Separator'
import { IconButton } from './button.tsx'
import './menu.css'

export interface MenuAction {
  id: string
  text: string
  icon: LucideIcon
  danger?: boolean
  disabled?: boolean
  run: () => void
}

/** Actions behind one button. Groups are set apart by a line. */
export function ActionMenu({ label, icon, groups }: { label: string; icon: LucideIcon; groups: MenuAction[][] }) {
  const shown = groups.filter((group) => group.length > 0)
  return (
    <MenuTrigger>
      <IconButton icon={icon} label={label} className="bordered" />
      <Popover className="popover" placement="bottom end" offset={4}>
        <AriaMenu className="menu" aria-label={label}>
          {shown.flatMap((group, index) => [
            ...(index > 0 ? [<Separator key={`line-${group[0]?.id}`} className="menu-line" />] : []),
            ...group.map(({ id, text, icon: Icon, danger, disabled, run }) => (
              <MenuItem
                key={id}
                id={id}
                textValue={text}
                isDisabled={disabled ?? false}
                className={danger ? 'menu-item danger' : 'menu-item'}
                onAction={run}
              >
                <Icon size={16} aria-hidden />
                <span className="menu-text">{text}</span>
              </MenuItem>
            )),
          ])}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
