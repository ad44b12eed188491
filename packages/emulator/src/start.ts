// The emulator on sockets of 127.0.0.1, with its keys in a folder so that they survive a restart.

import { buildEmulator, type Emulator, type EmulatorOptions } from './emulator.ts'
import { loadKeys } from './files/keys-file.ts'
import { loadMerchants } from './files/merchant-keys-file.ts'
import { readState } from './files/read-state.ts'
import { writeSettings } from './files/settings-files.ts'
import { openStateFile, type StateFile } from './files/state-file.ts'
import { loadTls } from './files/tls-files.ts'
import { emulatorRules } from './http/emulator-rules.ts'
import { listen } from './listen.ts'

export interface StartOptions extends EmulatorOptions {
  /** 8900 when absent; 0 picks a free one. */
  port?: number
  /** Also speaks TLS, on this port; 0 picks a free one. Its authority is `RunningEmulator.ca_cert`, and `ca.pem` in `dir`. */
  tlsPort?: number
  /** Where keys are kept and emulator.json is written. Without it nothing touches the disk. */
  dir?: string
  /** What happened is read from this file at the start, if there is one, and written to it as it happens. */
  stateFile?: string
  /** More merchants: `{"merchants": [{"mchid", "apps": [{"appid", "app_secret"?}], "sub_merchants"?, "merchant_cert_path"?, "api_v3_key"?, "api_v2_key"?}]}`. */
  merchantsFile?: string
  /** More names of this machine, without port, under which the control API answers. Loopback names are always right. */
  allowedHosts?: readonly string[] | undefined
}

export interface RunningEmulator {
  url: string
  /** The same WeChat over TLS, when `tlsPort` was given, and the authority to trust for it, as PEM. */
  tls?: { url: string; ca_cert: string }
  emulator: Emulator
  close(): Promise<void>
}

export const DEFAULT_PORT = 8900
export const DEFAULT_TLS_PORT = 8943

export async function startEmulator(options: StartOptions = {}): Promise<RunningEmulator> {
  const { dir, stateFile, merchantsFile, tlsPort, clock, random } = options
  const rules = emulatorRules(options.allowedHosts)
  const keys = options.keys ?? (dir === undefined ? undefined : await loadKeys(dir, clock, random))
  const { emulator, handle, keep } = await buildEmulator({
    ...options,
    ...(keys && { keys }),
    ...(merchantsFile !== undefined && { merchants: await loadMerchants(merchantsFile, dir, clock, random) }),
    ...(stateFile !== undefined && { state: readState(stateFile) }),
  })

  const plain = await listen(handle, options.port ?? DEFAULT_PORT, rules)
  // Only now: whoever finds the port taken leaves the state of the one who has it alone.
  const file = stateFile === undefined ? undefined : openStateFile(stateFile, emulator.state)
  if (file) keep(outspoken(file))
  emulator.settings.base_url = plain.url
  const tlsKeys = tlsPort === undefined ? undefined : await loadTls(dir, clock)
  const secure = tlsKeys && (await listen(handle, tlsPort ?? DEFAULT_TLS_PORT, rules, tlsKeys))
  if (secure) emulator.settings.tls_url = secure.url
  if (dir !== undefined) await writeSettings(dir, emulator.settings)

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

/** Says on standard error that the state cannot be written: once, until it can again. */
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
