// The look of the sandbox's pages: paper and ink, and on every page the words that this is not WeChat.
import type { Markup } from './markup.ts'
import { html } from './markup.ts'

export type Sheet = { title: string; width: 'phone' | 'desk'; refreshSeconds?: number; body: Markup }

const STYLE: Markup = { markup: `
:root{--page:#FAF8F5;--card:#fff;--ink:#1F1D1A;--second:#6B665E;--line:#ECE7DF;--cinnabar:#C8402F;--celadon:#3B7A6B;--amber:#8F5C12;--serif:"Songti SC","Noto Serif SC","Noto Serif CJK SC","Source Han Serif SC",serif}
@media (prefers-color-scheme:dark){:root{--page:#151412;--card:#1E1C19;--ink:#EDE9E2;--second:#A8A196;--line:#33302B;--cinnabar:#D9543F;--celadon:#7DBBAA;--amber:#D9A95C}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,"PingFang SC","Noto Sans SC","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums}
.band{border-bottom:1px dashed var(--line);color:var(--second);font-size:12px;padding:8px 16px;text-align:center}
.band b{color:var(--ink);font-weight:600}
main{margin:0 auto;padding:24px 16px 48px}.phone{max-width:440px}.desk{max-width:1160px}
h1{font:600 22px/1.4 var(--serif);margin:0 0 4px}h2{font:600 18px/1.4 var(--serif);margin:32px 0 12px}
p{margin:0 0 12px}.quiet{color:var(--second);font-size:14px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px;margin:16px 0}
.amount{font-size:40px;line-height:1.2;text-align:center;margin:16px 0 4px}.amount small{font-size:22px;margin-right:4px}
dl{display:grid;grid-template-columns:auto 1fr;gap:8px 16px;margin:0;font-size:14px}dt{color:var(--second)}dd{margin:0;text-align:right;overflow-wrap:anywhere}
button,.button{appearance:none;display:block;width:100%;min-height:48px;padding:10px 16px;border-radius:8px;border:1px solid var(--line);background:transparent;color:var(--ink);font:inherit;text-align:center;text-decoration:none;cursor:pointer}
button.first{background:var(--cinnabar);border-color:var(--cinnabar);color:#fff;font-weight:600}
@media (prefers-color-scheme:dark){button.first{background:#B9402D;border-color:#B9402D}}
button:focus-visible,a:focus-visible,input:focus-visible,summary:focus-visible{outline:2px solid var(--celadon);outline-offset:2px}
form{margin:12px 0}.pair{display:grid;grid-template-columns:1fr 1fr;gap:12px}.pair form{margin:0}
details{margin:12px 0 20px}summary{cursor:pointer;color:var(--second);font-size:14px;min-height:44px;display:flex;align-items:center}summary::before{content:"＋";margin-right:6px}details[open] summary::before{content:"－"}
.state{border-radius:8px;padding:12px 16px;border:1px solid var(--line);font-size:14px;margin:16px 0}.good{color:var(--celadon)}.bad{color:var(--cinnabar)}.warn{color:var(--amber)}
.qr{display:block;width:220px;height:220px;margin:16px auto;background:#fff;border-radius:8px;padding:8px}
a{color:inherit}input{font:inherit;width:100%;min-height:44px;padding:8px 12px;border:1px solid var(--line);border-radius:8px;background:var(--card);color:var(--ink)}label{display:block;font-size:14px;color:var(--second);margin-bottom:4px}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:12px;background:var(--card)}
table{border-collapse:collapse;width:100%;font-size:14px}th,td{text-align:left;padding:10px 14px;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:top}th{color:var(--second);font-weight:400;font-size:12px}tr:last-child td{border-bottom:0}td.wrap{white-space:normal;min-width:220px;overflow-wrap:anywhere}
code{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}.code{font:600 28px/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:4px;user-select:all}
nav{display:flex;flex-wrap:wrap;gap:16px;font-size:14px;margin-top:12px}.tools{display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(150px,1fr))}.tools form{margin:0}
td button{min-height:32px;padding:2px 12px;font-size:13px;width:auto;display:inline-block}td form{display:inline;margin:0 6px 0 0}.empty{padding:28px;text-align:center;color:var(--second);font-size:14px}
` }

export function renderPage(sheet: Sheet): string {
  const refresh = sheet.refreshSeconds === undefined ? undefined : html`<meta http-equiv="refresh" content="${sheet.refreshSeconds}">`
  const page = html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${sheet.title} · 本地沙箱</title><link rel="icon" href="data:,">${refresh}<style>${STYLE}</style></head>
<body><div class="band"><b>本地沙箱</b> · 这里没有真的微信、支付宝或抖音，也不会动用真钱</div><main class="${sheet.width}">${sheet.body}</main></body></html>`
  return page.markup
}

export function formatYuan(cents: number): string {
  const whole = Math.floor(cents / 100).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  return `${whole}.${String(cents % 100).padStart(2, '0')}`
}

export function formatTime(instant: string): string {
  return instant.slice(5, 19).replace('T', ' ')
}
