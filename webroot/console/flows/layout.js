/**
 * Where the boxes of a graph stand and how its lines run, after Sugiyama, Tagawa and Toda, Methods for Visual Understanding of
 * Hierarchical System Structures (1981): boxes in layers by the longest way from a beginning, lines over several layers led through
 * places of their own, the order in each layer by the middle of the neighbours, then places that follow the neighbours too.
 * Graphs must have no circles, which flows have not. Pure functions.
 */

const SWEEPS = 6;

/**
 * @param nodes `[{id}]`, in an order that is kept where nothing speaks against it
 * @param edges `[{from, to}]`
 * @param box `{width, height, across, along}`: the size of boxes, the gap in a layer and between layers
 * @param down whether layers follow each other downwards, as on a phone, and not to the right
 * @returns `{width, height, nodes: [{id, x, y, width, height}], edges: [{from, to, path, x, y}]}`; x and y of an edge is its middle
 */
export function layout(nodes, edges, box, down) {
  const layers = ordered(...layered(nodes, edges));
  const [thick, long] = down ? [box.width, box.height] : [box.height, box.width];
  placed(layers, thick, box.across);
  const extent = Math.max(thick, ...layers.flat().map(each => each.at + thick));
  const at = each => ({ across: each.at, along: each.layer * (long + box.along) });
  const point = (across, along) => (down ? [across, along] : [along, across]);
  const depth = layers.length * (long + box.along) - box.along;
  const [width, height] = point(extent, depth);
  return {
    width: Math.max(width, box.width),
    height: Math.max(height, box.height),
    nodes: layers.flat().filter(each => !each.isBend).map(each => {
      const [x, y] = point(at(each).across, at(each).along);
      return { id: each.id, x, y, width: box.width, height: box.height };
    }),
    edges: edges.map((edge, i) => {
      const way = layers.flat().filter(each => each.edges?.includes(i));
      const all = [nodeOf(layers, edge.from), ...way.sort((a, b) => a.layer - b.layer), nodeOf(layers, edge.to)];
      return { ...edge, ...line(all.map(each => ({ ...at(each), isBend: each.isBend })), thick, long, point) };
    }),
  };
}

/** How many layers there are, and how many boxes and lines lie beside each other in the fullest. */
export function shape(nodes, edges) {
  const [layers] = layered(nodes, edges);
  return { layers: layers.length, across: Math.max(...layers.map(layer => layer.filter(each => !each.isBend).length)) };
}

function nodeOf(layers, id) {
  return layers.flat().find(each => each.id === id);
}

/** Boxes and bends in layers, and the lines of one layer's length between them. */
function layered(nodes, edges) {
  const depth = new Map(nodes.map(({ id }) => [id, 0]));
  for (let i = 0; i < nodes.length; i++) {
    for (const { from, to } of edges) depth.set(to, Math.max(depth.get(to), depth.get(from) + 1));
  }
  const all = new Map(nodes.map(({ id }) => [id, { id, layer: depth.get(id), before: [], after: [] }]));
  const every = [...all.values()];
  edges.forEach(({ from, to }, i) => {
    let last = all.get(from);
    for (let layer = last.layer + 1; layer < depth.get(to); layer++) {
      const bend = { id: undefined, isBend: true, layer, before: [], after: [], edges: [i] };
      every.push(bend);
      last = linked(last, bend);
    }
    linked(last, all.get(to));
  });
  const layers = [];
  for (const each of every) (layers[each.layer] ??= []).push(each);
  return [layers];
}

function linked(one, other) {
  one.after.push(other);
  other.before.push(one);
  return other;
}

function ordered(layers) {
  layers.forEach(layer => layer.forEach((each, i) => (each.place = i)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0;
    for (const layer of forward ? layers : [...layers].reverse()) {
      const wanted = new Map(layer.map(each => [each, middle((forward ? each.before : each.after).map(({ place }) => place)) ?? each.place]));
      layer.sort((a, b) => wanted.get(a) - wanted.get(b) || a.place - b.place);
      layer.forEach((each, i) => (each.place = i));
    }
  }
  return layers;
}

function middle(numbers) {
  if (numbers.length === 0) return undefined;
  return numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
}

/** Gives each its place across: near its neighbours, in the order of its layer, none over another. */
function placed(layers, thick, gap) {
  const step = thick + gap;
  layers.forEach(layer => layer.forEach((each, i) => (each.at = (i - (layer.length - 1) / 2) * step)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      const wanted = layer.map(each => middle([...each.before, ...each.after].map(({ at }) => at)) ?? each.at);
      apart(layer, wanted, step);
    }
  }
  const least = Math.min(...layers.flat().map(({ at }) => at));
  layers.flat().forEach(each => (each.at = Math.round(each.at - least)));
}

/** As near to what is wanted as the order allows: pushed on from the beginning, then the rest of the push is halved backwards. */
function apart(layer, wanted, step) {
  const pushed = [];
  wanted.forEach((at, i) => (pushed[i] = i === 0 ? at : Math.max(at, pushed[i - 1] + step)));
  const pulled = [];
  for (let i = wanted.length - 1; i >= 0; i--) {
    pulled[i] = i === wanted.length - 1 ? wanted[i] : Math.min(wanted[i], pulled[i + 1] - step);
  }
  layer.forEach((each, i) => (each.at = (pushed[i] + pulled[i]) / 2));
}

/** A curve from the end of one box through all bends to the beginning of the other, and where its middle is. */
function line(places, thick, long, point) {
  const stops = places.flatMap(({ across, along, isBend }, i) => {
    const middleOf = across + thick / 2;
    if (isBend) return [[middleOf, along], [middleOf, along + long]];
    return [[middleOf, i === 0 ? along + long : along]];
  });
  let path = `M${point(...stops[0]).join(' ')}`;
  for (let i = 1; i < stops.length; i++) {
    const [[fromAcross, fromAlong], [toAcross, toAlong]] = [stops[i - 1], stops[i]];
    const half = (fromAlong + toAlong) / 2;
    path += `C${point(fromAcross, half).join(' ')} ${point(toAcross, half).join(' ')} ${point(toAcross, toAlong).join(' ')}`;
  }
  const [[across, along], [nextAcross, nextAlong]] = stops.slice(-2);
  const [x, y] = point((across + nextAcross) / 2, (along + nextAlong) / 2);
  return { path, x, y };
}
