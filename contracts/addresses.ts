// A learner's address book: where parcels go.
import { route } from './route.ts'
import { Empty, IdOf, Line, Shape, Type, type Static } from './shapes.ts'

/** A mobile number of the mainland, or a line with its area code. */
const Phone = Type.String({ pattern: '^(1[3-9]\\d{9}|0\\d{2,3}-?\\d{7,8})$' })
const address = { name: Line(30), phone: Phone, province: Line(20), city: Line(30), district: Line(30, 0), detail: Line(120, 2) }

export const AddressTerms = Shape({ ...address, isDefault: Type.Boolean() })
export type AddressTerms = Static<typeof AddressTerms>

export const Address = Shape({ id: IdOf('adr'), ...address, isDefault: Type.Boolean() })
export type Address = Static<typeof Address>

const one = Shape({ address: IdOf('adr') })
export const addressRoutes = {
  'GET /me/addresses': route({ as: 'member', about: 'The own addresses, the default first, then those used last.', reply: Shape({ items: Type.Array(Address) }) }),
  'POST /me/addresses': route({ as: 'member', about: 'A new address; the first one is the default.', body: AddressTerms, reply: Address, refusals: ['address.too_many'] }),
  'PUT /me/addresses/:address': route({ as: 'member', about: 'Changes an address; parcels that are on their way keep theirs.', params: one, body: AddressTerms, reply: Address, refusals: ['thing.not_found'] }),
  'DELETE /me/addresses/:address': route({ as: 'member', about: 'Forgets an address.', params: one, reply: Empty, refusals: ['thing.not_found'] }),
}
