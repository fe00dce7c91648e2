// The words of the language this house does without, and the sizes it keeps.
import { posix } from 'node:path'
import ts from 'typescript'
import { lineOf, walk, type Finding, type Source } from './sources.ts'

type Report = (node: ts.Node, rule: string, advice: string) => void

const fileLines = 300
const longFileLines = 500
const functionLines = 40

export function checkSyntax(source: Source): Finding[] {
  const { tree, path } = source
  if (!tree || path.endsWith('.d.ts')) return []
  const findings: Finding[] = []
  const report: Report = (node, rule, advice) => findings.push({ path, line: lineOf(tree, node), rule, advice })
  const isConfig = /(^|\/)[\w.-]*config\.(m?ts|m?js)$/.test(path) || path.endsWith('.vue')
  walk(tree, (node) => {
    checkWords(node, report, source)
    if (!isConfig) checkDefault(node, report)
    checkLength(node, report, tree)
  })
  checkBarrel(tree, report)
  return findings
}

function checkWords(node: ts.Node, report: Report, source: Source) {
  if (node.kind === ts.SyntaxKind.AnyKeyword) report(node, 'any', 'say what it is; unknown, when nobody can know')
  if (ts.isNonNullExpression(node)) report(node, '!', 'prove it: narrow, or give the missing case an answer')
  if ((ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) && node.exclamationToken) report(node, '!', 'give it a value')
  if (ts.isEnumDeclaration(node)) report(node, 'enum', 'a union of strings, or an `as const` list')
  if (ts.isModuleDeclaration(node) && !(node.flags & ts.NodeFlags.GlobalAugmentation) && !ts.isStringLiteral(node.name)) report(node, 'namespace', 'a file is a namespace already')
  if (ts.isDecorator(node)) report(node, 'decorator', 'call a function')
  if (ts.isClassLike(node) && !isRefusal(node, source)) report(node, 'class', 'functions and plain objects; the only class is Refusal')
  if (source.zone === 'miniapp' && ts.isImportSpecifier(node) && /^(provide|inject)$/.test((node.propertyName ?? node.name).text)) {
    report(node, 'provide/inject', 'pass it as a prop, or keep it in a store: mini-program components do not share a tree')
  }
}

function isRefusal(node: ts.ClassLikeDeclaration, source: Source): boolean {
  return node.name?.text === 'Refusal' && (source.zone === 'kernel' || source.path.endsWith('/src/call.ts'))
}

function checkDefault(node: ts.Node, report: Report) {
  const isAssignment = ts.isExportAssignment(node)
  const isModifier = ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)
  if (isAssignment || isModifier) report(node, 'default export', 'give it its name: export function …')
}

function checkBarrel(tree: ts.SourceFile, report: Report) {
  const forwards = tree.statements.filter((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier)
  for (const statement of forwards) {
    const isStar = ts.isExportDeclaration(statement) && !statement.exportClause
    if (isStar || forwards.length === tree.statements.length) report(statement, 'barrel', 'import from the file that has it')
  }
}

function checkLength(node: ts.Node, report: Report, tree: ts.SourceFile) {
  if (!ts.isFunctionLike(node) || isStory(node) || isComposable(node)) return
  const start = lineOf(tree, node)
  const lines = tree.getLineAndCharacterOfPosition(node.end).line + 2 - start
  if (lines > functionLines) report(node, 'function size', `${lines} lines; ${functionLines} at most: name a part of it`)
}

/** A Vue composable is a small room of its own: state with the functions that move it, each of which is measured. */
function isComposable(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) && /^use[A-Z]/.test(node.name?.text ?? '')
}

/** What is handed to test() reads from top to bottom as one story. */
function isStory(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^(test|describe|it|before|after)\b/.test(node.parent.expression.getText())
}

export function checkFile(source: Source): Finding[] {
  const { path, text } = source
  const findings: Finding[] = []
  const report = (line: number, rule: string, advice: string) => findings.push({ path, line, rule, advice })
  const isLong = source.isTest || source.zone === 'contracts' || source.zone === 'words'
  const limit = isLong ? longFileLines : fileLines
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  if (lines > limit && !path.endsWith('.d.ts')) report(limit + 1, 'file size', `${lines} lines; ${limit} at most: split what it is about, not the text`)
  if (!opensWithSentence(source)) report(1, 'first line', 'open with one sentence: what lives here')
  const folderOrFile = path.split('/').map((part) => part.replace(/\..*$/, ''))
  if (folderOrFile.some((part) => /^(utils?|helpers?|common|managers?|services?)$/.test(part))) report(1, 'names', 'name it by what it is about')
  const name = posix.basename(path)
  if (/[A-Z]/.test(name) && !name.endsWith('.vue')) report(1, 'names', 'file names are lower-case')
  text.split('\n').forEach((line, index) => checkComment(line, index + 1, source, report))
  return findings
}

function checkComment(line: string, number: number, source: Source, report: (line: number, rule: string, advice: string) => void) {
  const comment = /(?:^|[\s;{}])(?:\/\/|\/\*|\*|<!--|--)\s*(.*)/.exec(line)?.[1] ?? ''
  if (/^(TODO|FIXME|XXX|HACK)\b/.test(comment)) report(number, 'unfinished', 'finish it, or open an issue')
  const isSilencer = /@ts-(ignore|nocheck)|@ts-expect-error|(oxlint|eslint)-disable/.exec(comment)
  if (isSilencer && !(source.isTest && comment.includes('@ts-expect-error'))) report(number, 'silenced', 'mend the cause')
}

function opensWithSentence({ path, text, tree }: Source): boolean {
  if (path.endsWith('.d.ts')) return true
  if (path.endsWith('.sql')) return text.startsWith('--')
  if (/\.s?css$/.test(path)) return /^\s*\/[/*]/.test(text)
  if (path.endsWith('.vue')) return /^\s*<!--/.test(text) || /<script\b[^>]*>\s*\/[/*]/.test(text)
  return tree === undefined || /^(#!.*\n)?\s*\/[/*]/.test(text)
}
