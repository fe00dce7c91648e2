// Alipay's bill is read from archives that another program packed, whole or not at all.
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { listen } from '#server/test/listener.ts'
import { openZip } from '../zip.ts'
import { openAlipay } from './client.ts'

/** Packed by Python's zipfile, with names and text in GBK: whole; a row fewer than its sums tell; a sum that is none. */
const archives = {
  whole: 'UEsDBBQAAAAIAABIdV3heCsWCQAAAAcAAAAkAAAAMjA4ODEyMzRfMjAyNjExMjBf0rXO8cP3z7gou+PX3CkuY3N2U979+PodXi4AUEsDBBQAAAAIAABIdV0qajcBvwEAAGUDAAAeAAAAMjA4ODEyMzRfMjAyNjExMjBf0rXO8cP3z7guY3N2lVNNT8JAED1Lwn8w4aJmi7urEOrP0JMx/jkbBY0JFmiLpY0IFmoRKkghHkw08SJ+xI9EDRjj7FJMQS5Omsnbt28mb7ezkU4yr8o7LaXxUv5w85m7Zjocing13ZL0DYoTCUKXljeBEliMZMfn8iMnwqFhvVlodXULnZ4Vkuqusg2QSYvX53XgKlp5kK2gXM5MObJxi+q97CkHZUvpydcgZoBrMpfdj7aMOp4KDpDa1kyvVkgi1tN8Vp+kVHtP2oWWRstRHM9fDi3oDwdfPmGktY68M7Z7YRWuAtWBpZ3Wa24/0N1OcytMxnq6A60Z2D1KTRD12tGT1c81dGuxel99A9vad+NFa/rbWsd+86Gc726FQxTTOCGQKcZkBq2tQ2LXhw6atte9MKpuqZhDTCUQIlA8S/AKZt9fbgkjFqVXozVHEuICBIaYR6IYBb24zDIeT7FfFCCRgKOx+BBPd8hO+T+H1OemOxTEqIj9jKfYnHS4Ch4A/Hr8O4/mjfPpz2SEj6NrVCSdyI60P5qXwwy/EvgZ+6MhOMzEOANF7IhTi7jL8SI8KlKM7DubZf5aaPykR0i7RIntzWJxeAHweH4AUEsBAhQDFAAAAAgAAEh1XeF4KxYJAAAABwAAACQAAAAAAAAAAAAAAIABAAAAADIwODgxMjM0XzIwMjYxMTIwX9K1zvHD98+4KLvj19wpLmNzdlBLAQIUAxQAAAAIAABIdV0qajcBvwEAAGUDAAAeAAAAAAAAAAAAAACAAUsAAAAyMDg4MTIzNF8yMDI2MTEyMF/Stc7xw/fPuC5jc3ZQSwUGAAAAAAIAAgCeAAAARgIAAAAA',
  rowMissing: 'UEsDBBQAAAAAAABIdV3heCsWBwAAAAcAAAAkAAAAMjA4ODEyMzRfMjAyNjExMjBf0rXO8cP3z7gou+PX3CkuY3N2I7vj19wNClBLAwQUAAAAAAAASHVddrrg78ECAADBAgAAHgAAADIwODgxMjM0XzIwMjYxMTIwX9K1zvHD98+4LmNzdiPWp7i2sabStc7xw/fPuLLp0a8NCiPVy7rFo7pbMjA4ODEyMzRdDQojLS0tLS3Stc7xw/fPuMHQse0tLS0tLQ0K1qe4trGmvbvS17rFLMnMu6e2qbWlusUs0rXO8cDg0M0syczGt8P7s8YstLS9qMqxvOQszeqzycqxvOQsw8W16rHgusUsw8W16sP7s8YsstnX99SxLNbVtsu6xSy21Le91cu7pyy2qbWlvfC27qOo1KqjqSzJzLzSyrXK1aOo1KqjqSzWp7i2saa67LD8o6jUqqOpLLyvt9axpqOo1KqjqSzWp7i2sabTxbvdo6jUqqOpLMnMvNLTxbvdo6jUqqOpLMivusvP+r3wtu6jqNSqo6ksyK/D+7PGLMnMvNK67LD8z/u30b3wtu6jqNSqo6ksv6jP+7fRvfC27qOo1KqjqSzNy7/uxfq0zrrFL8frx/O6xSy3/s7xt9GjqNSqo6kst9bI86Oo1KqjqSyxuNeiDQoyMDI2MTEyMDIyMDAxCSxTWTEJLL270tcssNHI1dfTvMfPwsC0LDIwMjYtMTEtMjAgMTA6MDA6MDAsMjAyNi0xMS0yMCAxMDowMDozMCwsLCwswvK80igxODkqKioqMDAwMCksOTkuMDAsOTQuMDAsMC4wMCwwLjAwLDAuMDAsNS4wMCwwLjAwLCwwLjAwLDAuMDAsLC0wLjU2LDAuMDAsDQojLS0tLS3Stc7xw/fPuMHQse294cr4LS0tLS0NCiO9u9LXus+8xqO6MbHKo6zJzLzSyrXK1bmyOTQuMDDUqqOsycy80tPFu925sjUuMDDUqg0KI83Lv+66z7zGo7oxscqjrMnMvNLKtcrVubItOS45MNSqo6zJzLzS08W73bmyMC4wMNSqDQojtbyz9sqxvOSjulsyMDI2xOoxMdTCMjHI1SAwOTowMDowMF0NClBLAQIUAxQAAAAAAABIdV3heCsWBwAAAAcAAAAkAAAAAAAAAAAAAACAAQAAAAAyMDg4MTIzNF8yMDI2MTEyMF/Stc7xw/fPuCi749fcKS5jc3ZQSwECFAMUAAAAAAAASHVddrrg78ECAADBAgAAHgAAAAAAAAAAAAAAgAFJAAAAMjA4ODEyMzRfMjAyNjExMjBf0rXO8cP3z7guY3N2UEsFBgAAAAACAAIAngAAAEYDAAAAAA==',
  rowStrange: 'UEsDBBQAAAAIAABIdV3heCsWCQAAAAcAAAAkAAAAMjA4ODEyMzRfMjAyNjExMjBf0rXO8cP3z7gou+PX3CkuY3N2U979+PodXi4AUEsDBBQAAAAIAABIdV3W4WeNwAEAAF0DAAAeAAAAMjA4ODEyMzRfMjAyNjExMjBf0rXO8cP3z7guY3N2lVPbTsJAEH2WhH8g4UXNFndXIdTP0Cdj/A+/x0ZAQwIF2mJpo4KFWoTKpRAfTDTxRbzESyIGjXG2FFORF2ebyezZM9Ozu7PhXrIoi4m21HyuDO1i7raVCQbCTl01BHWT4nic0OWVLYA4ZhPa8bn44ALBwDhfL7X7qoFOz0pJeU/ahZBRj67OG4BVlcpHvooKBT1lidoNagzyp25QMaSBeAVkFric3EV/2BVRz5FBAZK7iu7US0nEaupP8qOQ6u4Le1BSa1uS5XjTsQT1PvvpAVpG6YmJX6sdo3Tpy/ZNzYxat0e+6mbGlcJorKb9obR8q4epKaBRP3w0RoWmaizV7mqvIFv5aj4rLW9Z6ZmvXigW+zvBAMU0Rgh4ijGZQ+sb4NjxoWzLdPodrWaXjwqIsThCOIpDBK9i9v3FljFiVn7R2vMkzi+CYbAFxPMR4PMrzOPfLvoT+UDE4Ug0No5nK2S7/J9C6mGzFW7DwDPkTStbg39D8KPtbx/q19a714thtw1trSqoRLSE9KRPDnLuUcAlpCeXf5CLuggksa3NTOL4CD+VhCdJkpZ/Yz3svhIaOxkQ0i1TYjohzI83Do/mG1BLAQIUAxQAAAAIAABIdV3heCsWCQAAAAcAAAAkAAAAAAAAAAAAAACAAQAAAAAyMDg4MTIzNF8yMDI2MTEyMF/Stc7xw/fPuCi749fcKS5jc3ZQSwECFAMUAAAACAAASHVd1uFnjcABAABdAwAAHgAAAAAAAAAAAAAAgAFLAAAAMjA4ODEyMzRfMjAyNjExMjBf0rXO8cP3z7guY3N2UEsFBgAAAAACAAIAngAAAEcCAAAAAA==',
}

