/**
 * What the operating system tells about this computer and who sits at it. Each method calls back until what it returns is
 * called.
 */
export interface PowerEvents {
  onSuspend(listener: () => void): () => void
  onResume(listener: () => void): () => void
  onScreenLock(listener: () => void): () => void
}

const never = () => () => undefined

/** Where nobody tells: on a server, in a container. */
export const noPowerEvents: PowerEvents = { onSuspend: never, onResume: never, onScreenLock: never }
