/** Something that has to keep moving. */
export interface Moving {
  /** The watch's `now` of its last movement. */
  movedAt: number
  /** The watch's own: where it is kept; -1: nowhere. */
  place: number
  /** Nothing has moved for too long. Called once. */
  stuck(): void
}

/**
 * Ends what does not move any more. One timer for all of them, and a movement costs no more than noting a number, so that
 * it can be noted for every chunk. What is stuck is found after `limit` milliseconds and at most a tenth more.
 */
export interface IdleWatch<T extends Moving> {
  /** What is watched now. */
  readonly all: readonly T[]
  /** Counts up. */
  readonly now: number
  add(it: T): void
  remove(it: T): void
}

const steps = 10

export function createIdleWatch<T extends Moving>(limit: number): IdleWatch<T> {
  // No Set: its tables outlive what was in them, and every collection would carry thousands of ended requests along.
  const watched: T[] = []
  let timer: NodeJS.Timeout | null = null
  let now = 0

  const remove = (it: T) => {
    const last = watched.at(-1)
    if (it.place === -1 || last === undefined) return
    watched[it.place] = last
    last.place = it.place
    watched.pop()
    it.place = -1
  }

  const look = () => {
    now += 1
    for (const it of [...watched]) {
      if (now - it.movedAt <= steps) continue
      remove(it)
      it.stuck()
    }
    if (watched.length > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }

  return {
    all: watched,
    get now() {
      return now
    },
    add(it) {
      it.movedAt = now
      it.place = watched.push(it) - 1
      timer ??= setInterval(look, Math.max(1, limit / steps)).unref()
    },
    remove,
  }
}