const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** A gateway whose bill is these very bytes. */
async function fetched(bytes: Buffer, more: (url: string) => string = (url) => url) {
  const server = await listen(({ url }) => {
    if (url.startsWith('/downloadBillFile')) return { status: 200, body: bytes }
    const node = JSON.stringify({ code: '10000', msg: 'Success', bill_download_url: more(`${server.url}/downloadBillFile.resource?fileId=1`) })
    return { status: 200, body: `{"alipay_data_dataservice_bill_downloadurl_query_response":${node},"sign":"${sign('sha256', Buffer.from(node), theirs.privateKey).toString('base64')}"}` }
  })
  const pem = (key: typeof own.privateKey, type: 'pkcs8' | 'spki') => key.export({ type, format: 'pem' }).toString()
  const alipay = openAlipay({ baseUrl: `${server.url}/gateway.do`, appid: '2021000000000001', sellerId: '20881234', privateKey: pem(own.privateKey, 'pkcs8'), publicKey: pem(theirs.publicKey, 'spki') }, () => new Date())
  const told = await alipay.fetchTradeBill('2026-11-20')
  await server.stop()
  return told
}

test('a payment and its refund in our words: sums positive, a fee that came back negative, what a coupon of ours took off apart', async () => {
  const told = await fetched(Buffer.from(archives.whole, 'base64'))
  assert.ok(told.outcome === 'done', JSON.stringify(told))
  const lines = []
  for await (const some of told.value.lines()) lines.push(...some)
  assert.deepEqual(lines, [
    { kind: 'payment', tradeNo: '2026112022001', outTradeNo: 'SY1', outRefundNo: '', at: '2026-11-20T02:00:30.000Z', total: 9900, settled: 9400, fee: 56 },
    { kind: 'refund', tradeNo: '2026112022001', outTradeNo: 'SY1', outRefundNo: 'R1', at: '2026-11-20T04:00:00.000Z', total: 990, settled: 990, fee: -6 },
  ])
})

