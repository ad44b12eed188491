// WeChat users. Each user has a different openid under every mini program (miniprogram-server-api §1).

import { createHash } from 'node:crypto'
import type { Journal } from './kept/journal.ts'
import type { Part } from './kept/part.ts'

export interface Person {
  name: string
  /** appid → openid. */
  openids: Record<string, string>
}

export interface People extends Part<readonly string[]> {
  all(): readonly Person[]
  /** The person with this openid, and the appid that it belongs to. */
  find(openid: string): { person: Person; appid: string } | undefined
  /** Adds a user. The same name always has the same openids. */
  add(name: string): Person
}

/** The unionid: one person has the same one under all mini programs of an Open Platform account (miniprogram-server-api §7). */
export function unionidOf({ name }: Person): string {
  return openidOf('unionid', name)
}

const FIRST = ['小明', '小红']

export function createPeople(appids: readonly string[], journal: Journal): People {
  const people = new Map<string, Person>()
  const byOpenid = new Map<string, { person: Person; appid: string }>()

  const add = (name: string): Person => {
    const known = people.get(name)
    if (known) return known
    const person: Person = { name, openids: Object.fromEntries(appids.map((appid) => [appid, openidOf(appid, name)])) }
    people.set(name, person)
    journal.put('people', name)
    for (const [appid, openid] of Object.entries(person.openids)) byOpenid.set(openid, { person, appid })
    return person
  }
  const reset = (): void => {
    people.clear()
    byOpenid.clear()
    for (const name of FIRST) add(name)
  }
  reset()
  return {
    all: () => [...people.values()],
    find: (openid) => byOpenid.get(openid),
    add,
    save: () => [...people.keys()],
    restore(names) {
      for (const name of names) add(name)
    },
    reset,
  }
}

/** 28 characters starting with `o`, like real openids. It is derived from appid and name, so it is the same after a restart. */
function openidOf(appid: string, name: string): string {
  return `o${createHash('sha256').update(`${appid}\n${name}`).digest('base64url').slice(0, 27)}`
}
