import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { program } from '../../e2e/support/requirements.ts'
import { end } from './processes.ts'

/** Debian has it where the PATH of a person does not lead. */
export const nginxFile = (): string | null => {
  process.env.PATH = `${process.env.PATH}${path.delimiter}/usr/sbin${path.delimiter}/usr/local/sbin`
  return program('nginx')
}

/** One worker with connections that are kept open on both sides, adding one header. */
export async function startNginx(file: string, folder: string, upstream: number, token: string) {
  const port = await freePort()
  const dir = path.join(folder, 'nginx')
  mkdirSync(dir)
  writeFileSync(
    path.join(dir, 'nginx.conf'),
    `daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_requests 100000000;
  upstream api {
    server 127.0.0.1:${upstream};
    keepalive 64;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://api;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Authorization "Bearer ${token}";
    }
  }
}
`,
  )
  const child = spawn(file, ['-p', dir, '-c', path.join(dir, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 2],
  })
  await answers(port, () => child.exitCode !== null)
  return { process: child, port, stop: () => end(child) }
}

async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function answers(port: number, gone: () => boolean): Promise<void> {
  for (;;) {
    if (gone()) throw new Error('nginx ended before it listened; its message stands above.')
    const connected = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (connected) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
