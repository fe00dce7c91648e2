// How questions are checked by their schemas and answers written by theirs. A schema is compiled when its route is first used: all of them at once would double the time of a start.
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import compileWriter from 'fast-json-stringify'
import type { FastifyInstance } from 'fastify'

const addFormats = formats as unknown as (ajv: Ajv) => Ajv

const [strict, lenient] = [checker(false), checker(true)]
type Writer = (answer: unknown) => string
/** What was compiled serves every app of the process. */
const writers = new WeakMap<object, Writer>()

/** Words in an address are text: numbers and booleans there are read from it. Bodies are never coerced. */
export function checkQuestions(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema, httpPart }) => {
    let check: ValidateFunction | undefined
    return (question) => {
      check ??= (httpPart === 'body' ? strict : lenient).compile(schema as object)
      return check(question) || { error: check.errors ?? [] }
    }
  })
}

/** An answer has what its schema names, and no more. */
export function writeAnswers(app: FastifyInstance): void {
  app.setSerializerCompiler(({ schema }) => {
    let write: Writer | undefined
    return (answer) => {
      write ??= writerOf(schema as object)
      return write(answer)
    }
  })
}

function writerOf(schema: object): Writer {
  const write = writers.get(schema) ?? compileWriter(schema as Parameters<typeof compileWriter>[0])
  writers.set(schema, write)
  return write
}

function checker(coerceTypes: boolean): Ajv {
  return addFormats(new Ajv({ useDefaults: true, removeAdditional: false, allErrors: false, coerceTypes })).addFormat('date-time', { validate: isInstant })
}

/** An instant of the wire: ISO in UTC, in years that every clock and the database know. The standard's leap seconds and short offsets are no `Date`. */
export function isInstant(text: string): boolean {
  return /^(?:19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/.test(text) && !Number.isNaN(Date.parse(text))
}
