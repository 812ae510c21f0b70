// `npm run bench`: installs and builds if need be, then measures. See docs/performance.md.
import path from 'node:path'
import { ensureBuilt, ensureInstalled, root, runToolchain } from './setup.mjs'

ensureInstalled()
if (!process.env.LATCHKEY_BENCH_DIST) ensureBuilt()
process.exit(runToolchain([path.join(root, 'test/bench/bench.ts'), ...process.argv.slice(2)]))
