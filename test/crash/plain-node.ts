import { registerHooks } from 'node:module'

/**
 * Loaded before anything else (`--import`), so that Node can run Latchkey's own code as it stands: the one thing in it
 * that only Vite understands is how the catalogue finds what ships. This test makes a catalogue of its own.
 */
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith('/electron/providers/catalogue.ts')) return loaded
    return { ...loaded, source: String(loaded.source).replace(/import\.meta\.glob<\w+>\([^)]*\)/, '{}') }
  },
})
