import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laneOf, lanesOf, timelineOf, toneOf, took, treeOf, waterfallOf } from '../../../webroot/console/views/trace-model.js';

const fact = (kind, source, more = {}) => ({ kind, source, where: 'here', what: kind, event: '1', detail: {}, ...more });
const shown = rows => rows.map(({ event, number, depth }) => `${number} ${'-'.repeat(depth)}${event.id}`);

test('events are below their causes, whichever is first', () => {
  const events = [{ id: 'c', causationid: 'b' }, { id: 'a' }, { id: 'b', causationid: 'a' }, { id: 'd', causationid: 'elsewhere' }];
  assert.deepEqual(shown(treeOf({ events, facts: [] })), ['1 a', '2 -b', '3 --c', '4 d']);
});

test('circles end, and what was never kept is there too', () => {
  const events = [{ id: 'a', causationid: 'b' }, { id: 'b', causationid: 'a' }, { id: 's', causationid: 's' }];
  assert.deepEqual(shown(treeOf({ events, facts: [fact('deliver', 'sampled', { event: 'plain' }), fact('x', 'flow', { event: null })] })),
    ['1 s', '2 plain', '3 a', '4 -b']);
});

test('facts are in the lane of whoever did it', () => {
  assert.equal(laneOf(fact('failed', 'dead-letters', { detail: { flow: 'f' } })), 'flow');
  assert.equal(laneOf(fact('failed', 'dead-letters', { detail: { subscription: 's' } })), 'subscription');
  assert.equal(laneOf(fact('stage', 'sampled', { where: 'f/s' })), 'flow');
  assert.equal(laneOf(fact('retry', 'sampled', { where: 'f/s' })), 'flow');
  assert.equal(laneOf(fact('deliver', 'sampled')), 'session');
  assert.equal(laneOf(fact('discarded', 'audit')), 'dead');
  assert.deepEqual(lanesOf({ facts: [fact('deliver', 'sampled'), fact('kept', 'journal')] }).map(({ name }) => name), ['journal', 'session']);
  assert.equal(toneOf(fact('stage', 'sampled', { detail: { error: 'no' } })), 'bad');
  assert.equal(toneOf(fact('pending', 'flow')), 'warn');
});

test('what has a time is in its order, the rest apart', () => {
  const facts = [fact('b', 'x', { at: '2026-01-01T00:00:00.250Z' }), fact('n', 'x'), fact('a', 'x', { at: '2026-01-01T00:00:00.100Z' })];
  const { timed, untimed } = timelineOf({ facts });
  assert.deepEqual(timed.map(({ kind, since }) => [kind, since]), [['a', 0], ['b', 150]]);
  assert.deepEqual(untimed.map(({ kind }) => kind), ['n']);
  assert.deepEqual(timelineOf({ facts: [] }), { timed: [], untimed: [] });
});

test('recorded steps are shares of the whole', () => {
  const at = '2026-01-01T00:00:00.100Z';
  const steps = waterfallOf({ facts: [
    fact('accept', 'sampled', { at, detail: { micros: 10_000 } }), fact('kept', 'journal', { at }),
    fact('deliver', 'sampled', { at: '2026-01-01T00:00:00.115Z', detail: { micros: 5_000 } }),
  ] });
  assert.equal(steps.millis, 20);
  assert.deepEqual(steps.steps.map(({ left, share }) => [left, share]), [[0, 0.5], [0.75, 0.25]]);
  assert.deepEqual(waterfallOf({ facts: [] }), { steps: [], millis: 0 });
});

test('durations as people read them', () => {
  assert.deepEqual([0, 0.0121, 3.42, 5, 812, 12_300].map(took), ['0 ms', '0.012 ms', '3.4 ms', '5 ms', '812 ms', '12.3 s']);
});
