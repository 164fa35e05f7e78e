const OURS = /^(auth|weir)/; // what only the node says of an event

/** A tapped event as CloudEvents JSON, as it would be published. */
export function cloudEventOf({ attributes, data, data_base64 }) {
  const given = Object.fromEntries(Object.entries(attributes).filter(([name]) => !OURS.test(name)));
  const event = { specversion: '1.0', ...given };
  if (data !== undefined) event.data = data;
  else if (data_base64 !== undefined) event.data_base64 = data_base64;
  return event;
}

/** A new event with other data, caused by this one. */
export function childOf({ attributes: { id, correlationid } }, { type, subject, data }) {
  const event = { specversion: '1.0', id: randomId(), source: '/console', type };
  if (subject) event.subject = subject;
  if (id !== undefined) Object.assign(event, { causationid: id, correlationid: correlationid ?? id });
  return data === undefined ? event : { ...event, data };
}

/** A command that publishes such an event again. */
export function curlOf(event) {
  const url = `${location.origin}/v1/addresses/${encodeURIComponent(event.address)}/events`;
  const json = JSON.stringify(cloudEventOf(event));
  return [`curl -X POST ${quoted(url)}`, `-H 'content-type: application/cloudevents+json'`, '-H "authorization: Bearer $WEIR_TOKEN"', `-d ${quoted(json)}`].join(' \\\n  ');
}

/** Text as one word of a shell. */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, '0')).join('');
}
