import fs from 'node:fs'

/**
 * What a host does before anything else, because it will hold secrets in memory (docs/electron-security.md). Does what
 * the operating system allows a process to do to itself, and never throws.
 */
export function hardenProcess(): void {
  keepInspectorShut()
  keepMemoryOutOfCoreDumps()
}

/**
 * Node opens its inspector in a running process that gets SIGUSR1 (nodejs.org/api/process.html, signal events): whoever
 * may send it could then read all memory. A listener takes the signal's place. Node on Windows has another way in, which
 * only `--disable-sigusr1` closes.
 */
function keepInspectorShut(): void {
  process.on('SIGUSR1', () => undefined)
}

/**
 * Linux writes into a core dump what this mask names (core(5)): nothing of ours. The other systems write none unless the
 * person has asked for them, and have no such mask.
 */
function keepMemoryOutOfCoreDumps(): void {
  if (process.platform !== 'linux') return
  try {
    fs.writeFileSync('/proc/self/coredump_filter', '0')
  } catch {
    // A kernel without core dumps has no such file.
  }
}
