// The list of small pictures, as the server writes it.
import { expect, test } from 'vitest'
import { readThumbnails } from './thumbnails'

const list = 'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nthumbnails.jpg#xywh=0,0,160,90\n\n01:01:03.000 --> 01:01:40.500\nthumbnails.jpg#xywh=160,90,160,90\n'

test('each entry is a part of the one sheet, found beside the list', () => {
  expect(readThumbnails(list, '/api/media/ast_1/ticket/thumbnails.vtt')).toEqual([
    { from: 0, to: 2, sheet: '/api/media/ast_1/ticket/thumbnails.jpg', x: 0, y: 0, width: 160, height: 90 },
    { from: 3663, to: 3700.5, sheet: '/api/media/ast_1/ticket/thumbnails.jpg', x: 160, y: 90, width: 160, height: 90 },
  ])
})

test('what is no list has no pictures', () => {
  expect(readThumbnails('<html>', '/x.vtt')).toEqual([])
})
