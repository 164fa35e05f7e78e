import { html, nothing, svg } from 'lit';

const [WIDTH, HEIGHT] = [240, 40];

/**
 * A line of figures over time, oldest first; null where nothing is known, which is left blank. As wide as the box it stands in.
 * `label` says it in words, `max` fixes the top, `tone` is a series of the palette.
 */
export function spark(values, { label, max, tone = 1 } = {}) {
  const known = values.filter(value => value !== null && value !== undefined);
  if (known.length === 0) return html`<span class="spark" role="img" aria-label="${label ?? 'No figures yet'}"></span>`;
  const top = Math.max(max ?? 0, ...known) || 1;
  const runs = runsOf(values);
  return html`<svg class="spark" data-tone=${tone} viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img"
    aria-label=${label ?? nothing}>${runs.map(run => line(run, values.length, top))}</svg>`;
}

/** Stretches without a gap, as lists of [place, value]. */
function runsOf(values) {
  const runs = [];
  let run;
  values.forEach((value, i) => {
    if (value === null || value === undefined) run = undefined;
    else if (run) run.push([i, value]);
    else runs.push((run = [[i, value]]));
  });
  return runs;
}

function line(run, count, top) {
  const x = i => ((i / Math.max(1, count - 1)) * WIDTH).toFixed(1);
  const y = value => (HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1);
  const points = run.map(([i, value]) => `${x(i)},${y(value)}`);
  if (points.length === 1) points.push(points[0]);
  const ground = `${x(run[0][0])},${HEIGHT} ${points.join(' ')} ${x(run.at(-1)[0])},${HEIGHT}`;
  return svg`<polygon points=${ground}></polygon><polyline points=${points.join(' ')}></polyline>`;
}
