import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react'

interface Props<T> {
  label: string
  items: readonly T[]
  idOf: (item: T) => string
  /** Pixels of one row; every row is exactly this high. */
  rowHeight: number
  render: (item: T) => ReactNode
}

/** Rows that are rendered beyond the edge, so that scrolling and Tab find them there. */
const beyond = 8

/**
 * A list that renders the rows in view alone, so that ten thousand accounts appear as fast as ten. It scrolls with the
 * place it stands in. Arrow keys, Home and End move between the rows' links.
 */
export function WindowList<T>({ label, items, idOf, rowHeight, render }: Props<T>) {
  const list = useRef<HTMLUListElement>(null)
  const [range, setRange] = useState({ from: 0, to: 24 })

  useLayoutEffect(() => {
    const element = list.current
    const scroller = element?.closest('.scroller')
    if (!element || !scroller) return
    let frame = 0
    function measure() {
      frame = 0
      if (!element || !scroller) return
      const above = scroller.getBoundingClientRect().top - element.getBoundingClientRect().top
      const from = Math.max(0, Math.floor(above / rowHeight) - beyond)
      const to = Math.max(from, Math.ceil((above + scroller.clientHeight) / rowHeight) + beyond)
      setRange((before) => (before.from === from && before.to === to ? before : { from, to }))
    }
    const soon = () => {
      frame ||= requestAnimationFrame(measure)
    }
    measure()
    scroller.addEventListener('scroll', soon, { passive: true })
    const observer = new ResizeObserver(soon)
    observer.observe(scroller)
    if (element.parentElement) observer.observe(element.parentElement)
    return () => {
      cancelAnimationFrame(frame)
      scroller.removeEventListener('scroll', soon)
      observer.disconnect()
    }
  }, [rowHeight])

  function focusRow(index: number) {
    const element = list.current
    const scroller = element?.closest('.scroller')
    if (!element || !scroller || index < 0 || index >= items.length) return
    const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + index * rowHeight
    // Room for what stands above the first row's edge and for the focus ring.
    if (top < 8) scroller.scrollBy(0, top - 8)
    else if (top + rowHeight > scroller.clientHeight - 8)
      scroller.scrollBy(0, top + rowHeight - scroller.clientHeight + 8)
    setRange((before) => ({ from: Math.min(before.from, index), to: Math.max(before.to, index + 1) }))
    requestAnimationFrame(() => element.querySelector<HTMLElement>(`[data-row="${index}"] a`)?.focus())
  }

  function onKeyDown(event: KeyboardEvent<HTMLUListElement>) {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')
    if (!row) return
    const here = Number(row.dataset.row)
    const targets: Record<string, number> = {
      ArrowDown: here + 1,
      ArrowUp: here - 1,
      Home: 0,
      End: items.length - 1,
    }
    const target = targets[event.key]
    if (target === undefined) return
    event.preventDefault()
    focusRow(target)
  }

  const shown = items.slice(range.from, range.to)
  return (
    <ul
      ref={list}
      aria-label={label}
      className="window-list"
      style={{ height: items.length * rowHeight }}
      onKeyDown={onKeyDown}
    >
      {shown.map((item, offset) => {
        const index = range.from + offset
        return (
          <li
            key={idOf(item)}
            data-row={index}
            aria-posinset={index + 1}
            aria-setsize={items.length}
            style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
          >
            {render(item)}
          </li>
        )
      })}
    </ul>
  )
}
