// Runs the emulator on sockets of 127.0.0.1, with its keys in a folder so that they survive a restart.

import { buildEmulator, type Emulator, type EmulatorOptions } from './emulator.ts'
import { loadKeys } from './files/keys-file.ts'
import { loadMerchants } from './files/merchant-keys-file.ts'
import { giveFolder, type Owner } from './files/owner.ts'
import { readState } from './files/read-state.ts'
import { writeSettings } from './files/settings-files.ts'
import { openStateFile, type StateFile } from './files/state-file.ts'
import { loadTls } from './files/tls-files.ts'
import { emulatorRules } from './http/emulator-rules.ts'
import { listen } from './listen.ts'

export interface StartOptions extends EmulatorOptions {
  /** The port; 8900 when absent, and 0 picks a free one. */
  port?: number
  /** The port for TLS, if TLS is wanted; 0 picks a free one. The CA certificate to trust is `RunningEmulator.ca_cert`, and `ca.pem` in `dir`. */
  tlsPort?: number
  /** The folder for keys and emulator.json. Without it nothing is written to disk. */
  dir?: string
  /** The state file: read at the start, if it exists, and written as things happen. */
  stateFile?: string
  /**
   * A file with more merchants:
   * `{"merchants": [{"mchid", "apps": [{"appid", "app_secret"?}], "sub_merchants"?, "keys"?, "merchant_cert_path"?, "api_v3_key"?, "api_v2_key"?}]}`.
   */
  merchantsFile?: string
  /** Who gets the files in `dir` and the state file when root writes them: see `sudoCaller`. */
  owner?: Owner | undefined
  /** More names of this machine, without port, under which the control API answers. Loopback names are always allowed. */
  allowedHosts?: readonly string[] | undefined
}

export interface RunningEmulator {
  url: string
  /** The same emulator over TLS, when `tlsPort` was given, and the CA certificate to trust for it, as PEM. */
  tls?: { url: string; ca_cert: string }
  emulator: Emulator
  close(): Promise<void>
}

export const DEFAULT_PORT = 8900
export const DEFAULT_TLS_PORT = 8943

export async function startEmulator(options: StartOptions = {}): Promise<RunningEmulator> {
  const { dir, stateFile, merchantsFile, tlsPort, clock, random, owner } = options
  const rules = emulatorRules(options.allowedHosts)
  const keys = options.keys ?? (dir === undefined ? undefined : await loadKeys(dir, clock, random))
  const { emulator, handle, keep } = await buildEmulator({
    ...options,
    ...(keys && { keys }),
    ...(merchantsFile !== undefined && { merchants: await loadMerchants(merchantsFile, dir, clock, random) }),
    ...(stateFile !== undefined && { state: readState(stateFile) }),
  })

  const plain = await listen(handle, options.port ?? DEFAULT_PORT, rules)
  // The state file is opened only after the port is ours: a second emulator that finds the port taken must not touch the state of the running one.
  const file = stateFile === undefined ? undefined : openStateFile(stateFile, emulator.state, { owner })
  if (file) keep(outspoken(file))
  emulator.settings.base_url = plain.url
  const tlsKeys = tlsPort === undefined ? undefined : await loadTls(dir, clock)
  const secure = tlsKeys && (await listen(handle, tlsPort ?? DEFAULT_TLS_PORT, rules, tlsKeys))
  if (secure) emulator.settings.tls_url = secure.url
  if (dir !== undefined) await writeSettings(dir, emulator.settings)
  if (dir !== undefined && owner) giveFolder(dir, owner)

  return {
    url: plain.url,
    ...(secure && { tls: { url: secure.url, ca_cert: tlsKeys.ca_cert } }),
    emulator,
    async close() {
      await Promise.all([plain.close(), secure?.close()])
      keep(undefined)
      file?.renew()
      file?.close()
    },
  }
}

/** Reports on standard error that the state cannot be written: once, and again only after a write has succeeded. */
function outspoken({ write, renew }: StateFile): Pick<StateFile, 'write' | 'renew'> {
  let said = false
  const attempt = (act: () => void): void => {
    try {
      act()
      said = false
    } catch (error) {
      if (!said) console.error(error instanceof Error ? error.message : error)
      said = true
      throw error
    }
  }
  return { write: (changes) => attempt(() => write(changes)), renew: () => attempt(renew) }
}
