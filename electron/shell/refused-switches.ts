/**
 * Switches of Chromium with which whoever starts the app could look into it or take its protection off: the page's
 * debugger, foreign code, certificates that are not checked, names that lead elsewhere, keys and traffic written to files,
 * other programs in place of the app's own processes. The main process's own debugger is off by a fuse.
 */
export const refusedSwitches: readonly string[] = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-socket-name',
  'auto-open-devtools-for-tabs',
  'js-flags',
  'load-extension',
  'disable-web-security',
  'disable-site-isolation-trials',
  'allow-running-insecure-content',
  'unsafely-treat-insecure-origin-as-secure',
  'enable-blink-features',
  'ignore-certificate-errors',
  'ignore-certificate-errors-spki-list',
  'host-rules',
  'host-resolver-rules',
  'ssl-key-log-file',
  'log-net-log',
  'browser-subprocess-path',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
]
