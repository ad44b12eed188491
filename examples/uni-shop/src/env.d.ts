// Types that Vite has and TypeScript lacks: single-file components, and our own VITE_ variables.

/// <reference types="vite/client" />

declare module '*.vue' {
  import type { DefineComponent } from 'vue'

  const component: DefineComponent<object, object, unknown>
  export default component
}

interface ImportMetaEnv {
  readonly VITE_BACKEND?: string
  readonly VITE_CASHDESK?: string
  readonly VITE_APPID?: string
}
