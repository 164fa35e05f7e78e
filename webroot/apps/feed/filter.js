/**
 * What the filter field means: words that must all occur, in the event as text, or in one attribute where the word begins with its
 * name: `address:chat type:said hello`. Pure.
 */
export function filterOf(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean).map(wordOf);
  return entry => words.every(matches => matches(entry));
}

function wordOf(word) {
  const [, attribute, value] = /^(address|type|subject|source|id):(.*)$/.exec(word) ?? [];
  if (attribute) return ({ event }) => String(event[attribute] ?? '').toLowerCase().includes(value);
  return entry => entry.text.includes(word);
}

/** An event with what the list and the filter need of it, worked out once. */
export function entryOf(key, event, received) {
  const json = event.data instanceof Uint8Array ? `${event.data.length} bytes` : JSON.stringify(event.data) ?? '';
  const text = [event.address, event.type, event.subject, event.source, json].filter(Boolean).join(' ').toLowerCase();
  return { key, event, json, text, received };
}
