// How questions are checked against their schemas: bodies as they are, words in an address read as what they stand for.
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'

const addFormats = formats as unknown as (ajv: Ajv) => Ajv

/** Words in an address are text: numbers and booleans there are read from it. Bodies are never coerced. */
export function checkQuestions(app: FastifyInstance): void {
  const [strict, lenient] = [checker(false), checker(true)]
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? strict : lenient).compile(schema as object))
}

function checker(coerceTypes: boolean): Ajv {
  return addFormats(new Ajv({ useDefaults: true, removeAdditional: false, allErrors: false, coerceTypes })).addFormat('date-time', { validate: isInstant })
}

/** An instant of the wire: ISO in UTC, in years that every clock and the database know. The standard's leap seconds and short offsets are no `Date`. */
export function isInstant(text: string): boolean {
  return /^(?:19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/.test(text) && !Number.isNaN(Date.parse(text))
}
