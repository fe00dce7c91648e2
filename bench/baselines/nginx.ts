// Writes a configuration for nginx and starts it: bare on a folder, and in front of our server with X-Accel-Redirect.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../scripts/start/ports.ts'

export type Nginx = { bare: string; front: string; child: ChildProcess }

export function findNginx(): string | undefined {
  return [process.env['NGINX_PATH'] ?? '', '/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'].find((path) => path !== '' && existsSync(path))
}

/** `files` is the folder of our storage; `upstream` our server, told NGINX_ACCEL=/kept. */
export async function startNginx(program: string, files: string, upstream: string): Promise<Nginx> {
  const [bare, front, folder] = [await freePort(), await freePort(), mkdtempSync(join(tmpdir(), 'shuyuan-nginx-'))]
  const conf = join(folder, 'nginx.conf')
  writeFileSync(conf, configuration(folder, files, upstream, bare, front))
  const child = spawn(program, ['-c', conf, '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
  for (let tries = 0; ; tries += 1) {
    if (child.exitCode !== null || tries > 100) throw new Error('nginx did not start')
    if (await fetch(`http://127.0.0.1:${bare}/`).then(() => true, () => false)) break
    await sleep(50)
  }
  child.once('exit', () => undefined)
  return { bare: `http://127.0.0.1:${bare}`, front: `http://127.0.0.1:${front}`, child }
}

function configuration(folder: string, files: string, upstream: string, bare: number, front: number): string {
  return `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000;
  open_file_cache max=2000;
  types { video/mp2t ts; }
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  upstream ours { server ${new URL(upstream).host}; keepalive 32; keepalive_requests 1000000; }
  server { listen 127.0.0.1:${bare}; root ${files}; }
  server {
    listen 127.0.0.1:${front};
    location /kept/ { internal; alias ${files}/; }
    location / { proxy_pass http://ours; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; }
  }
}
`
}

/** nginx ends its workers with it. */
export async function stopNginx({ child }: Nginx): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
