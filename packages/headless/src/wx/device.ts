// The values that wx gives for device, program and launch. The device is fictitious; its brand and model are cashdesk headless.

import type { Realm } from '../program/realm.ts'

export interface Launch {
  path: string
  query: Record<string, string>
  scene: number
  referrerInfo: object
}

export interface DeviceOptions {
  realm: Realm
  appid: string
  ext: object
  launch(): Launch
}

const WINDOW = {
  pixelRatio: 2,
  screenWidth: 375,
  screenHeight: 812,
  windowWidth: 375,
  windowHeight: 724,
  statusBarHeight: 44,
  screenTop: 88,
}
const SAFE_AREA = { left: 0, right: 375, top: 44, bottom: 778, width: 375, height: 734 }
const DEVICE = { brand: 'cashdesk', model: 'headless', system: 'Node.js', platform: 'devtools', abi: '', benchmarkLevel: 1 }
const BASE = { SDKVersion: '3.9.0', version: '8.0.60', language: 'zh_CN', theme: 'light', enableDebug: false, fontSizeSetting: 16 }
const SETTINGS = { bluetoothEnabled: false, locationEnabled: false, wifiEnabled: true, deviceOrientation: 'portrait' }

export function deviceSync({ realm, appid, ext, launch }: DeviceOptions): Record<string, (...values: unknown[]) => unknown> {
  const telling = (value: object): (() => unknown) => {
    return () => realm.copy(value)
  }
  const windowInfo = { ...WINDOW, safeArea: SAFE_AREA }
  return {
    getWindowInfo: telling(windowInfo),
    getDeviceInfo: telling(DEVICE),
    getAppBaseInfo: telling(BASE),
    getSystemSetting: telling(SETTINGS),
    getAppAuthorizeSetting: telling({}),
    getSystemInfoSync: telling({ ...DEVICE, ...BASE, ...windowInfo, ...SETTINGS }),
    getMenuButtonBoundingClientRect: telling({ left: 281, right: 368, top: 48, bottom: 80, width: 87, height: 32 }),
    getAccountInfoSync: telling({ miniProgram: { appId: appid, envVersion: 'develop', version: '' } }),
    getExtConfigSync: telling(ext),
    getLaunchOptionsSync: () => realm.copy(launch()),
    getEnterOptionsSync: () => realm.copy(launch()),
  }
}
