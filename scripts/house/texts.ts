// Sentences live in phrases: none elsewhere in a client, and none that shouts.
import ts from 'typescript'
import { lineOf, walk, type Finding, type Source } from './sources.ts'

const chinese = /[\u3400-\u9fff\uff01\uff0c\uff1f\u3002]/

export function checkTexts(source: Source): Finding[] {
  const { path, tree } = source
  if (source.isTest || !tree || (source.zone !== 'console' && source.zone !== 'miniapp')) return []
  const isPhrases = /\/phrases(\/|\.ts$)/.test(path)
  if (isPhrases) return checkCopy(path, tree)
  const inTemplate = path.endsWith('.vue') ? checkTemplate(source) : []
  return [...inTemplate, ...checkLiterals(path, tree)]
}

function checkLiterals(path: string, tree: ts.SourceFile): Finding[] {
  const findings: Finding[] = []
  eachText(tree, (text, node) => {
    if (chinese.test(text)) findings.push({ path, line: lineOf(tree, node), rule: 'phrases', advice: 'put the sentence into phrases/ (zh and en) and use it by name' })
  })
  return findings
}

function checkTemplate({ path, text }: Source): Finding[] {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ')
  const template = text.replace(/<!--[\s\S]*?-->/g, blank).replace(/<(script|style)\b[\s\S]*?<\/\1>/g, blank)
  return template.split('\n').flatMap((line, index) =>
    chinese.test(line) ? [{ path, line: index + 1, rule: 'phrases', advice: 'put the sentence into phrases/ (zh and en) and use it by name' }] : [],
  )
}

function checkCopy(path: string, tree: ts.SourceFile): Finding[] {
  const findings: Finding[] = []
  eachText(tree, (text, node) => {
    if (/[!！]/.test(text)) findings.push({ path, line: lineOf(tree, node), rule: 'copy', advice: 'no exclamation marks: say it calmly' })
    if (/亲(?![自戚密手人属友情爱])|小可爱|宝宝们/.test(text)) findings.push({ path, line: lineOf(tree, node), rule: 'copy', advice: 'no 亲: speak to a grown-up' })
  })
  return findings
}

function eachText(tree: ts.SourceFile, visit: (text: string, node: ts.Node) => void) {
  walk(tree, (node) => {
    if (ts.isStringLiteralLike(node) && !ts.isImportDeclaration(node.parent)) visit(node.text, node)
    if (ts.isTemplateExpression(node)) visit([node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(' '), node)
  })
}
