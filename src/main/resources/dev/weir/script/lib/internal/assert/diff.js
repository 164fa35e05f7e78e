'use strict';
// The line by line difference assert shows: `+` for what is, `-` for what was expected, long equal runs left out.

const SHORT = 12; // both values together in one line: `1 !== 2`
const MOST_LINES = 50;

/** `1 !== 2` for two short primitives; otherwise where a marker goes under the first difference of one-line values. */
function oneLiners(a, b, actual, expected, operator, title) {
  const length = a.length + b.length;
  if (length <= SHORT) {
    const primitives = (typeof actual !== 'object' || actual === null) && (typeof expected !== 'object' || expected === null);
    return primitives && (actual !== 0 || expected !== 0) ? { message: `${title}\n\n${a} !== ${b}\n` } : { indicator: '' };
  }
  const columns = process.stderr?.isTTY ? process.stderr.columns : 80;
  if (operator === 'strictEqualObject' || length >= columns) return { indicator: '' };
  let same = 0;
  while (a[same] === b[same]) same++;
  return { indicator: same > 2 ? `\n  ${' '.repeat(same)}^` : '', kept: same > 2 ? 0 : same };
}

const endsWithComma = (line) => line.endsWith(',');
const withoutComma = (line) => line.slice(0, -1);

/** Writes a diff: equal lines around a difference are shown, those in the middle of a long run are not. */
class Diff {
  text = '';
  expectedLater = ''; // lines of the expected value, shown behind the run of differing actual ones
  printed = 0;
  equalRun = 0;
  skipped = false;

  line(text) {
    this.text += `\n${text}`;
    this.printed++;
  }

  /** Before a difference: the last lines of a long equal run. */
  contextBefore(lines, index) {
    if (this.equalRun > 2) {
      if (this.equalRun > 3) {
        if (this.equalRun === 5) this.line(`  ${lines[index - 3]}`);
        else if (this.equalRun > 5) {
          this.text += '\n...';
          this.skipped = true;
        }
        this.line(`  ${lines[index - 2]}`);
      }
      this.line(`  ${lines[index - 1]}`);
    }
    this.equalRun = 0;
  }

  equal(line) {
    this.text += this.expectedLater;
    this.expectedLater = '';
    this.equalRun++;
    if (this.equalRun <= 2) this.line(`  ${line}`);
  }

  differing(actual, expected) {
    this.text += `\n+ ${actual}`;
    this.expectedLater += `\n- ${expected}`;
    this.printed += 2;
  }
}

/** The common end of both is taken off; at most a few of its lines are shown. */
function commonEnd(actual, expected, from) {
  let end = '';
  let other = '';
  let count = from;
  while (actual.length > 0 && expected.length > 0 && actual.at(-1) === expected.at(-1)) {
    const line = actual.pop();
    expected.pop();
    if (count++ < 3) end = `\n  ${line}${end}`;
    else other = line;
  }
  const skipped = count >= 5;
  if (skipped) end = `\n...${end}`;
  if (other !== '') end = `\n  ${other}${end}`;
  return { end, skipped };
}

function compare(diff, actual, expected) {
  const most = Math.max(actual.length, expected.length);
  const longer = actual.length < most ? expected : actual;
  const both = Math.min(actual.length, expected.length);
  for (let i = 0; i < most; i++) {
    if (i >= both) {
      diff.contextBefore(longer, i);
      if (longer === actual) diff.text += `\n+ ${longer[i]}`;
      else diff.expectedLater += `\n- ${longer[i]}`;
      diff.printed++;
    } else {
      compareLine(diff, actual, expected, i);
    }
    if (diff.printed > MOST_LINES && i < most - 2) return false;
  }
  return true;
}

function compareLine(diff, actual, expected, i) {
  const want = expected[i];
  let have = actual[i];
  let differs = have !== want && (!endsWithComma(have) || withoutComma(have) !== want);
  if (differs && endsWithComma(want) && withoutComma(want) === have) {
    differs = false; // only the comma differs, since more lines follow in one of them
    have += ',';
  }
  if (!differs) {
    diff.equal(have);
    return;
  }
  diff.contextBefore(actual, i);
  diff.differing(have, want);
}

function difference(actual, expected, operator, message, { WORDS, show }) {
  const byReference = operator === 'strictEqual' &&
    ((typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null) ||
      (typeof actual === 'function' && typeof expected === 'function'));
  const kind = byReference ? 'strictEqualObject' : operator;
  const title = message || WORDS[kind];
  const left = show(actual).split('\n');
  const right = show(expected).split('\n');
  const whole = [...left];
  let indicator = '';
  let kept = 0;
  if (left.length === 1 && right.length === 1 && left[0] !== right[0]) {
    const short = oneLiners(left[0], right[0], actual, expected, kind, title);
    if (short.message !== undefined) return short.message;
    indicator = short.indicator;
    kept = short.kept ?? 0;
  }
  const { end, skipped } = commonEnd(left, right, kept);
  if (left.length === 0 && right.length === 0) {
    const lines = whole.length > 50 ? [...whole.slice(0, 46), '...'] : whole;
    return `${WORDS.notIdentical}\n\n${lines.join('\n')}\n`;
  }
  const diff = new Diff();
  diff.skipped = skipped;
  const head = `${title}\n+ actual - expected`;
  if (!compare(diff, left, right)) {
    return `${head} ... Lines skipped\n${diff.text}\n...${diff.expectedLater}\n...`;
  }
  return `${head}${diff.skipped ? ' ... Lines skipped' : ''}\n${diff.text}${diff.expectedLater}${end}${indicator}`;
}

module.exports = { difference };
