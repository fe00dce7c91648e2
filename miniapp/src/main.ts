// Starts the app on whichever platform it was built for.
import { createSSRApp } from 'vue'
import App from './App.vue'
import { actByKeys } from './platform/reach'

export function createApp() {
  actByKeys()
  return { app: createSSRApp(App) }
}
