/**
 * Node's own modules, for what every command needs. An `import` of one of them reads all that it exports, and with that
 * loads what stands behind: streams, workers, readline. It takes as long as half of Node's own start (Node 20.16 and newer
 * have this way around it).
 */
export const fs = process.getBuiltinModule('node:fs')
export const util = process.getBuiltinModule('node:util')
export const module = process.getBuiltinModule('node:module')
export const http = (): typeof import('node:http') => process.getBuiltinModule('node:http')
