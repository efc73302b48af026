import { execFileSync } from 'node:child_process';

/** The child of this process with the model in it. */
export function modelProcess(): number {
  const children = execFileSync('ps', ['-ww', '-o', 'pid=,args=', '--ppid', String(process.pid)]);
  const line = children
    .toString()
    .split('\n')
    .find((child) => child.includes('embedding/pool/child.mjs'));

  return Number(line?.trim().split(' ', 1)[0]);
}
