// Other people's programs: what they are called with, what they answer.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { root } from './browser';

export interface Answer {
  code: number;
  out: string;
  err: string;
}

/** More for a program's environment. */
export type Environment = Record<string, string>;

/** Runs a program to its end, whatever the end is. */
export function tried(program: string, args: string[], cwd: string, more: Environment = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...more };
    const options = { cwd, env, timeout: 60_000, maxBuffer: 10_000_000 };
    execFile(program, args, options, (error, out, err) => {
      if (error !== null && typeof error.code !== 'number') {
        reject(error);
      } else {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      }
    });
  });
}

/** Runs a program that must succeed, and gives what it wrote. */
export async function ran(program: string, args: string[], cwd: string, more?: Environment): Promise<string> {
  const { code, out, err } = await tried(program, args, cwd, more);
  if (code !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${out}\n${err}`);
  }
  return out;
}

/** A program of the Python environment that `cargo xtask test` makes. */
export function python(program: string): string {
  const venv = process.env.CERTPORTAL_VENV ?? path.join(root, 'target/venv');
  return path.join(venv, 'bin', program);
}
