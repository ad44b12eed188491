// With `sudo`, which port 443 needs, root writes the files. They are given to the user who called sudo, who must read them, and start without sudo next time.

import { chownSync, fchownSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Owner {
  uid: number
  gid: number
}

/** Who called sudo; undefined when nobody did. `uid` is the process's own. */
export function sudoCaller(env: Readonly<Record<string, string | undefined>>, uid: number | undefined): Owner | undefined {
  const caller = { uid: Number(env['SUDO_UID']), gid: Number(env['SUDO_GID']) }
  return uid === 0 && caller.uid > 0 && Number.isInteger(caller.uid) && Number.isInteger(caller.gid) ? caller : undefined
}

/** Gives the folder and its files to the owner, as far as they are root's. */
export function giveFolder(dir: string, owner: Owner): void {
  for (const path of [dir, ...readdirSync(dir).map((name) => join(dir, name))]) {
    if (statSync(path).uid === 0) chownSync(path, owner.uid, owner.gid)
  }
}

export function giveFile(fd: number, owner: Owner): void {
  fchownSync(fd, owner.uid, owner.gid)
}
