/** Numbers as people read them. */

const WHOLE = new Intl.NumberFormat('en');

/** 1234 as `1,234`, 12345 as `12.3k`; rates below ten keep one decimal. */
export function count(n) {
  if (n === undefined || Number.isNaN(n)) return '–';
  if (n >= 1e6) return `${(n / 1e6).toFixed(n >= 1e8 ? 0 : 1)}M`;
  if (n >= 1e4) return `${(n / 1e3).toFixed(n >= 1e5 ? 0 : 1)}k`;
  return n < 10 && !Number.isInteger(n) ? n.toFixed(1) : WHOLE.format(Math.round(n));
}

/** Milliseconds: two digits that matter. */
export function millis(n) {
  if (n === undefined || Number.isNaN(n)) return '–';
  if (n === 0) return '0';
  if (n < 0.1) return '<0.1';
  return n < 10 ? n.toFixed(1) : WHOLE.format(Math.round(n));
}

export function percent(share) {
  if (share === undefined || Number.isNaN(share)) return '–';
  return share < 0.0995 ? (share * 100).toFixed(1) : String(Math.round(share * 100));
}

export function bytes(n) {
  if (n === undefined || Number.isNaN(n)) return '–';
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(n) / 10));
  const value = n / 1024 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** Seconds as `3 d 4 h`, `4 h 5 m`, `5 m 6 s`. */
export function duration(seconds) {
  if (!(seconds >= 0)) return '–';
  const parts = [[Math.floor(seconds / 86400), 'd'], [Math.floor(seconds / 3600) % 24, 'h'], [Math.floor(seconds / 60) % 60, 'm'], [Math.floor(seconds) % 60, 's']];
  const first = Math.min(parts.findIndex(([n]) => n > 0) + 1 || 4, 4) - 1;
  return parts.slice(first, first + 2).map(([n, unit]) => `${n} ${unit}`).join(' ');
}

export function clock(time, withSeconds = true) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  return date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: withSeconds ? '2-digit' : undefined, hour12: false });
}
