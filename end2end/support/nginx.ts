// A real web server that asks who one is: Debian's nginx, with a folder of its own.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { freePort } from './portal';
import { ran } from './tools';

const program = '/usr/sbin/nginx';

/** A running web server. */
export interface Nginx {
  port: number;
  /** Reads its files again. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts it in a folder with `server.pem` and `server.key`, with the authorities whose certificates
 * let people in, `authorities.pem`, and their revocation lists, `lists.pem`.
 */
export async function startNginx(folder: string): Promise<Nginx> {
  if (!existsSync(program)) {
    throw new Error('nginx is missing: run `cargo xtask e2e`, which installs it');
  }
  const port = await freePort();
  await writeFile(path.join(folder, 'nginx.conf'), configuration(port));
  const log = await open(path.join(folder, 'nginx.log'), 'w');
  const child = spawn(program, ['-p', folder, '-c', 'nginx.conf'], { stdio: ['ignore', log.fd, log.fd] });
  await log.close();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  const end = Date.now() + 10_000;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > end) {
      await stop();
      throw new Error(`nginx did not start:\n${await readFile(path.join(folder, 'nginx.log'), 'utf8')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const reload = async () => {
    await ran(program, ['-p', folder, '-c', 'nginx.conf', '-s', 'reload'], folder);
  };
  return { port, reload, stop };
}

/** Each visit is a connection of its own, so that each is judged by the newest lists. */
function configuration(port: number): string {
  return `
daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
events {}
http {
  access_log off; keepalive_timeout 0;
  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
  uwsgi_temp_path t4; scgi_temp_path t5;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate server.pem;
    ssl_certificate_key server.key;
    ssl_client_certificate authorities.pem;
    ssl_verify_client on;
    ssl_verify_depth 2;
    ssl_crl lists.pem;
    ssl_session_cache off;
    ssl_session_tickets off;
    default_type text/plain;
    location / { return 200 "Welcome, $ssl_client_s_dn"; }
  }
}
`;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
