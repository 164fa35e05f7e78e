import { bytes } from '/apps/shared/format.js';

const PREVIEW = 160;
const STORED = 'weir.tap.columns';

const two = n => String(n).padStart(2, '0');

/** The time of day with milliseconds; done by hand, as it is done for each row of each frame. */
export function timeOf(millis) {
  const date = new Date(millis);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** The columns that have names of their own; any other name is a path into the event. */
export const KNOWN = {
  time: { title: 'Time', width: '100px', cell: event => timeOf(event.at) },
  address: { title: 'Address', width: 'minmax(96px, 1fr)', cell: event => event.address },
  type: { title: 'Type', width: 'minmax(80px, .8fr)', cell: event => event.attributes.type ?? 'message' },
  id: { title: 'Id', width: 'minmax(110px, .8fr)', cell: event => event.attributes.id ?? '–' },
  subject: { title: 'Subject', width: 'minmax(80px, .7fr)', cell: event => event.attributes.subject ?? '–' },
  source: { title: 'Source', width: 'minmax(90px, .8fr)', cell: event => event.attributes.source ?? '–' },
  via: { title: 'Came as', width: '74px', cell: event => event.via },
  node: { title: 'Node', width: '90px', cell: event => event.node.slice(0, 8) },
  size: { title: 'Size', width: '66px', number: true, cell: event => (event.size === undefined ? '–' : bytes(event.size)) },
  data: { title: 'Data', width: 'minmax(160px, 2.4fr)', cell: previewOf },
};

const USUAL = ['time', 'address', 'type', 'subject', 'size', 'data'];

/** The columns with these names, as a list of rows wants them; each cell of an entry `{event}`. */
export function columnsOf(names) {
  return names.map(name => {
    const { title = name, width = 'minmax(90px, .8fr)', number = false, cell = event => textOf(valueAt(event, name)) } = KNOWN[name] ?? {};
    return { title, width, number, cell: ({ event }) => cell(event) };
  });
}

/** What stands at a path such as `data.items[0].price`, `subject` or `headers.note`; undefined where nothing does. */
export function valueAt(event, path) {
  const [first, ...rest] = path.match(/[^.[\]"]+/g) ?? [];
  const root = first === 'data' || first === 'headers' || first === 'attributes' ? event : event.attributes;
  return [first, ...rest].reduce((value, name) => (value !== null && typeof value === 'object' && Object.hasOwn(value, name) ? value[name] : undefined), root);
}

function textOf(value) {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value.slice(0, PREVIEW) : (JSON.stringify(value) ?? '').slice(0, PREVIEW);
}

function previewOf(event) {
  if (event.data !== undefined) return textOf(event.data);
  if (event.text !== undefined) return event.text.slice(0, PREVIEW);
  if (event.data_base64 !== undefined) return 'bytes';
  return event.class === undefined ? '–' : `an object of ${event.class}`;
}

/** The names of the columns that were chosen in this browser. */
export function storedColumns() {
  try {
    const names = JSON.parse(localStorage.getItem(STORED));
    if (Array.isArray(names) && names.length > 0 && names.every(name => typeof name === 'string')) return names;
  } catch {
    // storage may be closed to us, or hold what an older page left
  }
  return USUAL;
}

export function storeColumns(names) {
  try {
    localStorage.setItem(STORED, JSON.stringify(names));
  } catch {
    // then they are forgotten with the page
  }
}
