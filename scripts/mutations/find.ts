// The comparisons of a file, and what each is broken into: always true, and always false.
import ts from 'typescript'

export type Mutant = { path: string; line: number; start: number; end: number; was: string; text: 'true' | 'false' }

const comparisons = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken, ts.SyntaxKind.LessThanToken, ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken, ts.SyntaxKind.GreaterThanEqualsToken,
])
/** Calls that answer whether something is as it should be. */
const judges = /(^|\.)(verify|timingSafeEqual|isSame|test|includes|has|equals|every|startsWith|is[A-Z]\w*)$/

export function findMutants(path: string, source: string): Mutant[] {
  const tree = ts.createSourceFile(path, source, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS)
  const found: Mutant[] = []
  const visit = (node: ts.Node) => {
    if (isComparison(node)) {
      const [start, end] = [node.getStart(tree), node.end]
      const line = tree.getLineAndCharacterOfPosition(start).line + 1
      for (const text of ['true', 'false'] as const) found.push({ path, line, start, end, was: source.slice(start, end), text })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

function isComparison(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) return comparisons.has(node.operatorToken.kind)
  return ts.isCallExpression(node) && judges.test(node.expression.getText())
}
