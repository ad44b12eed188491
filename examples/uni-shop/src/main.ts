// uni-app starts here: it calls this once per program.

import { createSSRApp } from 'vue'
import App from './App.vue'
// #ifdef H5
import './keyboard'
// #endif

export function createApp() {
  return { app: createSSRApp(App) }
}
