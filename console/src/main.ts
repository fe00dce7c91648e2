// The start of the console.
import ElementPlus from 'element-plus'
import 'element-plus/dist/index.css'
import en from 'element-plus/es/locale/lang/en'
import zhCn from 'element-plus/es/locale/lang/zh-cn'
import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import App from './App.vue'
import './parts/tokens.css'
import { language } from './phrases/both.ts'
import { records } from './shell/pages.ts'

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
const router = createRouter({ history: createWebHistory('/console/'), routes: records, scrollBehavior: () => ({ top: 0 }) })
const locale = language === 'zh' ? zhCn : en
/** The workspace holds two Vues; the types of Element Plus come from the other, the code from this one. */
const elements = { install: (app: object) => ElementPlus.install(app as Parameters<typeof ElementPlus.install>[0], { locale }) }
createApp(App).use(router).use(elements).mount('#app')
