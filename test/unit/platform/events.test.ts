import { expect, it } from 'vitest'
import { createEventBus } from '../../../electron/platform/events.ts'

it('tells every listener, in order, until it stops listening', () => {
  const bus = createEventBus<number>()
  const heard: string[] = []
  const stop = bus.on((event) => heard.push(`a${event}`))
  bus.on((event) => heard.push(`b${event}`))
  bus.emit(1)
  stop()
  stop()
  bus.emit(2)
  expect(heard).toEqual(['a1', 'b1', 'b2'])
})

it('counts the same function twice when it listens twice', () => {
  const bus = createEventBus<number>()
  const heard: number[] = []
  const listener = (event: number) => heard.push(event)
  const stop = bus.on(listener)
  bus.on(listener)
  bus.emit(1)
  stop()
  bus.emit(2)
  expect(heard).toEqual([1, 1, 2])
})

it('a listener that fails stops neither the others nor the emitter, and is not swallowed', async () => {
  const bus = createEventBus<number>()
  const heard: number[] = []
  bus.on(() => {
    throw new Error('listener broke')
  })
  bus.on((event) => heard.push(event))
  const usual = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  const surfaced = new Promise<unknown>((resolve) => process.once('uncaughtException', resolve))
  try {
    bus.emit(1)
    expect(heard).toEqual([1])
    expect(await surfaced).toMatchObject({ message: 'listener broke' })
  } finally {
    process.removeAllListeners('uncaughtException')
    for (const listener of usual) process.on('uncaughtException', listener)
  }
})

it('a listener added while an event is told hears the next one', () => {
  const bus = createEventBus<number>()
  const heard: number[] = []
  bus.on((event) => {
    if (event === 1) bus.on((next) => heard.push(next))
  })
  bus.emit(1)
  bus.emit(2)
  expect(heard).toEqual([2])
})
