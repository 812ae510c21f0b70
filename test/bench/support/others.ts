import { readFileSync } from 'node:fs'
import os from 'node:os'
import { cpuTime } from './processes.ts'

/** Milliseconds of CPU time that all processes together have taken on all cores; null where the system does not tell. */
function machineTime(): number | null {
  try {
    // proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in user.
    const [user, nice, system, , , irq, soft, steal] = (
      /^cpu +(.+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? ''
    )
      .split(' ')
      .map(Number) as [number, number, number, number, number, number, number, number]
    return (user + nice + system + irq + soft + steal) * 10
  } catch {
    return null
  }
}

/**
 * Starts to watch how much of the machine others take. The function that it returns tells: 0 nothing, 1 all of it; null
 * where the system does not say.
 *
 * @param own The processes that are not others.
 */
export function watchOthers(own: readonly (number | undefined)[]): () => number | null {
  const mine = () => [...own, process.pid].reduce<number>((sum, pid) => sum + (cpuTime(pid) ?? 0), 0)
  const [begun, before, ownBefore] = [performance.now(), machineTime(), mine()]
  return () => {
    const after = machineTime()
    if (before === null || after === null) return null
    const capacity = (performance.now() - begun) * os.availableParallelism()
    return Math.max(0, (after - before - (mine() - ownBefore)) / capacity)
  }
}

/** Resolves when others have left the machine alone for a second, or after so many milliseconds. */
export async function quietMoment(most: number): Promise<void> {
  const until = performance.now() + most
  while (performance.now() < until) {
    const others = watchOthers([])
    await new Promise((resolve) => setTimeout(resolve, 1000))
    if ((others() ?? 0) < 0.1) return
  }
}