test('what is not whole, not a bill, or leads elsewhere is not known', async () => {
  const whole = Buffer.from(archives.whole, 'base64')
  for (const [bytes, why] of [
    [Buffer.from(archives.rowMissing, 'base64'), 'bill: malformed'], [Buffer.from(archives.rowStrange, 'base64'), 'bill: malformed'],
    [whole.subarray(0, -30), 'bill: cannot_unpack'], [Buffer.from('<html>'), 'bill: cannot_unpack'], [Buffer.alloc(0), 'bill: cannot_unpack'],
  ] as const) assert.deepEqual(await fetched(bytes), { outcome: 'unknown', why })
  assert.deepEqual(await fetched(whole, () => 'https://example.com/bill'), { outcome: 'unknown', why: 'answer lacks a field' })
})

test('each byte of an archive counts: whatever is bent is noticed or was not part of the bill', async () => {
  const whole = Buffer.from(archives.whole, 'base64')
  const read = async (bytes: Buffer): Promise<string> => {
    const file = (await openZip(bytes, 'gbk'))?.at(-1)
    const parts: Uint8Array[] = []
    if (file) for await (const chunk of file.unpack()) parts.push(chunk)
    return Buffer.concat(parts).toString('latin1')
  }
  const good = await read(whole)
  for (let at = 0; at < whole.length; at += 7) {
    const bent = Buffer.from(whole)
    bent.writeUInt8(bent.readUInt8(at) ^ 0xff, at)
    const seen = await read(bent).catch(() => 'noticed')
    assert.ok(['noticed', '', good].includes(seen) || seen === '#»ã×Ü\r\n', `byte ${at}`)
  }
})
