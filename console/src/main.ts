// The start of the console.
import { provideGlobalConfig } from 'element-plus'
import en from 'element-plus/es/locale/lang/en'
import zhCn from 'element-plus/es/locale/lang/zh-cn'
import { createApp, type App as VueApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import App from './App.vue'
import './parts/elements.css'
import './parts/tokens.css'
import './parts/dress.css'
import { startTheme } from './parts/theme.ts'
import { language } from './phrases/both.ts'
import { records } from './shell/pages.ts'

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
startTheme()
const router = createRouter({ history: createWebHistory('/console/'), routes: records, scrollBehavior: () => ({ top: 0 }) })
/** The workspace holds two Vues; the types of Element Plus come from the other, the code from this one. */
const dress = { install: (app: VueApp) => void provideGlobalConfig({ locale: language === 'zh' ? zhCn : en }, app as unknown as Parameters<typeof provideGlobalConfig>[1], true) }
createApp(App).use(router).use(dress).mount('#app')
